package io.circuitscript.runtime;

import io.circuitscript.syntax.Expression;
import io.circuitscript.syntax.Statement;
import java.util.ArrayList;
import java.util.List;

/** The edges of a circuit that is written out. */
final class CircuitEdges {
    private CircuitEdges() {}

    static Held of(Statement.CircuitDefinition definition, Surroundings around) {
        around.facts().require(Need.GRAPH, "`circuit`", definition.name().span());
        Evaluator evaluator = new Evaluator(around);
        List<Held> sets = new ArrayList<>();
        for (Expression line : definition.edges()) sets.add(evaluator.edgesOf(line));
        return new Places(around.facts()).union(Type.EDGES, sets, definition.span());
    }
}
