package io.circuitscript.runtime.statements;

import io.circuitscript.graph.Circuit;
import io.circuitscript.runtime.evaluate.Arguments;
import io.circuitscript.runtime.state.Facts;
import io.circuitscript.runtime.state.ScoredCircuit;
import io.circuitscript.runtime.state.State;
import io.circuitscript.runtime.value.Mistake;
import io.circuitscript.source.ErrorCode;
import io.circuitscript.source.Spelling;
import java.util.List;
import java.util.Optional;

/** Arguments that name a circuit. */
final class NamedCircuits {
    private NamedCircuits() {}

    /** @throws Mistake where no circuit has that name */
    static void check(String argument, Arguments arguments, Facts facts) {
        Optional<String> name = arguments.knownText(argument);
        if (name.isEmpty() || facts.circuits().contains(name.get()) || facts.otherCircuits()) return;
        List<String> names = facts.circuits().stream().sorted().toList();
        List<String> near = Spelling.nearest(name.get(), names, 1);
        String all = names.isEmpty()
                ? "none is named yet: `keep NAME` names the current one"
                : "there are " + String.join(", ", names);
        String help = near.isEmpty() ? all : "did you mean " + near.getFirst() + "?";
        throw Mistake.value(
                ErrorCode.UNKNOWN_CIRCUIT,
                "there is no circuit `" + name.get() + "`",
                arguments.spanOf(argument),
                help);
    }

    /** The circuit that an option names, or else the current one. */
    static Circuit chosen(String option, Arguments arguments, State state) {
        ScoredCircuit chosen = arguments.given(option) ? state.named().get(arguments.text(option)) : state.current();
        return chosen.circuit();
    }
}
