package io.circuitscript.fuzz;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A model's weights that are cut short while the model is in use: were the file mapped, the process would end. */
class CutShortTest {
    @Test
    void whatBecomesOfTheFileOfALoadedModelDoesNotMatter(@TempDir Path folder) throws IOException {
        Path model = Files.createDirectory(folder.resolve("model"));
        try (Stream<Path> files = Files.list(Path.of("src/test/resources/fixtures/gpt2"))) {
            for (Path file : files.toList()) Files.copy(file, model.resolve(file.getFileName()));
        }
        String predict = "let p = (predict \"The war lasted\" top=3).top";
        try (FuzzSession session = new FuzzSession(folder)) {
            assertEquals(0, session.run("load \"./model\"\n" + predict + "\nlet before = \"{p}\""));
            try (RandomAccessFile file =
                    new RandomAccessFile(model.resolve("model.safetensors").toFile(), "rw")) {
                file.setLength(0);
            }
            assertEquals(0, session.run(predict + "\nexpect \"{p}\" == before"));
            assertEquals(65, session.run("load \"./model\""));
        }
    }
}
