package io.circuitscript.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code circuit verify FILE}. */
@Command(
        name = "verify",
        description = "run a script again and compare with its record",
        customSynopsis = "circuit verify FILE [--out DIR] [--json] [--quiet]",
        sortOptions = false)
final class VerifyCommand implements Callable<Integer> {
    private final CircuitCommand circuit;

    @Parameters(paramLabel = "FILE", description = "the script or its record; a script's record is in DIR, in the working folder or beside it")
    private String file;

    VerifyCommand(CircuitCommand circuit) {
        this.circuit = circuit;
    }

    @Override
    public Integer call() {
        return circuit.verify(file);
    }
}
