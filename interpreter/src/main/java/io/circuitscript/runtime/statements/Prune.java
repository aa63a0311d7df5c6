package io.circuitscript.runtime.statements;

import static io.circuitscript.runtime.evaluate.Declaration.Argument.truth;

import io.circuitscript.runtime.evaluate.Arguments;
import io.circuitscript.runtime.evaluate.Declaration;
import io.circuitscript.runtime.evaluate.HelpGroup;
import io.circuitscript.runtime.evaluate.Need;
import io.circuitscript.runtime.state.State;
import io.circuitscript.runtime.state.StatementHandler;
import io.circuitscript.runtime.value.Value;

/** {@code prune}: removes dead ends. */
final class Prune implements StatementHandler {
    private static final Declaration DECLARATION = CircuitSize.declare(
                    "prune",
                    "removes dead ends: nodes without an outgoing or an incoming edge, and their edges",
                    "prune")
            .options(
                    truth("childless", true, "whether to remove nodes without an outgoing edge"),
                    truth("parentless", true, "whether to remove nodes without an incoming edge"))
            .needs(Need.GRAPH)
            .in(HelpGroup.FINDING)
            .build();

    @Override
    public Declaration declaration() {
        return DECLARATION;
    }

    @Override
    public Value run(Arguments arguments, State state) {
        state.setPruned(state.current().circuit().pruned(arguments.truth("childless"), arguments.truth("parentless")));
        return CircuitSize.of("prune", state);
    }
}
