package io.circuitscript.runtime.statements;

import io.circuitscript.graph.Circuit;
import io.circuitscript.runtime.ResultFields;
import io.circuitscript.runtime.State;
import io.circuitscript.runtime.Value;

/** The result of every statement that changes the circuit: how large it then is. */
final class CircuitSize {
    private CircuitSize() {}

    static Value.Fields of(String statement, State state) {
        Circuit circuit = state.current().circuit();
        return ResultFields.of(statement).put("edges", circuit.edgeCount()).put("nodes", circuit.nodeCount()).done();
    }
}
