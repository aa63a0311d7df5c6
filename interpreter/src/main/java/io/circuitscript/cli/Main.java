package io.circuitscript.cli;

/** Where the process begins and ends: the real streams, the one call of {@link System#exit}. */
public final class Main {
    private Main() {}

    public static void main(String[] args) {
        System.exit(CircuitCommand.run(args, Surroundings.ofProcess()));
    }
}
