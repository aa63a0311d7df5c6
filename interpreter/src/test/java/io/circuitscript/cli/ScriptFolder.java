package io.circuitscript.cli;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.circuitscript.model.locate.ModelLocator;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;

/** A folder in which somebody at a shell has a script, its data and its model. */
public abstract class ScriptFolder {
    @TempDir
    public Path folder;

    final void file(String name, String text) throws IOException {
        Files.writeString(folder.resolve(name), text);
    }

    final String text(String name) throws IOException {
        return Files.readString(folder.resolve(name));
    }

    /** Runs a command line in it. */
    CommandRun circuit(String line) {
        return CommandRun.of(folder, line.split(" "));
    }

    /** Writes {@code pairs.csv}: a row for each of the years of the 18th century. */
    final void pairs(int... years) throws IOException {
        StringBuilder rows = new StringBuilder("clean,corrupted,start_year\n");
        for (int year : years) {
            String war = "The war lasted from the year 17%02d to the year 17,";
            rows.append(war.formatted(year))
                    .append(war.formatted(1))
                    .append(year)
                    .append('\n');
        }
        file("pairs.csv", rows.toString());
    }

    /** Copies the bundled model to {@code model}, where its files can be changed. */
    final void model() throws IOException {
        Path model = Files.createDirectory(folder.resolve("model"));
        try (Stream<Path> parts =
                Files.list(ModelLocator.resolve("demo", List.of(), folder).folder())) {
            for (Path part : parts.toList())
                Files.copy(part, model.resolve(part.getFileName().toString()));
        }
    }

    /** Changes one bit of the weights of {@code model}, or changes it back. */
    final void flipWeight() throws IOException {
        Path weights = folder.resolve("model/model.safetensors");
        byte[] bytes = Files.readAllBytes(weights);
        bytes[bytes.length - 3] ^= 1;
        Files.write(weights, bytes);
    }

    /** Makes one weight of {@code model} another, of those that every run comes by. */
    final void changeWeight() throws IOException {
        Path weights = folder.resolve("model/model.safetensors");
        ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(weights)).order(ByteOrder.LITTLE_ENDIAN);
        int header = (int) bytes.getLong(0);
        String tensors = new String(bytes.array(), 8, header, StandardCharsets.UTF_8);
        Matcher tensor = Pattern.compile("ln_f\\.weight\"[^}]*data_offsets\": ?\\[(\\d+)")
                .matcher(tensors);
        assertTrue(tensor.find(), tensors);
        bytes.putShort(8 + header + Integer.parseInt(tensor.group(1)), Float.floatToFloat16(9));
        Files.write(weights, bytes.array());
    }
}
