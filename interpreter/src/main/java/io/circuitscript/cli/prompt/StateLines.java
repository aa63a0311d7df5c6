package io.circuitscript.cli.prompt;

import io.circuitscript.cli.console.Table;
import io.circuitscript.engine.Ablation;
import io.circuitscript.graph.Circuit;
import io.circuitscript.model.ModelConfig;
import io.circuitscript.runtime.metric.DataSplit;
import io.circuitscript.runtime.state.Experiment;
import io.circuitscript.runtime.state.Level;
import io.circuitscript.runtime.state.ScoredCircuit;
import io.circuitscript.runtime.state.Settings;
import io.circuitscript.runtime.state.State;
import io.circuitscript.runtime.value.NumberText;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Shows what a session holds: its model, data, metric, scores and circuits. */
final class StateLines {
    private final State state;

    StateLines(State state) {
        this.state = state;
    }

    /** One line for each part of the state; where there is none of it, how to get one. */
    List<String> all() {
        return List.of(
                "model     " + model(),
                "data      " + data(),
                "metric    " + metric(),
                "scores    " + scores(),
                "circuit   " + circuit(),
                "settings  " + settings());
    }

    private String model() {
        if (state.loadedModel().isEmpty()) return "none yet: load MODEL";
        State.Model model = state.model();
        ModelConfig config = model.config();
        return model.name() + ": " + counted(config.layers(), "layer") + " × " + counted(config.heads(), "head") + ", "
                + model.transformer().precision().word() + " on "
                + model.transformer().device();
    }

    private String data() {
        Experiment experiment = state.experiment();
        Optional<String> name = experiment.dataName();
        if (name.isEmpty()) return "none yet: data \"FILE\" or task NAME";
        Map<DataSplit, Integer> rows = experiment.rows();
        if (rows.isEmpty()) return name.get() + ", read again for this model when it is needed";
        String all = name.get() + ": " + counted(rows.get(DataSplit.ALL), "row");
        return rows.containsKey(DataSplit.TEST)
                ? all + ", " + NumberText.count(rows.get(DataSplit.TRAIN)) + " for training and "
                        + NumberText.count(rows.get(DataSplit.TEST)) + " for testing"
                : all;
    }

    private String metric() {
        Optional<String> name = state.experiment().metricName();
        if (name.isPresent()) return name.get();
        return state.experiment().dataName().isPresent()
                ? "none yet: metric NAME"
                : "none yet: the data's columns choose one, or metric NAME";
    }

    private String scores() {
        Optional<ScoredCircuit> scored = state.currentCircuit().filter(StateLines::hasScores);
        if (scored.isEmpty()) return "none yet: attribute";
        String method =
                scored.get().method().isEmpty() ? "opened" : scored.get().method();
        String what = scored.get().scores().isPresent()
                ? scored.get().scores().get().graph().hasSpans() ? Level.POSITION.plural() : Level.EDGE.plural()
                : scored.get().nodeScores().filter(it -> it.hasNeurons()).isPresent() ? "neurons" : "nodes";
        String ablation = scored.get().scores().isPresent()
                ? state.experiment()
                        .scoring()
                        .map(it -> ", " + word(it.ablation()))
                        .orElse("")
                : "";
        return method + ", " + what + ablation;
    }

    private static boolean hasScores(ScoredCircuit scored) {
        return scored.scores().isPresent() || scored.nodeScores().isPresent();
    }

    private static String word(Ablation ablation) {
        return switch (ablation) {
            case Ablation.Patching _ -> "patching";
            case Ablation.Zero _ -> "zero ablation";
            case Ablation.Mean _ -> "mean ablation";
        };
    }

    private String circuit() {
        if (state.currentCircuit().isEmpty()) return "none yet: load MODEL, then greedy EDGES";
        Circuit circuit = state.current().circuit();
        List<String> names = state.named().entrySet().stream()
                .filter(it -> it.getValue().circuit().equals(circuit))
                .map(Map.Entry::getKey)
                .toList();
        String whole = isWhole(circuit) ? ", the whole model" : "";
        return size(circuit) + whole + (names.isEmpty() ? "" : ", kept as " + String.join(" and ", names));
    }

    private static boolean isWhole(Circuit circuit) {
        return circuit.edgeCount() == circuit.graph().edgeCount() && !circuit.choosesNeurons();
    }

    private static String size(Circuit circuit) {
        return counted(circuit.edgeCount(), "edge") + ", " + counted(circuit.nodeCount(), "node")
                + (circuit.choosesNeurons() ? ", " + counted(circuit.neuronCount(), "neuron") : "")
                + (circuit.graph().hasSpans()
                        ? ", at the spans " + circuit.graph().spans()
                        : "");
    }

    private String settings() {
        Settings now = state.settings();
        Settings usual = Settings.DEFAULT;
        List<String> changed = new ArrayList<>();
        if (!now.device().equals(usual.device())) changed.add("device=" + now.device());
        if (!now.dtype().equals(usual.dtype())) changed.add("dtype=" + now.dtype());
        if (now.memory() != usual.memory()) changed.add("memory=" + NumberText.count(now.memory()) + " bytes");
        if (now.threads() != usual.threads()) changed.add("threads=" + now.threads());
        if (now.batch() != usual.batch()) changed.add("batch=" + now.batch());
        now.models().ifPresent(it -> changed.add("models=" + it));
        if (now.seed() != usual.seed()) changed.add("seed " + now.seed());
        return changed.isEmpty() ? "all as by default" : String.join(", ", changed);
    }

    /** The named circuits, and the current one, with their sizes; empty where there is no circuit. */
    List<String> circuits() {
        if (state.currentCircuit().isEmpty()) return List.of();
        Table table = new Table("circuit", "edges", "nodes", "scores", "");
        boolean named = false;
        for (Map.Entry<String, ScoredCircuit> entry : state.named().entrySet()) {
            boolean current = entry.getValue().circuit().equals(state.current().circuit());
            named |= current;
            row(table, entry.getKey(), entry.getValue(), current);
        }
        if (!named) row(table, "(no name)", state.current(), true);
        return table.lines();
    }

    private static void row(Table table, String name, ScoredCircuit circuit, boolean current) {
        table.row(
                name,
                "" + circuit.circuit().edgeCount(),
                "" + circuit.circuit().nodeCount(),
                scores(circuit),
                current ? "current" : "");
    }

    /** The scores that go with a circuit: a circuit that was written by hand has those from before it too. */
    private static String scores(ScoredCircuit circuit) {
        if (!hasScores(circuit)) return "none";
        return (circuit.method().isEmpty() ? "opened" : circuit.method()) + ", "
                + circuit.level().plural();
    }

    /** What a circuit with a name is; empty where there is none of that name. */
    Optional<List<String>> circuit(String name) {
        return Optional.ofNullable(state.named().get(name)).map(it -> {
            String whole = isWhole(it.circuit()) ? ", the whole model" : "";
            return List.of("circuit " + name + ": " + size(it.circuit()) + whole, "  scores: " + scores(it));
        });
    }

    private static String counted(long count, String what) {
        return NumberText.count(count) + " " + what + (count == 1 ? "" : "s");
    }
}
