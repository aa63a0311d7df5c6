package io.circuitscript.runtime.statements;

import io.circuitscript.graph.Circuit;
import io.circuitscript.runtime.evaluate.Declaration;
import io.circuitscript.runtime.state.State;
import io.circuitscript.runtime.value.ResultFields;
import io.circuitscript.runtime.value.ResultText;
import io.circuitscript.runtime.value.Type;
import io.circuitscript.runtime.value.Value;

/** The size of a circuit, as a result: every statement that changes the circuit returns it. */
public final class CircuitSize {
    static final String NEURONS = "neurons";

    /** Of a circuit that has edges at spans. */
    static final String SPANS = "spans";

    private CircuitSize() {}

    /** What a line says of neurons and spans, behind edges and nodes. */
    static String more(Value.Fields result) {
        String neurons = result.field(NEURONS)
                .map(it -> ", " + ResultText.counted(it, "neuron"))
                .orElse("");
        return neurons
                + result.field(SPANS)
                        .map(it -> ", at " + ResultText.counted(it, "span"))
                        .orElse("");
    }

    private static int spans(Circuit circuit) {
        return (int)
                circuit.edges().stream().map(circuit.graph()::spanOf).distinct().count();
    }

    /** Begins the declaration of a statement that changes the circuit. */
    static Declaration.Builder declare(String word, String doc, String example) {
        return Declaration.of(word, doc, example)
                .gives("edges", Type.NUMBER)
                .gives("nodes", Type.NUMBER)
                .gives(NEURONS, Type.ANY)
                .gives(SPANS, Type.ANY);
    }

    public static Value.Fields of(String statement, State state) {
        Circuit circuit = state.current().circuit();
        ResultFields fields =
                ResultFields.of(statement).put("edges", circuit.edgeCount()).put("nodes", circuit.nodeCount());
        return putNeuronsAndSpans(fields, circuit).done();
    }

    /** At how many spans a circuit has edges, and how many neurons; nothing of a circuit whose edges are at all positions and whose nodes are whole. */
    static ResultFields putNeuronsAndSpans(ResultFields fields, Circuit circuit) {
        if (circuit.graph().hasSpans() && circuit.edgeCount() > 0) fields.put(SPANS, spans(circuit));
        return circuit.choosesNeurons() ? fields.put(NEURONS, circuit.neuronCount()) : fields;
    }
}
