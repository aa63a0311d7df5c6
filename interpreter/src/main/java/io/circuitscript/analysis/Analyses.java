package io.circuitscript.analysis;

import io.circuitscript.engine.Ablation;
import io.circuitscript.engine.ConstantGradients;
import io.circuitscript.engine.GradientPath;
import io.circuitscript.engine.MemoryBudget;
import io.circuitscript.engine.RunLogits;
import io.circuitscript.engine.RunOptions;
import io.circuitscript.engine.SourceMeans;
import io.circuitscript.engine.Transformer;
import io.circuitscript.graph.Circuit;
import io.circuitscript.graph.ModelGraph;
import io.circuitscript.graph.NodeScores;
import io.circuitscript.graph.Scores;
import io.circuitscript.graph.SourceConstants;
import io.circuitscript.graph.Spans;
import io.circuitscript.source.ErrorCode;
import io.circuitscript.source.UserError;
import io.circuitscript.task.Metric;
import io.circuitscript.task.Pair;
import io.circuitscript.task.Pairs;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/**
 * Every analysis of one model on one task. Each is a fold over batches.
 *
 * @param store keeps what the analyses share from one to the next; whoever made it closes it
 * @param graph whose edges are scored: the model's, or those at spans of the pairs
 */
public record Analyses(Transformer model, Pairs pairs, Metric metric, BatchStore store, ModelGraph graph)
        implements Serializable {
    /** Tables of scores that are held at once: of a batch, of those before it, their mean, and what is made of that. */
    private static final int TABLES = 4;

    /** What they may take where the script allows a batch less. */
    private static final long LEAST_ROOM = 64 << 20;

    /** Of edges that stand for all positions. */
    public Analyses(Transformer model, Pairs pairs, Metric metric, BatchStore store) {
        this(model, pairs, metric, store, model.graph());
    }

    /**
     * The same of edges that are told apart by the pairs' spans, of which there are some.
     *
     * @throws UserError where so many scores do not fit into the memory
     */
    public Analyses atSpans(RunOptions options) {
        Spans spans = pairs.spans();
        ModelGraph whole = model.graph().withoutSpans();
        long scores = Math.multiplyExact((long) whole.edgeIndexBound(), spans.size());
        long room = Math.max(LEAST_ROOM, MemoryBudget.bytes(options, "cpu"));
        long budget = Math.min(room, Runtime.getRuntime().maxMemory() / 2);
        long bytes = TABLES * Double.BYTES * scores;
        if (scores > Integer.MAX_VALUE || bytes > budget) {
            throw UserError.input(
                    ErrorCode.OUT_OF_MEMORY,
                    String.format(
                            Locale.ROOT,
                            "%,d edges at %,d spans are %,d scores: working with them takes %.1f GB, and there is room for %.1f GB",
                            whole.edgeCount(),
                            spans.size(),
                            (long) whole.edgeCount() * spans.size(),
                            bytes / 1e9,
                            budget / 1e9),
                    "name fewer spans, or score with level=edge");
        }
        return new Analyses(model, pairs, metric, store, model.graph().at(spans));
    }

    /** Scores of which none is larger are compared with the metric, which takes another run. */
    private static final double SUSPICIOUS = 1e-5;

    /** A token and its probability. */
    public record Likely(int id, double probability) {}

    /** The metric of each example on clean and on corrupted inputs. */
    public record Baseline(double[] clean, double[] corrupted) {}

    /** How scores by gradients are made. */
    public record Method(GradientPath path) {
        public static Method eap() {
            return new Method(new GradientPath(GradientPath.Kind.EAP, 0));
        }

        public static Method eapIg(int steps) {
            return new Method(new GradientPath(GradientPath.Kind.EAP_IG, steps));
        }

        public int steps() {
            return path.steps();
        }
    }

    /** The {@code top} most likely next tokens after the last of {@code tokens}, most likely first; of equals the smaller id. */
    public static List<Likely> predict(Transformer model, int[] tokens, int top, RunOptions options) {
        return likeliest(RunLogits.afterLast(model, tokens, options.cancel()), top);
    }

    /** The {@code top} most likely tokens by their logits, most likely first; of equals the smaller id. */
    static List<Likely> likeliest(double[] logits, int top) {
        double max = Arrays.stream(logits).max().orElseThrow();
        double[] weights =
                Arrays.stream(logits).map(logit -> Math.exp(logit - max)).toArray();
        double sum = Arrays.stream(weights).sum();
        if (!Double.isFinite(sum)) {
            throw UserError.failure(
                    ErrorCode.NOT_FINITE,
                    "the logits hold a NaN or an infinity",
                    "compute in a wider dtype, or check the weights");
        }
        return IntStream.range(0, weights.length)
                .boxed()
                .sorted(Comparator.<Integer>comparingDouble(id -> -weights[id]).thenComparingInt(id -> id))
                .limit(top)
                .map(id -> new Likely(id, weights[id] / sum))
                .toList();
    }

    public Baseline baseline(RunOptions options) {
        List<double[]> values = values(MetricFold.ofBaseline(model, pairs, metric), options);
        return new Baseline(values.getFirst(), values.getLast());
    }

    /** The metric of each example with every edge outside the circuit ablated. The circuit runs as it stands: prune it first. */
    public double[] evaluate(Circuit circuit, Ablation ablation, RunOptions options) {
        return evaluate("evaluate", List.of(circuit), ablation, options).getFirst();
    }

    /** The same of several circuits, which share the runs that they are measured against. @param what a few words for the progress display */
    public List<double[]> evaluate(String what, List<Circuit> circuits, Ablation ablation, RunOptions options) {
        List<Circuit> here = circuits.stream().map(this::here).toList();
        return values(MetricFold.ofCircuits(what, model, pairs, metric, here, ablation), options);
    }

    /**
     * What of a circuit can matter on these examples: all of it where its edges are at all positions. Of edges at spans those that lead to what the metric
     * reads, and under patching those alone at whose spans the texts of some pair differ by then; of {@code input}, where their tokens do.
     */
    public Circuit live(Circuit circuit, Ablation ablation) {
        ModelGraph of = circuit.graph();
        if (!of.hasSpans()) return circuit;
        BitSet edges = here(circuit).edges();
        if (ablation == Ablation.PATCHING) {
            BitSet changed = new BitSet();
            BitSet replaced = new BitSet();
            for (Pair pair : pairs.pairs()) addDiffering(pair, changed, replaced);
            for (int edge = edges.nextSetBit(0); edge >= 0; edge = edges.nextSetBit(edge + 1)) {
                BitSet spans = of.sourceOf(edge) == 0 ? replaced : changed;
                if (!spans.get(of.spanOf(edge))) edges.clear(edge);
            }
        }
        return new Circuit(model.graph().at(pairs.spans()), edges).pruned();
    }

    /** Adds the spans at which the texts of a pair differ by then, and those at which their tokens do. */
    private void addDiffering(Pair pair, BitSet changed, BitSet replaced) {
        int answer = pairs.spans().named(Spans.ANSWER);
        if (answer >= 0) changed.set(answer);
        boolean differs = false;
        for (int at = 0; at < pair.length(); at++) {
            boolean here = pair.clean()[at] != pair.corrupted()[at];
            differs |= here;
            if (differs) changed.set(pair.spans()[at]);
            if (here) replaced.set(pair.spans()[at]);
        }
    }

    /** A circuit at the spans of these examples. @throws UserError where it has an edge at a span that they do not have */
    private Circuit here(Circuit circuit) {
        return circuit.graph().hasSpans() ? circuit.on(model.graph().at(pairs.spans())) : circuit;
    }

    /** The same where ablated edges carry something else in each circuit. */
    public List<double[]> evaluate(
            String what, List<Circuit> circuits, Function<Circuit, Ablation> ablations, RunOptions options) {
        List<Ablation> each = circuits.stream().map(ablations).toList();
        if (each.stream().distinct().count() == 1) return evaluate(what, circuits, each.getFirst(), options);
        List<double[]> values = new ArrayList<>();
        for (int i = 0; i < each.size(); i++)
            values.addAll(evaluate(what, List.of(circuits.get(i)), each.get(i), options));
        return values;
    }

    private List<double[]> values(MetricFold fold, RunOptions options) {
        return runner().run(fold, options).stream().map(Values::inOrder).toList();
    }

    /** What runs a fold of these examples. */
    public FoldRunner runner() {
        return new FoldRunner(model, pairs, store);
    }

    /**
     * The score of every edge, a mean over the examples.
     *
     * @throws UserError where all are zero: nothing can be chosen by them
     */
    public Scores attribute(Method method, Ablation ablation, RunOptions options) {
        requireGradient(method);
        requireDifference(ablation);
        return scores(AttributionFold.ofEdges(graph, model, pairs, metric, method.path(), ablation), options);
    }

    /**
     * The score of every edge by AtP*, a mean over the examples.
     *
     * @param drops whether gradients are dropped a layer at a time; scores then are sizes
     * @throws UserError where all are zero: nothing can be chosen by them
     */
    public Scores atpStar(boolean drops, Ablation ablation, RunOptions options) {
        if (drops && model.graph().layers() == 1) {
            throw UserError.input(
                    ErrorCode.WRONG_VALUE,
                    "GradDrop leaves out one layer at a time, and this model has only one",
                    "write graddrop=false");
        }
        requireGradient("atp*", true, metric);
        requireDifference(ablation);
        return scores(new AtpStarFold(model, pairs, metric, drops, ablation, graph), options);
    }

    /**
     * What the metric loses where an edge alone is ablated, for every edge, a mean over the examples.
     *
     * @throws UserError where all are zero: nothing can be chosen by them
     */
    public Scores exact(Ablation ablation, RunOptions options) {
        requireDifference(ablation);
        return scores(new ExactFold(model, pairs, metric, ablation, graph), options);
    }

    /**
     * The finite differences that a method's scores are the derivatives of, for some edges, a mean over the examples. Meant for float64: in
     * float32 rounding hides them.
     *
     * @param edges by edge number
     */
    public double[] differences(Method method, Ablation ablation, BitSet edges, RunOptions options) {
        return sample(SampleFold.differences(this, graph, method.steps(), ablation, edges), options);
    }

    /** What the metric loses where one of some edges alone is ablated, a mean over the examples, by edge number. */
    public double[] exact(Ablation ablation, BitSet edges, RunOptions options) {
        return sample(SampleFold.exact(this, graph, ablation, edges), options);
    }

    private double[] sample(SampleFold fold, RunOptions options) {
        double[] drops = runner().run(fold, options);
        for (int i = 0; i < drops.length; i++) drops[i] /= pairs.size();
        return drops;
    }

    private void requireGradient(Method method) {
        requireGradient(method.path().word(), method.path().kind() == GradientPath.Kind.EAP, metric);
    }

    /**
     * @param method its word
     * @param atClean whether it takes the gradient at the clean run alone
     * @throws UserError where gradients of the metric are no good, whatever the data and the model
     */
    public static void requireGradient(String method, boolean atClean, Metric metric) {
        if (!metric.differentiable()) {
            throw UserError.input(
                    ErrorCode.NO_GRADIENT,
                    "the metric " + metric.name()
                            + " has no gradient: it only compares, and does not change with a small change of the logits",
                    "score with method=exact, which ablates every edge, or by another metric");
        }
        if (atClean && metric.flatAtClean()) {
            throw UserError.input(
                    ErrorCode.SCORES_ALL_ZERO,
                    "every score is zero: " + method + " takes the gradient at the clean run, where " + metric.name()
                            + " has its minimum",
                    "method=eap-ig takes gradients between the corrupted and the clean run");
        }
    }

    /** The score of every neuron, and by them of every node, a mean over the examples. */
    public NodeScores attributeNodes(Method method, Ablation ablation, RunOptions options) {
        requireGradient(method);
        requireDifference(ablation);
        Fold<double[]> fold = AttributionFold.ofNeurons(model, pairs, metric, method.path(), ablation);
        return NodeScores.ofNeurons(model.graph(), means(fold, options));
    }

    /** What the metric loses where all edges that leave a node are ablated, for every node, a mean over the examples. */
    public NodeScores exactNodes(Ablation ablation, RunOptions options) {
        requireDifference(ablation);
        ModelGraph graph = model.graph();
        List<Circuit> circuits = new ArrayList<>(List.of(Circuit.full(graph)));
        for (int source = 0; source < graph.sources(); source++) {
            BitSet leaving = graph.edgesBetween(
                    List.of(graph.sourceNode(source)),
                    graph.nodes().stream()
                            .flatMap(it -> graph.slots(it).stream())
                            .toList());
            circuits.add(Circuit.full(graph).without(leaving));
        }
        List<double[]> values = evaluate("exact", circuits, ablation, options);
        double whole = Arrays.stream(values.getFirst()).average().orElseThrow();
        double sign = metric.lessIsBetter() ? -1 : 1;
        double[] drops = values.stream()
                .skip(1)
                .mapToDouble(it -> sign * (whole - Arrays.stream(it).average().orElseThrow()))
                .toArray();
        requireScores(drops, options);
        return NodeScores.ofNodes(graph, drops);
    }

    /** How much of each slot's input a source is, for every edge, a mean over the examples; of the clean run alone, whatever the metric. */
    public Scores informationFlow(RunOptions options) {
        double[] shares = summed(new FlowFold(model, pairs, graph), options);
        if (largest(shares) == 0) throw allZero("every score is zero: no source gives anything on any example");
        return new Scores(graph, shares);
    }

    /**
     * What sources give on the clean texts of some data, as an edge ablated with a mean carries it.
     *
     * @param positional whether each position has its own
     * @param reader what reads behind the texts, so that what follows them counts too: each distinct position of an example once
     */
    public static Ablation mean(
            Transformer model, Pairs pairs, boolean positional, Optional<Metric> reader, RunOptions options) {
        try (BatchStore store = new BatchStore()) {
            return new Ablation.Mean(
                    new FoldRunner(model, pairs, store).run(new MeansFold(model, pairs, positional, reader), options));
        }
    }

    /** The same of the texts alone. */
    public static Ablation mean(Transformer model, Pairs pairs, boolean positional, RunOptions options) {
        return mean(model, pairs, positional, Optional.empty(), options);
    }

    /**
     * The constants with which a circuit's ablated edges hurt least: those that make this metric, a loss, small. It is learned from the means on.
     *
     * @param circuit runs as it stands: prune it first
     * @param mean one for all positions
     */
    public Ablation.Mean optimal(Circuit circuit, Ablation.Mean mean, RunOptions options) {
        if (ConstantGradients.carried(circuit).isEmpty()) return mean;
        return learned(Optional.of(circuit), mean, options);
    }

    /** The same of each source ablated alone. */
    public Ablation.Mean optimalOfEachSource(Ablation.Mean mean, RunOptions options) {
        return learned(Optional.empty(), mean, options);
    }

    private Ablation.Mean learned(Optional<Circuit> circuit, Ablation.Mean mean, RunOptions options) {
        SourceConstants start = mean.means().constants(model.graph());
        OptimalConstants.Learned learned = OptimalConstants.of(this, circuit, start, options);
        return new Ablation.Mean(SourceMeans.of(learned.constants(), pairs.name()));
    }

    private Scores scores(Fold<double[]> fold, RunOptions options) {
        return new Scores(graph, means(fold, options));
    }

    private double[] means(Fold<double[]> fold, RunOptions options) {
        double[] scores = summed(fold, options);
        requireScores(scores, options);
        return scores;
    }

    private double[] summed(Fold<double[]> fold, RunOptions options) {
        double[] scores = runner().run(fold, options);
        for (int i = 0; i < scores.length; i++) scores[i] /= pairs.size();
        return scores;
    }

    /** Where every pair is twice the same text, patching changes nothing: what scores would come of it is rounding. */
    public void requireDifference(Ablation ablation) {
        if (ablation != Ablation.PATCHING
                || !pairs.pairs().stream().allMatch(pair -> Arrays.equals(pair.clean(), pair.corrupted()))) return;
        throw allZero(
                "every score is zero: clean and corrupted are the same text in every row, so that patching changes nothing");
    }

    /** @throws UserError where the scores say nothing: they are zero, or what rounding leaves of zero */
    private void requireScores(double[] scores, RunOptions options) {
        double largest = largest(scores);
        if (largest == 0)
            throw allZero("every score is zero: the metric does not change with the model on any example");
        if (!(largest < SUSPICIOUS)) return;
        Baseline plain = baseline(options);
        double size = DoubleStream.concat(Arrays.stream(plain.clean()), Arrays.stream(plain.corrupted()))
                .map(Math::abs)
                .average()
                .orElse(0);
        if (largest > model.precision().noise() * size) return;
        String numbers =
                String.format(Locale.ROOT, "the largest is %.1e, and the metric is of size %.3g", largest, size);
        throw allZero("every score is zero apart from rounding: " + numbers + ", so that ablating changes nothing");
    }

    private static double largest(double[] scores) {
        return Arrays.stream(scores).map(Math::abs).max().orElse(0);
    }

    private static UserError allZero(String message) {
        return UserError.input(ErrorCode.SCORES_ALL_ZERO, message, "check the data's columns and the metric");
    }
}
