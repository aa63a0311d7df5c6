package io.circuitscript.runtime.statements;

import io.circuitscript.graph.Circuit;
import io.circuitscript.graph.ModelGraph;
import io.circuitscript.runtime.evaluate.Arguments;
import io.circuitscript.runtime.value.Value;
import java.util.BitSet;

/**
 * A circuit and edges that an argument names, on one graph: where only one of them has spans, edges of the other are at all of these.
 */
record EdgesOfCircuit(Circuit circuit, BitSet edges) {
    static EdgesOfCircuit of(String argument, Arguments arguments, Circuit circuit) {
        Value.EdgeSet given = arguments.edges(argument);
        ModelGraph graph = circuit.graph().withSpansOf(given.graph());
        return arguments.at(
                argument,
                () -> new EdgesOfCircuit(circuit.on(graph), given.graph().edgesOn(graph, given.edges())));
    }
}
