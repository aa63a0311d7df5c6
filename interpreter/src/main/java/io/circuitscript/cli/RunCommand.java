package io.circuitscript.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code circuit run FILE}. */
@Command(
        name = "run",
        description = "run a script",
        customSynopsis = "circuit run FILE [-D NAME=VALUE…] [--out DIR] [--json] [--timings] [--quiet] [--record] [--resume]",
        sortOptions = false)
final class RunCommand implements Callable<Integer> {
    private final CircuitCommand circuit;

    @Parameters(paramLabel = "FILE", description = "the script; - reads it from standard input")
    private String file;

    RunCommand(CircuitCommand circuit) {
        this.circuit = circuit;
    }

    @Override
    public Integer call() {
        return circuit.runFile(file);
    }
}
