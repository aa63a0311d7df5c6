package io.circuitscript.runtime.statements;

import io.circuitscript.graph.Circuit;
import io.circuitscript.runtime.evaluate.Arguments;
import io.circuitscript.runtime.evaluate.Declaration;
import io.circuitscript.runtime.evaluate.HelpGroup;
import io.circuitscript.runtime.evaluate.Need;
import io.circuitscript.runtime.state.State;
import io.circuitscript.runtime.state.StatementHandler;
import io.circuitscript.runtime.value.Value;

/** {@code full}: makes the circuit the whole model. */
final class Full implements StatementHandler {
    private static final Declaration DECLARATION = CircuitSize.declare(
                    "full", "makes the circuit the whole model", "full")
            .needs(Need.GRAPH)
            .in(HelpGroup.BY_HAND)
            .build();

    @Override
    public Declaration declaration() {
        return DECLARATION;
    }

    @Override
    public Value run(Arguments arguments, State state) {
        state.setCircuit(Circuit.full(state.graph()));
        return CircuitSize.of("full", state);
    }
}
