package io.circuitscript.cli.console;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** The version of this program, as its jar says it. */
public final class ProgramVersion {
    /** The file in which the build says which commit it is of. */
    static final String COMMIT = "commit";

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
        try (InputStream in = ProgramVersion.class.getResourceAsStream(COMMIT)) {
            return in == null ? RecordCommit.UNKNOWN : new String(in.readAllBytes(), StandardCharsets.UTF_8).strip();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
