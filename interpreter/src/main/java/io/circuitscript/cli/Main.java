package io.circuitscript.cli;

import java.util.Locale;

/** Where the process begins and ends: the real streams, the one call of {@link System#exit}. */
public final class Main {
    private Main() {}

    public static void main(String[] args) {
        // The libraries that print or draw ask for it: whatever the machine's is, numbers look the same.
        Locale.setDefault(Locale.ROOT);
        System.exit(CircuitCommand.run(args, Surroundings.ofProcess()));
    }
}
