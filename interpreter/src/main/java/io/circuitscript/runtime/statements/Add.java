package io.circuitscript.runtime.statements;

import static io.circuitscript.runtime.evaluate.Declaration.Argument.required;

import io.circuitscript.runtime.evaluate.Arguments;
import io.circuitscript.runtime.evaluate.Declaration;
import io.circuitscript.runtime.evaluate.HelpGroup;
import io.circuitscript.runtime.evaluate.Kind;
import io.circuitscript.runtime.evaluate.Need;
import io.circuitscript.runtime.state.State;
import io.circuitscript.runtime.state.StatementHandler;
import io.circuitscript.runtime.value.Value;

/** {@code add}: adds edges to the circuit. */
final class Add implements StatementHandler {
    private static final Declaration DECLARATION = CircuitSize.declare(
                    "add", "adds edges to the circuit", "add m3->logits")
            .takes(required("edges", Kind.EDGES, "what to add; a node stands for all edges that leave it"))
            .needs(Need.GRAPH)
            .in(HelpGroup.BY_HAND)
            .build();

    @Override
    public Declaration declaration() {
        return DECLARATION;
    }

    @Override
    public Value run(Arguments arguments, State state) {
        EdgesOfCircuit both =
                EdgesOfCircuit.of("edges", arguments, state.current().circuit());
        state.setCircuit(both.circuit().with(both.edges()));
        return CircuitSize.of("add", state);
    }
}
