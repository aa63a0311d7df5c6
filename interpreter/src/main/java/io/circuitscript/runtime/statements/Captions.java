package io.circuitscript.runtime.statements;

import io.circuitscript.graph.Circuit;
import io.circuitscript.render.Caption;
import io.circuitscript.runtime.State;
import java.util.OptionalDouble;

/** What stands over a picture of a circuit, and over a report. */
final class Captions {
    private Captions() {}

    /** @param shown the current circuit, or what is drawn of it */
    static Caption of(State state, Circuit shown) {
        boolean whole = shown.equals(state.current().circuit());
        return new Caption(
                state.loadedModel().map(State.Model::name).orElse(""),
                state.experiment().dataName().orElse(""),
                shown.edgeCount(),
                shown.nodeCount(),
                whole ? state.experiment().faithfulness() : OptionalDouble.empty(),
                state.current().method());
    }
}
