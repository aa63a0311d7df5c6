package io.circuitscript.runtime.statements;

import io.circuitscript.graph.Circuit;
import io.circuitscript.graph.ModelGraph;
import io.circuitscript.graph.Node;
import io.circuitscript.graph.NodeScores;
import io.circuitscript.graph.Scores;
import io.circuitscript.render.Chart;
import io.circuitscript.render.HeatMap;
import io.circuitscript.render.Histogram;
import io.circuitscript.render.LineChart;
import io.circuitscript.render.SampleHistogram;
import io.circuitscript.runtime.state.Level;
import io.circuitscript.runtime.state.PlotSources;
import io.circuitscript.runtime.state.ScoredCircuit;
import io.circuitscript.runtime.state.State;
import io.circuitscript.runtime.value.NumberText;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Makes charts of what the session holds. Where there is nothing to draw, the result is empty. */
final class Charts {
    private Charts() {}

    /** What tells sweeps apart, in the order that a label says it. */
    private static final List<Function<PlotSources.Sweep, String>> ASPECTS = List.of(
            PlotSources.Sweep::model,
            PlotSources.Sweep::data,
            PlotSources.Sweep::metric,
            PlotSources.Sweep::method,
            PlotSources.Sweep::by,
            PlotSources.Sweep::of,
            sweep -> sweep.with().equals("patching") ? "patching" : sweep.with() + " ablation",
            sweep -> sweep.on().isEmpty() ? "" : sweep.on() + " rows");

    /** Told only where they differ: an axis shows them. */
    private static final Function<PlotSources.Sweep, String> SIZES = PlotSources.Sweep::sizes;

    /** Faithfulness of every sweep. */
    static Optional<Chart> sweeps(State state) {
        return sweeps(state, Integer.MAX_VALUE);
    }

    /** Faithfulness of the last so many sweeps by the share of edges: a colour each (of one alone, two), its signed and its absolute selection a line each. */
    static Optional<Chart> sweeps(State state, int most) {
        List<PlotSources.Sweep> all = state.plotSources().sweeps();
        List<PlotSources.Sweep> sweeps = all.subList(Math.max(0, all.size() - most), all.size());
        if (sweeps.isEmpty()) return Optional.empty();
        List<Function<PlotSources.Sweep, String>> shared =
                ASPECTS.stream().filter(aspect -> distinct(sweeps, aspect) == 1).toList();
        List<Function<PlotSources.Sweep, String>> different = Stream.concat(ASPECTS.stream(), Stream.of(SIZES))
                .filter(aspect -> distinct(sweeps, aspect) > 1)
                .toList();
        String title = "Faithfulness by size of the circuit";
        String subtitle = text(sweeps.getFirst(), shared);
        Set<String> taken = new LinkedHashSet<>();
        List<LineChart.Line> lines = new ArrayList<>();
        for (int i = 0; i < sweeps.size(); i++) {
            PlotSources.Sweep sweep = sweeps.get(i);
            String label = text(sweep, different);
            for (int again = 2; !taken.add(label); again++) label = text(sweep, different) + " (" + again + ")";
            String prefix = label.isEmpty() ? "" : label + ", ";
            lines.add(new LineChart.Line(
                    prefix + "signed scores" + area(" (CPR %.3f)", sweep.cpr()), i, false, points(sweep.signed())));
            lines.add(new LineChart.Line(
                    prefix + "absolute scores" + area(" (CMD %.3f)", sweep.cmd()),
                    sweeps.size() == 1 ? 1 : i,
                    true,
                    points(sweep.absolute())));
        }
        String what = sweeps.stream().map(PlotSources.Sweep::of).distinct().collect(Collectors.joining(" or "));
        var across = new LineChart.Axis(what + " that were asked for, of all (log scale)", true, true, List.of());
        var up = new LineChart.Axis("faithfulness", false, false, List.of(0.0, 1.0));
        return Optional.of(new LineChart(title, subtitle, across, up, lines));
    }

    private static String area(String format, OptionalDouble area) {
        return area.isPresent() ? String.format(Locale.ROOT, format, area.getAsDouble()) : "";
    }

    private static long distinct(List<PlotSources.Sweep> sweeps, Function<PlotSources.Sweep, String> aspect) {
        return sweeps.stream().map(aspect).distinct().count();
    }

    private static String text(PlotSources.Sweep sweep, List<Function<PlotSources.Sweep, String>> aspects) {
        return aspects.stream()
                .map(aspect -> aspect.apply(sweep))
                .filter(it -> !it.isEmpty())
                .collect(Collectors.joining(" · "));
    }

    private static List<LineChart.Point> points(List<PlotSources.Point> points) {
        return points.stream()
                .sorted(Comparator.comparingDouble(PlotSources.Point::fraction))
                .map(point -> new LineChart.Point(point.fraction(), point.faithfulness(), point.low(), point.high()))
                .toList();
    }

    /** How faithful the last random circuits are, and beside them the circuit that was found. */
    static Optional<Chart> randomCircuits(State state) {
        return state.plotSources()
                .random()
                .map(it -> new SampleHistogram(
                        "Faithfulness of random circuits",
                        Stream.of(
                                        it.model(),
                                        it.data(),
                                        it.metric(),
                                        it.with().equals("patching") ? "patching" : it.with() + " ablation",
                                        NumberText.count(it.random().length)
                                                + " random circuits of " + NumberText.count(it.edges()) + " edges"
                                                + (it.connected() ? ", joined from paths" : ""))
                                .filter(part -> !part.isEmpty())
                                .collect(Collectors.joining(" · ")),
                        "faithfulness",
                        "number of circuits",
                        it.random(),
                        it.found(),
                        String.format(Locale.ROOT, "%s: %.3f", it.circuit(), it.found())));
    }

    /** How well scores find the edges of a circuit. */
    static Optional<Chart> rocs(State state) {
        List<PlotSources.Roc> rocs = state.plotSources().rocs();
        if (rocs.isEmpty()) return Optional.empty();
        List<LineChart.Line> lines = new ArrayList<>();
        for (int i = 0; i < rocs.size(); i++) {
            PlotSources.Roc roc = rocs.get(i);
            List<LineChart.Point> points = roc.points().stream()
                    .map(it -> new LineChart.Point(
                            it.falsePositives(), it.truePositives(), OptionalDouble.empty(), OptionalDouble.empty()))
                    .toList();
            String label = "scores of " + roc.scored() + ", " + roc.of() + " of " + roc.known()
                    + String.format(Locale.ROOT, " (AUC %.3f)", roc.auc());
            lines.add(new LineChart.Line(label, i, i > 0, points));
        }
        String what = rocs.stream().map(PlotSources.Roc::of).distinct().count() == 1
                ? rocs.getFirst().of()
                : "edges or nodes";
        var across = new LineChart.Axis(
                "other " + what + " that score as high, of all others", false, true, List.of(0.0, 1.0));
        var up = new LineChart.Axis(what + " of the circuit, of all of them", false, true, List.of(0.0, 1.0));
        return Optional.of(new LineChart("Scores against a circuit", "ROC by absolute scores", across, up, lines));
    }

    /** How much of an answer activations bring back, by layer and by position or head: a chart for each {@code patch}, the last one last. */
    static List<Chart> patches(State state) {
        return state.plotSources().patches().stream().map(Charts::patch).toList();
    }

    private static Chart patch(PlotSources.Patch patch) {
        boolean heads = patch.over().equals("head");
        String what = switch (patch.over()) {
            case "resid" -> "the stream before a layer";
            case "attn" -> "what attention adds";
            case "mlp" -> "what an MLP adds";
            default -> "a head's output";
        };
        List<String> layers = IntStream.range(0, patch.recovery().length)
                .mapToObj(Integer::toString)
                .toList();
        return new HeatMap(
                "What patching brings back: " + what,
                patch.model() + " · " + patch.logits() + " · 0 as corrupted, 1 as clean",
                "layer",
                heads ? "head" : "position",
                layers,
                patch.columns(),
                patch.recovery(),
                "recovery");
    }

    /** How many edges have which score, and which of them the circuit has; where nodes were scored, each by layer and head. */
    static Optional<Chart> scores(State state) {
        ScoredCircuit current = state.current();
        if (current.scores().isEmpty()) return current.nodeScores().map(it -> nodes(state, it));
        Optional<Scores> scores = current.ofCircuit();
        if (scores.isEmpty()) return Optional.empty();
        Circuit full = Circuit.full(current.circuit().graph());
        boolean whole = current.circuit().edgeCount() == full.edgeCount();
        double[] all = full.edges().stream().mapToDouble(scores.get()::of).toArray();
        double[] chosen = whole
                ? new double[0]
                : current.circuit().edges().stream()
                        .mapToDouble(scores.get()::of)
                        .toArray();
        String what = full.graph().hasSpans() ? Level.POSITION.plural() : Level.EDGE.plural();
        return Optional.of(new Histogram(
                "Scores of " + what,
                String.join(" · ", origin(state)),
                "score (positive: ablating the edge hurts)",
                all,
                chosen,
                String.format(Locale.ROOT, "all %,d %s", all.length, what),
                String.format(Locale.ROOT, "the %,d in the circuit", chosen.length)));
    }

    private static Chart nodes(State state, NodeScores scores) {
        ModelGraph graph = scores.graph();
        double[][] values = new double[graph.layers()][graph.heads() + 1];
        for (int source = 1; source < graph.sources(); source++) {
            Node node = graph.sourceNode(source);
            values[node.layer()][node.kind() == Node.Kind.MLP ? graph.heads() : node.head()] = scores.of(source);
        }
        List<String> columns = new ArrayList<>(
                IntStream.range(0, graph.heads()).mapToObj(head -> "h" + head).toList());
        columns.add("MLP");
        List<String> parts = origin(state);
        parts.add(String.format(Locale.ROOT, "input %.3g", scores.of(0)).replace('-', '\u2212'));
        return new HeatMap(
                "Scores of nodes (positive: ablating it hurts)",
                String.join(" · ", parts),
                "layer",
                "head",
                IntStream.range(0, graph.layers()).mapToObj(Integer::toString).toList(),
                columns,
                values,
                "score");
    }

    /** What scores are of. */
    private static List<String> origin(State state) {
        List<String> parts = new ArrayList<>(List.of(
                state.loadedModel().map(State.Model::name).orElse(""),
                state.experiment().dataName().orElse(""),
                state.current().method()));
        parts.removeIf(String::isEmpty);
        return parts;
    }
}
