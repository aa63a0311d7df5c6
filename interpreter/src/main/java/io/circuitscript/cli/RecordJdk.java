package io.circuitscript.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Writes the home of the running JDK to a file. The build calls it, so that the launcher finds this JDK without a
 * search.
 */
final class RecordJdk {
    private RecordJdk() {}

    public static void main(String[] args) throws IOException {
        Files.writeString(Path.of(args[0]), System.getProperty("java.home") + "\n");
    }
}
