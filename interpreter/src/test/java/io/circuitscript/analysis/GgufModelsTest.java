package io.circuitscript.analysis;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.circuitscript.engine.CancelToken;
import io.circuitscript.engine.RunLogits;
import io.circuitscript.engine.RunOptions;
import io.circuitscript.engine.Transformer;
import io.circuitscript.engine.torch.Precision;
import io.circuitscript.model.Checkpoint;
import io.circuitscript.model.TruncatedFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Fixtures that were written as GGUF by llama.cpp's rules (tools/gguf/make_models.py) against their own folders, in float64. */
final class GgufModelsTest {
    @TempDir
    private Path temporary;

    static Stream<String> names() throws IOException {
        try (Stream<Path> files = Files.list(Fixture.resource("/gguf/models"))) {
            List<String> names = files.map(file -> file.getFileName().toString().replace(".gguf", ""))
                    .sorted()
                    .toList();
            return names.stream();
        }
    }

    @ParameterizedTest
    @MethodSource("names")
    void givesTheLogitsOfTheFolder(String name) throws IOException {
        Path family = Fixture.resource("/").resolve("families").resolve(name);
        Path folder = Files.isDirectory(family) ? family : Fixture.resource("/fixtures/" + name);
        double[] expected = logits(TruncatedFolder.of(folder, temporary));
        double[] found = logits(Fixture.resource("/gguf/models/" + name + ".gguf"));
        // Frequencies that the file has were rounded to 32 bits.
        boolean rounded = name.contains("llama3") || name.contains("longrope");
        // In float64 one is added exactly to a weight; the file has the sum in 32 bits.
        boolean sum = name.startsWith("gemma");
        assertArrayEquals(expected, found, rounded || sum ? 2e-6 : 1e-12);
    }

    private static double[] logits(Path model) {
        Checkpoint checkpoint = Checkpoint.open("tiny", model);
        assertEquals(model.toString().endsWith(".gguf"), checkpoint.quantization().isPresent());
        checkpoint.checkFinite();
        int[] tokens = new int[Math.min(20, checkpoint.config().positions())];
        for (int i = 0; i < tokens.length; i++) tokens[i] = (7 + 31 * i) % checkpoint.config().dVocab();
        try (Transformer transformer =
                Transformer.load(checkpoint, "cpu", Precision.FLOAT64, RunOptions.quiet())) {
            return RunLogits.afterLast(transformer, tokens, new CancelToken());
        }
    }
}
