package io.circuitscript.model;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** A model's folder in GPT-2's form, with random weights that are always the same for a shape. */
public final class RandomGpt2 {
    /** The layers and heads of GPT-2 small, narrow so that it is quick. */
    public static final Shape TWELVE_LAYERS = new Shape(12, 12, 24, 64);

    /** How many tokens it knows: those of the bundled model. */
    public static final int VOCABULARY = 1026;

    private static final Path DEMO = Path.of("..", "stdlib/src/main/resources/io/circuitscript/stdlib/models/demo");

    /**
     * How large it is.
     *
     * @param width of the residual stream
     * @param positions the longest text, in tokens
     */
    public record Shape(int layers, int heads, int width, int positions) {}

    private final Shape shape;
    private final Random random = new Random(12);
    private final Map<String, float[]> weights = new LinkedHashMap<>();
    private final Map<String, List<Integer>> shapes = new LinkedHashMap<>();

    private RandomGpt2(Shape shape) {
        this.shape = shape;
    }

    /** Writes it into a folder, with the bundled model's tokenizer. */
    public static void write(Path folder, Shape shape) {
        try {
            Files.createDirectories(folder);
            for (String name : List.of("tokenizer.json", "tokenizer_config.json"))
                Files.copy(DEMO.resolve(name), folder.resolve(name));
            Files.writeString(
                    folder.resolve("config.json"),
                    new ObjectMapper()
                            .writeValueAsString(Map.of(
                                    "model_type",
                                    "gpt2",
                                    "n_layer",
                                    shape.layers(),
                                    "n_head",
                                    shape.heads(),
                                    "n_embd",
                                    shape.width(),
                                    "n_positions",
                                    shape.positions(),
                                    "vocab_size",
                                    VOCABULARY,
                                    "layer_norm_epsilon",
                                    1e-5,
                                    "activation_function",
                                    "gelu_new")));
            Files.write(folder.resolve("model.safetensors"), new RandomGpt2(shape).safetensors());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private byte[] safetensors() throws IOException {
        int width = shape.width();
        // Scores of attention stay small: in a wide model, weights underflow where they do not, and numbers that are
        // not normal are slow.
        double scale = Math.sqrt((double) TWELVE_LAYERS.width() / width);
        add("wte.weight", 0.5, VOCABULARY, width);
        add("wpe.weight", 0.1, shape.positions(), width);
        for (int layer = 0; layer < shape.layers(); layer++) {
            String block = "h." + layer + ".";
            norm(block + "ln_1");
            add(block + "attn.c_attn.weight", 0.3 * scale, width, 3 * width);
            add(block + "attn.c_attn.bias", 0.1, 3 * width);
            add(block + "attn.c_proj.weight", 0.3 * scale, width, width);
            add(block + "attn.c_proj.bias", 0.1, width);
            norm(block + "ln_2");
            add(block + "mlp.c_fc.weight", 0.3 * scale, width, 4 * width);
            add(block + "mlp.c_fc.bias", 0.1, 4 * width);
            add(block + "mlp.c_proj.weight", 0.2 * scale, 4 * width, width);
            add(block + "mlp.c_proj.bias", 0.1, width);
        }
        norm("ln_f");
        return bytes();
    }

    private void norm(String name) {
        add(name + ".weight", 0, shape.width());
        java.util.Arrays.fill(weights.get(name + ".weight"), 1);
        add(name + ".bias", 0.1, shape.width());
    }

    private void add(String name, double deviation, int... lengths) {
        int size = 1;
        for (int length : lengths) size *= length;
        float[] values = new float[size];
        for (int i = 0; i < size; i++) values[i] = (float) (deviation * random.nextGaussian());
        weights.put(name, values);
        shapes.put(name, java.util.Arrays.stream(lengths).boxed().toList());
    }

    private byte[] bytes() throws IOException {
        Map<String, Object> header = new LinkedHashMap<>();
        int at = 0;
        for (var weight : weights.entrySet()) {
            int end = at + Float.BYTES * weight.getValue().length;
            header.put(
                    weight.getKey(),
                    Map.of("dtype", "F32", "shape", shapes.get(weight.getKey()), "data_offsets", List.of(at, end)));
            at = end;
        }
        byte[] text = new ObjectMapper().writeValueAsBytes(header);
        ByteBuffer out = ByteBuffer.allocate(Long.BYTES + text.length + at).order(ByteOrder.LITTLE_ENDIAN);
        out.putLong(text.length).put(text);
        weights.values().forEach(values -> {
            for (float value : values) out.putFloat(value);
        });
        return out.array();
    }
}
