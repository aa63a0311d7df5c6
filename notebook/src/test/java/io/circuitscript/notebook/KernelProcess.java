package io.circuitscript.notebook;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The kernel in a process of its own, as Jupyter starts it. */
final class KernelProcess {
    private KernelProcess() {}

    /** The command that stands for the launcher, on the classes of this test. */
    static List<String> circuit(String... words) {
        return Stream.concat(
                        Stream.of(
                                Path.of(System.getProperty("java.home"), "bin", "java")
                                        .toString(),
                                "--enable-native-access=ALL-UNNAMED",
                                "--sun-misc-unsafe-memory-access=allow",
                                "-XX:+UseSerialGC",
                                "-XX:TieredStopAtLevel=1",
                                "-Djava.awt.headless=true",
                                "-Xmx1g",
                                "-cp",
                                System.getProperty("java.class.path"),
                                "io.circuitscript.cli.Main"),
                        Stream.of(words))
                .toList();
    }

    /** A launcher as a file. */
    static Path launcher(Path folder) throws IOException {
        Path file = folder.resolve("circuit");
        String words = circuit().stream()
                .map(it -> "'" + it.replace("'", "'\\''") + "'")
                .reduce("exec", (line, word) -> line + " " + word);
        Files.writeString(file, "#!/bin/sh\n" + words + " \"$@\"\n");
        if (!file.toFile().setExecutable(true)) throw new IOException(file + " cannot be made a program");
        return file;
    }

    static Process start(Path folder, Map<String, String> variables, List<String> command) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile());
        builder.environment().putAll(variables);
        return builder.redirectOutput(folder.resolve("out.txt").toFile())
                .redirectError(folder.resolve("err.txt").toFile())
                .start();
    }

    static KernelClient client(JsonNode connection) {
        return new KernelClient(connection).ready();
    }
}
