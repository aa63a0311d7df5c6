package io.circuitscript.cli.doctor;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;

/** Random weights of a GPT-2 with two layers as wide as GPT-2 small's: a device multiplies large matrices by other programs than small ones. */
final class WideWeights {
    static final int LAYERS = 2;
    static final int HEADS = 12;
    static final int D_MODEL = 768;
    static final int POSITIONS = 64;
    static final int D_VOCAB = 527;

    private static final long SEED = 1;

    /** Like those of the fixture gpt2: norms and biases away from where training begins. */
    private static final double TABLE = 0.3;

    private static final double BIAS = 0.1;

    private final Map<String, int[]> shapes = new LinkedHashMap<>();
    private final Random random = new Random(SEED);

    private WideWeights() {
        shapes.put("wte.weight", new int[] {D_VOCAB, D_MODEL});
        shapes.put("wpe.weight", new int[] {POSITIONS, D_MODEL});
        for (int layer = 0; layer < LAYERS; layer++) {
            String block = "h." + layer + ".";
            norm(block + "ln_1");
            linear(block + "attn.c_attn", D_MODEL, 3 * D_MODEL);
            linear(block + "attn.c_proj", D_MODEL, D_MODEL);
            norm(block + "ln_2");
            linear(block + "mlp.c_fc", D_MODEL, 4 * D_MODEL);
            linear(block + "mlp.c_proj", 4 * D_MODEL, D_MODEL);
        }
        norm("ln_f");
    }

    private void norm(String name) {
        shapes.put(name + ".weight", new int[] {D_MODEL});
        shapes.put(name + ".bias", new int[] {D_MODEL});
    }

    private void linear(String name, int in, int out) {
        shapes.put(name + ".weight", new int[] {in, out});
        shapes.put(name + ".bias", new int[] {out});
    }

    static void write(Path file) throws IOException {
        new WideWeights().writeTo(file);
    }

    private void writeTo(Path file) throws IOException {
        ObjectMapper mapper = new ObjectMapper();
        ObjectNode header = mapper.createObjectNode();
        long end = 0;
        for (var tensor : shapes.entrySet()) {
            ObjectNode entry = header.putObject(tensor.getKey()).put("dtype", "F32");
            var shape = entry.putArray("shape");
            for (int size : tensor.getValue()) shape.add(size);
            long begin = end;
            end += (long) Float.BYTES * count(tensor.getValue());
            entry.putArray("data_offsets").add(begin).add(end);
        }
        byte[] text = mapper.writeValueAsBytes(header);
        try (OutputStream out = Files.newOutputStream(file)) {
            ByteBuffer length = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
            out.write(length.putLong(text.length).array());
            out.write(text);
            for (var tensor : shapes.entrySet()) out.write(drawn(tensor.getKey(), tensor.getValue()));
        }
    }

    private static int count(int[] shape) {
        int count = 1;
        for (int size : shape) count *= size;
        return count;
    }

    private byte[] drawn(String name, int[] shape) {
        boolean scale = shape.length == 1 && name.contains("ln_") && name.endsWith("weight");
        double size = shape.length == 1 ? BIAS : name.startsWith("w") ? TABLE : 1 / Math.sqrt(shape[0]);
        ByteBuffer bytes = ByteBuffer.allocate(Float.BYTES * count(shape)).order(ByteOrder.LITTLE_ENDIAN);
        while (bytes.hasRemaining()) bytes.putFloat((float) ((scale ? 1 : 0) + size * random.nextGaussian()));
        return bytes.array();
    }
}
