package io.circuitscript.runtime.state;

import io.circuitscript.analysis.Analyses;
import io.circuitscript.engine.Ablation;
import io.circuitscript.engine.SourceMeans;
import io.circuitscript.graph.Circuit;
import io.circuitscript.graph.SourceConstants;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What ablated edges carry by {@code with=optimal}. Constants that were learned hold until model, data or metric change; those of a file hold for
 * its circuit as long as the model does.
 */
public final class OptimalAblations {
    /** For how many circuits constants are remembered. A loop that runs all night must not fill the memory. */
    private static final int MOST = 100;

    private final State state;
    private final Map<Circuit, Ablation.Mean> learned = new LinkedHashMap<>();
    private final Map<Circuit, Ablation.Mean> opened = new LinkedHashMap<>();
    private Optional<Ablation.Mean> ofEachSource = Optional.empty();

    OptimalAblations(State state) {
        this.state = state;
    }

    /** The constants of a circuit, learned together on the rows for training. @param circuit runs as it stands: prune it first */
    public Ablation of(Circuit circuit) {
        Optional<Ablation.Mean> known = known(circuit);
        if (known.isPresent()) return known.get();
        Ablation.Mean found = analyses().optimal(circuit, mean(), state.runOptions());
        put(learned, circuit, found);
        return found;
    }

    /** The constants of all sources, each learned with that source ablated alone. */
    public Ablation ofEachSource() {
        if (ofEachSource.isEmpty())
            ofEachSource = Optional.of(analyses().optimalOfEachSource(mean(), state.runOptions()));
        return ofEachSource.get();
    }

    private Analyses analyses() {
        return state.experiment().lossAnalyses();
    }

    private Ablation.Mean mean() {
        return (Ablation.Mean) state.experiment().mean(false, Optional.empty());
    }

    private Optional<Ablation.Mean> known(Circuit circuit) {
        return Optional.ofNullable(opened.get(circuit)).or(() -> Optional.ofNullable(learned.get(circuit)));
    }

    /** The constants of a circuit, for its file, where they are known. @param circuit as it was evaluated: pruned */
    public Optional<SourceConstants> constants(Circuit circuit) {
        return known(circuit).map(it -> it.means().constants(circuit.graph()));
    }

    /** Takes the constants of a file. @param circuit pruned @param name the file's */
    public void open(Circuit circuit, SourceConstants constants, String name) {
        put(opened, circuit, new Ablation.Mean(SourceMeans.of(constants, name)));
    }

    private static void put(Map<Circuit, Ablation.Mean> into, Circuit circuit, Ablation.Mean constants) {
        if (into.size() == MOST) into.remove(into.keySet().iterator().next());
        into.put(circuit, constants);
    }

    /** Data or metric are others. */
    void forgetLearned() {
        learned.clear();
        ofEachSource = Optional.empty();
    }

    /** The model is another. */
    void forgetAll() {
        forgetLearned();
        opened.clear();
    }
}
