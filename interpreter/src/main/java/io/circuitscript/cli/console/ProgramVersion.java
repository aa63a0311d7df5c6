package io.circuitscript.cli.console;

/** The version of this program, as its jar says it. */
public final class ProgramVersion {
    private ProgramVersion() {}

    public static String number() {
        String version = ProgramVersion.class.getPackage().getImplementationVersion();
        return version == null ? "(built from classes)" : version;
    }

    /** With the program's name before it. */
    public static String text() {
        return "circuit " + number();
    }
}
