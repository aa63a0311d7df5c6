package io.circuitscript;

import java.util.ArrayList;
import java.util.List;

/** The command of a Java process of its own, with the classes of this one, that starts quickly. */
public final class JavaCommand {
    public static final String CIRCUIT = "io.circuitscript.cli.Main";

    private JavaCommand() {}

    /** @param options of Java, beside those that the program needs @param main the class that runs, such as {@link #CIRCUIT} */
    public static List<String> of(List<String> options, String main, String... arguments) {
        List<String> command = new ArrayList<>(List.of(
                ProcessHandle.current().info().command().orElseThrow(),
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1"));
        command.addAll(options);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), main));
        command.addAll(List.of(arguments));
        return command;
    }
}
