package io.circuitscript.cli;

/** The version of this program, as its jar says it. */
final class ProgramVersion {
    private ProgramVersion() {}

    static String number() {
        String version = ProgramVersion.class.getPackage().getImplementationVersion();
        return version == null ? "(built from classes)" : version;
    }

    /** With the program's name before it. */
    static String text() {
        return "circuit " + number();
    }
}
