package io.circuitscript.runtime.evaluate;

import io.circuitscript.runtime.value.AbstractValue;
import io.circuitscript.runtime.value.Type;
import io.circuitscript.syntax.Expression;
import io.circuitscript.syntax.Statement;
import java.util.ArrayList;
import java.util.List;

/** Finds the edges of a circuit that a script writes out. */
public final class CircuitEdges {
    private CircuitEdges() {}

    public static AbstractValue of(Statement.CircuitDefinition definition, EvaluationContext context) {
        context.facts().require(Need.GRAPH, "`circuit`", definition.name().span());
        Evaluator evaluator = new Evaluator(context);
        List<AbstractValue> sets = new ArrayList<>();
        for (Expression line : definition.edges()) sets.add(evaluator.edgesOf(line));
        return new ArgumentCoercion(context.facts()).union(Type.EDGES, sets, definition.span());
    }
}
