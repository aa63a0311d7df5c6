package io.circuitscript.runtime.statements;

import io.circuitscript.graph.Circuit;
import io.circuitscript.runtime.evaluate.Declaration;
import io.circuitscript.runtime.state.State;
import io.circuitscript.runtime.value.ResultFields;
import io.circuitscript.runtime.value.Type;
import io.circuitscript.runtime.value.Value;

/** The size of a circuit, as a result: every statement that changes the circuit returns it. */
final class CircuitSize {
    static final String NEURONS = "neurons";

    private CircuitSize() {}

    /** Begins the declaration of a statement that changes the circuit. */
    static Declaration.Builder declare(String word, String doc, String example) {
        return Declaration.of(word, doc, example)
                .gives("edges", Type.NUMBER)
                .gives("nodes", Type.NUMBER)
                .gives(NEURONS, Type.ANY);
    }

    static Value.Fields of(String statement, State state) {
        Circuit circuit = state.current().circuit();
        ResultFields fields =
                ResultFields.of(statement).put("edges", circuit.edgeCount()).put("nodes", circuit.nodeCount());
        return putNeurons(fields, circuit).done();
    }

    /** Nothing of a circuit whose nodes are whole. */
    static ResultFields putNeurons(ResultFields fields, Circuit circuit) {
        return circuit.choosesNeurons() ? fields.put(NEURONS, circuit.neuronCount()) : fields;
    }
}
