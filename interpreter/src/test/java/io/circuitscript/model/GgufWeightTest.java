package io.circuitscript.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.circuitscript.model.gguf.GgufBlocks;
import io.circuitscript.model.gguf.GgufFile;
import io.circuitscript.model.gguf.GgufType;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Quantized tensors against what llama.cpp's own Python package decodes: tools/gguf/make_blocks.py. */
final class GgufWeightTest {
    private static final Path FOLDER = Path.of("src/test/resources/gguf");

    /** A weight of the file, in the format that it comes in. */
    private static Weight weight(WeightFile file, GgufFile.Tensor tensor, Optional<GgufWeight.HeadRows> order) {
        Weight.Format format =
                GgufBlocks.decodes(tensor.type()) ? Weight.Format.F32 : Weight.Format.valueOf(tensor.type().name());
        return new Weight(tensor.name(), format, tensor.shape(), new GgufWeight(file, tensor, order), 0);
    }

    private static int[] bits(float[] numbers) {
        int[] bits = new int[numbers.length];
        for (int i = 0; i < bits.length; i++) bits[i] = Float.floatToRawIntBits(numbers[i]);
        return bits;
    }

    @Test
    void everyTypeIsDecodedBitForBit() throws IOException {
        var expected = ByteBuffer.wrap(Files.readAllBytes(FOLDER.resolve("blocks.bin")))
                .order(ByteOrder.LITTLE_ENDIAN)
                .asFloatBuffer();
        List<GgufType> seen = new ArrayList<>();
        try (WeightFile file = WeightFile.open(FOLDER.resolve("blocks.gguf"))) {
            for (GgufFile.Tensor tensor : GgufFile.read(file).tensors().values()) {
                float[] numbers = new float[(int) tensor.elements()];
                expected.get(numbers);
                assertArrayEquals(
                        bits(numbers),
                        bits(weight(file, tensor, Optional.empty()).toFloats()),
                        tensor.name());
                assertEquals(tensor.name(), tensor.type().name());
                seen.add(tensor.type());
            }
        }
        assertFalse(expected.hasRemaining());
        List<GgufType> decoded =
                Arrays.stream(GgufType.values()).filter(GgufBlocks::decodes).toList();
        assertEquals(10, decoded.size());
        assertTrue(seen.containsAll(decoded));
    }

    /** Rows in llama.cpp's order are put back, wherever reading begins. */
    @Test
    void rowsOfHeadsComeInOurOrder() throws IOException {
        try (WeightFile file = WeightFile.open(FOLDER.resolve("blocks.gguf"))) {
            GgufFile.Tensor three = GgufFile.read(file).tensors().get("Q4_K"); // [3, 512]
            GgufFile.Tensor tensor = new GgufFile.Tensor("q", three.type(), new long[] {6, 256}, three.begin());
            float[] inFile = weight(file, tensor, Optional.empty()).toFloats();
            Weight ours = weight(file, tensor, Optional.of(new GgufWeight.HeadRows(6)));
            float[] found = ours.toFloats();
            int[] rows = {0, 2, 4, 1, 3, 5}; // halves of a head, whose numbers were neighbours in pairs
            for (int row = 0; row < 6; row++) {
                assertArrayEquals(
                        Arrays.copyOfRange(inFile, rows[row] * 256, rows[row] * 256 + 256),
                        Arrays.copyOfRange(found, row * 256, row * 256 + 256));
            }
            ByteBuffer part = ByteBuffer.allocate(512 * 4).order(ByteOrder.LITTLE_ENDIAN);
            ours.read(256 * 4, part);
            for (int i = 0; i < 512; i++) assertEquals(found[256 + i], part.getFloat(4 * i));
        }
    }

    /** A NaN or an infinity among the scales is found, and named with its place. */
    @Test
    void whatIsNotFiniteIsFoundInEveryType() throws IOException {
        byte[] all = Files.readAllBytes(FOLDER.resolve("blocks.gguf"));
        Path copy = Files.createTempFile("blocks", ".gguf");
        try {
            List<GgufFile.Tensor> tensors;
            try (WeightFile file = WeightFile.open(FOLDER.resolve("blocks.gguf"))) {
                tensors = List.copyOf(GgufFile.read(file).tensors().values());
            }
            for (GgufFile.Tensor tensor : tensors) {
                if (!GgufBlocks.decodes(tensor.type())) continue;
                for (int scale : scales(tensor.type())) {
                    byte[] changed = all.clone();
                    int at = (int) tensor.begin() + 2 * tensor.type().size() + scale; // the third block
                    changed[at] = 0;
                    changed[at + 1] = (byte) 0xFC; // minus infinity
                    Files.write(copy, changed);
                    try (WeightFile file = WeightFile.open(copy)) {
                        Weight weight = weight(file, tensor, Optional.empty());
                        var found = FiniteScan.firstBad(List.of(weight)).orElseThrow();
                        assertEquals(2L * tensor.type().block(), found.element() / tensor.type().block() * tensor.type().block());
                    }
                }
            }
            try (WeightFile file = WeightFile.open(FOLDER.resolve("blocks.gguf"))) {
                for (GgufFile.Tensor tensor : tensors)
                    assertTrue(FiniteScan.firstBad(List.of(weight(file, tensor, Optional.empty()))).isEmpty());
            }
        } finally {
            Files.delete(copy);
        }
    }

    private static int[] scales(GgufType type) {
        return switch (type) {
            case Q2_K -> new int[] {80, 82};
            case Q3_K -> new int[] {108};
            case Q6_K -> new int[] {208};
            case Q4_1, Q5_1, Q4_K, Q5_K -> new int[] {0, 2};
            default -> new int[] {0};
        };
    }
}
