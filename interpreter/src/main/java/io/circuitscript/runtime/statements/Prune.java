package io.circuitscript.runtime.statements;

import static io.circuitscript.runtime.Declaration.Argument.truth;

import io.circuitscript.runtime.Arguments;
import io.circuitscript.runtime.Declaration;
import io.circuitscript.runtime.Need;
import io.circuitscript.runtime.State;
import io.circuitscript.runtime.StatementHandler;
import io.circuitscript.runtime.Value;

/** {@code prune}: removes dead ends. */
final class Prune implements StatementHandler {
    private static final Declaration DECLARATION =
            CircuitSize.declare("prune", "removes nodes that lead nowhere, or come from nowhere, and their edges", "prune")
            .options(
                    truth("childless", true, "whether to remove nodes without an outgoing edge"),
                    truth("parentless", true, "whether to remove nodes without an incoming edge"))
            .needs(Need.GRAPH)
            .build();
    @Override
    public Declaration declaration() {
        return DECLARATION;
    }
    @Override
    public Value run(Arguments arguments, State state) {
        state.setCircuit(state.current().circuit().pruned(arguments.truth("childless"), arguments.truth("parentless")));
        return CircuitSize.of("prune", state);
    }
}
