package io.circuitscript.runtime.statements;

import io.circuitscript.graph.Circuit;
import io.circuitscript.runtime.evaluate.Arguments;
import io.circuitscript.runtime.evaluate.Declaration;
import io.circuitscript.runtime.evaluate.HelpGroup;
import io.circuitscript.runtime.evaluate.Need;
import io.circuitscript.runtime.state.State;
import io.circuitscript.runtime.state.StatementHandler;
import io.circuitscript.runtime.value.Value;

/** {@code empty}: removes every edge from the circuit. */
final class Empty implements StatementHandler {
    private static final Declaration DECLARATION = CircuitSize.declare(
                    "empty", "removes every edge from the circuit", "empty")
            .needs(Need.GRAPH)
            .in(HelpGroup.BY_HAND)
            .build();

    @Override
    public Declaration declaration() {
        return DECLARATION;
    }

    @Override
    public Value run(Arguments arguments, State state) {
        state.setCircuit(Circuit.empty(state.graph()));
        return CircuitSize.of("empty", state);
    }
}
