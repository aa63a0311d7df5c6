package io.circuitscript.runtime.statements;

import io.circuitscript.graph.Circuit;
import io.circuitscript.render.Caption;
import io.circuitscript.runtime.state.Experiment;
import io.circuitscript.runtime.state.State;
import io.circuitscript.runtime.value.NumberText;
import java.util.BitSet;
import java.util.Optional;
import java.util.OptionalDouble;

/** Titles of pictures and reports. */
final class Captions {
    private Captions() {}

    /** @param shown the current circuit, or what is drawn of it */
    static Caption of(State state, Circuit shown) {
        return of(state, shown, "");
    }

    /** @param part in words, what of the circuit is drawn; empty where it is all of it */
    static Caption of(State state, Circuit shown, String part) {
        Circuit current = state.current().circuit();
        boolean whole = shown.equals(current) || shown.equals(current.withoutSpans());
        Optional<Experiment.Noted> noted = whole ? state.experiment().faithfulness() : Optional.empty();
        return new Caption(
                state.loadedModel().map(State.Model::name).orElse(""),
                state.experiment().dataName().orElse(""),
                shown.edgeCount(),
                shown.nodeCount(),
                noted.map(it -> OptionalDouble.of(it.value())).orElseGet(OptionalDouble::empty),
                noted.map(Experiment.Noted::with)
                        .filter(it -> !it.equals("patching"))
                        .orElse(""),
                state.current().method(),
                part.isEmpty() && shown.graph().hasSpans() ? size(shown) : part);
    }

    /** {@code 1,200 edges}, or, of a circuit over spans, {@code 60 edges at 5 spans}. */
    static String size(Circuit circuit) {
        int edges = circuit.edgeCount();
        String text = NumberText.count(edges) + (edges == 1 ? " edge" : " edges");
        if (!circuit.graph().hasSpans()) return text;
        BitSet used = new BitSet();
        circuit.edges().stream().forEach(edge -> used.set(circuit.graph().spanOf(edge)));
        int spans = used.cardinality();
        return text + " at " + NumberText.count(spans) + (spans == 1 ? " span" : " spans");
    }
}
