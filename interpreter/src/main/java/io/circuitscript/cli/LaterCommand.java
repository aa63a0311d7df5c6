package io.circuitscript.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Unmatched;

/** A command that comes with a later version: takes whatever it is given and says so. */
@Command(hidden = true, description = "not available yet")
final class LaterCommand implements Callable<Integer> {
    private final CircuitCommand circuit;
    private final String name;

    @Unmatched
    private List<String> given = new ArrayList<>();

    LaterCommand(CircuitCommand circuit, String name) {
        this.circuit = circuit;
        this.name = name;
    }

    @Override
    public Integer call() {
        return circuit.later("circuit " + name);
    }
}
