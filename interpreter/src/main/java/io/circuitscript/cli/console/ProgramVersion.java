package io.circuitscript.cli.console;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The version of this program, as its jar says it. */
public final class ProgramVersion {
    /** The file beside the jar in which the build says which commit it is of. */
    private static final String COMMIT = "commit";

    private ProgramVersion() {}

    public static String number() {
        String version = ProgramVersion.class.getPackage().getImplementationVersion();
        return version == null ? "(built from classes)" : version;
    }

    /** With the program's name before it. */
    public static String text() {
        return "circuit " + number();
    }

    /** With the commit after it, as {@code 0123456789ab}, {@code 0123456789ab-dirty} or {@code unknown}. */
    public static String withCommit() {
        return text() + " (commit " + commit() + ")";
    }

    private static String commit() {
        try {
            Path program = Path.of(ProgramVersion.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
            return Files.readString(program.resolveSibling(COMMIT)).strip();
        } catch (IOException | URISyntaxException notBuilt) {
            return RecordCommit.UNKNOWN;
        }
    }
}
