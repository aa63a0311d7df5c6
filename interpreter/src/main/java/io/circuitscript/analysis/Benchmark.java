package io.circuitscript.analysis;

import io.circuitscript.engine.Ablation;
import io.circuitscript.engine.CheckpointStore;
import io.circuitscript.engine.FlopCount;
import io.circuitscript.engine.MatrixRate;
import io.circuitscript.engine.MemoryBudget;
import io.circuitscript.engine.Progress;
import io.circuitscript.engine.RunOptions;
import io.circuitscript.engine.Transformer;
import io.circuitscript.engine.Workers;
import io.circuitscript.engine.torch.NativeProfile;
import io.circuitscript.graph.Circuit;
import io.circuitscript.graph.ModelGraph;
import io.circuitscript.graph.Scores;
import io.circuitscript.graph.Selection;
import io.circuitscript.task.Metric;
import io.circuitscript.task.Pairs;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;
import java.util.stream.IntStream;

/**
 * How fast the analyses are on this machine, and how near to what it can do: each is run once cold and then, warmed, several times, between two
 * measurements of the machine's own speed.
 */
public final class Benchmark {
    private static final int WARMED = 3;
    private static final int STEPS = 5;

    private static final String BASELINE = "baseline";
    private static final String EAP = "eap";
    public static final String EAP_IG = "eap-ig";
    private static final String EVALUATE = "evaluate";
    private static final String EXACT = "exact";

    /** What can be measured, in that order. */
    public static final List<String> WORKS = List.of(BASELINE, EAP, EAP_IG, EVALUATE, EXACT);

    /**
     * What is asked for.
     *
     * @param slots into how many edges are ablated one at a time
     * @param only the works that are measured; none: all
     * @param profile whether each is run once more to see where its time goes
     */
    public record Plan(int slots, List<String> only, boolean profile) {
        private boolean measures(String work) {
            return only.isEmpty() || only.contains(work);
        }
    }

    /** The circuit that is evaluated: so many edges, or in a small graph this share of them. */
    private static final int LARGEST_CIRCUIT = 400;

    private static final double SHARE_OF_SMALL = 0.05;

    /** Edges are ablated into this many slots, spread evenly over the model, unless others are asked for. */
    public static final int SLOTS = 8;

    /** About how many operations a run of those ablations may take, for as many slots: on as many examples as that allows. */
    private static final long EXACT_FLOP = 600_000_000_000L;

    private final Transformer model;
    private final Pairs pairs;
    private final Metric metric;
    private final RunOptions options;
    private final Plan plan;
    private final OptionalLong loaded;
    private Scores scores;

    private Benchmark(Transformer model, Pairs pairs, Metric metric, Plan plan, RunOptions options) {
        this.model = model;
        this.pairs = pairs;
        this.metric = metric;
        this.plan = plan;
        this.options = options;
        this.loaded = PeakMemory.now();
    }

    /** The size of a circuit after pruning. */
    public record Size(int edges, int nodes) {}

    /** What a peak of memory counts. */
    public enum Reach {
        /** This analysis alone. */
        ANALYSIS,
        /** All since the process began: the system does not let the count be set back. */
        PROCESS,
        /** Nothing: no Linux, or a device whose memory is not the host's. */
        NOTHING
    }

    /**
     * What was measured of one analysis.
     *
     * @param edges ablated one at a time for each example; 1 where the work is not that, so that a time for an example is one for an edge too
     * @param places how many workers of a cluster it ran on; 0 for this process
     * @param seconds the median of its warmed runs, over all examples and edges
     * @param coldSeconds its first run
     * @param flop floating-point operations of a run
     * @param budget bytes that a batch might take
     * @param productBefore operations a second in a large matrix product, measured before
     * @param peakBytes memory above what was resident once the model was loaded
     * @param profile where the time of one more run went, if that was asked for
     */
    public record Speed(
            String work,
            int examples,
            int edges,
            int places,
            double seconds,
            double coldSeconds,
            long flop,
            long budget,
            double productBefore,
            double productAfter,
            OptionalLong peakBytes,
            Reach reach,
            Optional<Size> circuit,
            Optional<NativeProfile> profile) {

        public double secondsPerExample() {
            return seconds / examples / edges;
        }

        public double coldSecondsPerExample() {
            return coldSeconds / examples / edges;
        }

        public double flopPerExample() {
            return (double) flop / examples / edges;
        }

        public double flopPerSecond() {
            return flop / seconds;
        }

        /** The machine's own speed around the time of the runs. */
        public double product() {
            return (productBefore + productAfter) / 2;
        }

        /** How near the analysis comes to it. */
        public double share() {
            return flopPerSecond() / product();
        }
    }

    /** One analysis to measure. @param prepare gives what is run and counted, once the analyses before it are done */
    private record Work(String kind, String name, Supplier<Task> prepare) {}

    /** What is run on a store of its own. */
    private interface Run {
        void on(BatchStore store, RunOptions options);
    }

    /**
     * @param pairs what it runs on
     * @param edges as in {@link Speed}
     * @param flop operations of one example
     */
    private record Task(Pairs pairs, int edges, Run run, ToLongFunction<FlopCount> flop, Optional<Size> circuit) {}

    /**
     * Measures one analysis after the other; of pairs with spans, scores at these too. Nothing may have run before.
     *
     * @param each is told of every one as soon as it is measured
     */
    public static void run(
            Transformer model, Pairs pairs, Metric metric, Plan plan, RunOptions options, Consumer<Speed> each) {
        Benchmark benchmark = new Benchmark(model, pairs, metric, plan, options);
        double before = benchmark.product();
        for (Work work : benchmark.works()) {
            if (!plan.measures(work.kind())) continue;
            Speed speed = benchmark.measure(work, before);
            before = speed.productAfter();
            each.accept(speed);
        }
    }

    private List<Work> works() {
        List<Work> works = new ArrayList<>();
        works.add(new Work(
                BASELINE, BASELINE, () -> whole((store, it) -> analyses(store).baseline(it), FlopCount::baseline)));
        works.add(new Work(EAP, EAP, () -> attribution(Analyses.Method.eap(), false)));
        String steps = EAP_IG + ", " + STEPS + " steps";
        works.add(new Work(EAP_IG, steps, () -> attribution(Analyses.Method.eapIg(STEPS), false)));
        if (!pairs.spans().isNone()) {
            String spans = EAP_IG + " at " + pairs.spans().size() + " spans";
            works.add(new Work(EAP_IG, spans, () -> attribution(Analyses.Method.eapIg(STEPS), true)));
        }
        works.add(new Work(EVALUATE, EVALUATE, this::evaluation));
        works.add(new Work(EXACT, "exact, an edge", this::exact));
        return works;
    }

    private Task whole(Run run, ToLongFunction<FlopCount> flop) {
        return new Task(pairs, 1, run, flop, Optional.empty());
    }

    private Task attribution(Analyses.Method method, boolean atSpans) {
        Run run = (store, it) -> {
            Analyses analyses = atSpans ? analyses(store).atSpans(it) : analyses(store);
            Scores found = analyses.attribute(method, Ablation.PATCHING, it);
            if (scores == null || method.steps() == 0) scores = found;
        };
        return whole(run, count -> count.attribution(method.steps()));
    }

    /** Of a circuit chosen by EAP's scores, with the baselines that faithfulness needs. */
    private Task evaluation() {
        if (scores == null) {
            try (BatchStore store = new BatchStore()) {
                scores = analyses(store).attribute(Analyses.Method.eap(), Ablation.PATCHING, options.within());
            }
        }
        Circuit circuit = circuit(scores);
        Run run = (store, it) -> {
            analyses(store).baseline(it);
            analyses(store).evaluate(circuit, Ablation.PATCHING, it);
        };
        Size size = new Size(circuit.edgeCount(), circuit.nodeCount());
        return new Task(pairs, 1, run, count -> count.evaluation(circuit), Optional.of(size));
    }

    /** Where so few edges lead nowhere, of random tokens in a small graph, twice as many are taken, until some are left. */
    static Circuit circuit(Scores scores) {
        int all = scores.graph().edgeCount();
        int edges = Math.clamp((int) (SHARE_OF_SMALL * all), 1, LARGEST_CIRCUIT);
        Circuit circuit = Selection.greedy(scores, edges, false).pruned();
        while (circuit.edgeCount() == 0 && edges < all) {
            edges = Math.min(2 * edges, all);
            circuit = Selection.greedy(scores, edges, false).pruned();
        }
        return circuit;
    }

    /** Of the edges into some slots, on some of the examples: all would take hours. */
    private Task exact() {
        ModelGraph graph = model.graph();
        int[] into = IntStream.range(0, plan.slots())
                .map(i -> (2 * i + 1) * graph.slots() / (2 * plan.slots()))
                .distinct()
                .toArray();
        int edges = IntStream.of(into).map(graph::sourcesBefore).sum();
        ToLongFunction<FlopCount> flop = count -> count.exact(into);
        int examples = (int)
                Math.clamp(EXACT_FLOP * into.length / SLOTS / (flop(pairs, flop) / pairs.size()), 1, pairs.size());
        Pairs some = pairs.with(pairs.pairs().subList(0, examples));
        Run run = (store, it) ->
                new FoldRunner(model, some, store).run(new ExactFold(model, some, metric, Ablation.PATCHING, into), it);
        return new Task(some, edges, run, flop, Optional.empty());
    }

    private Analyses analyses(BatchStore store) {
        return new Analyses(model, pairs, metric, store);
    }

    private Speed measure(Work work, double before) {
        Task task = work.prepare().get();
        boolean reset = PeakMemory.reset();
        double cold = seconds(work, task, 0);
        double[] warmed = new double[WARMED];
        for (int i = 0; i < WARMED; i++) warmed[i] = seconds(work, task, i + 1);
        OptionalLong peak = model.device().equals("cpu") ? PeakMemory.peak() : OptionalLong.empty();
        int places = options.workers().map(Workers::places).orElse(0);
        boolean known = places == 0 && peak.isPresent() && loaded.isPresent();
        Arrays.sort(warmed);
        return new Speed(
                work.name(),
                task.pairs().size(),
                task.edges(),
                places,
                warmed[WARMED / 2],
                cold,
                flop(task.pairs(), task.flop()),
                places > 0 ? SpreadRunner.budget(options) : MemoryBudget.bytes(options, model.device()),
                before,
                product(),
                known ? OptionalLong.of(Math.max(0, peak.getAsLong() - loaded.getAsLong())) : OptionalLong.empty(),
                !known ? Reach.NOTHING : reset ? Reach.ANALYSIS : Reach.PROCESS,
                task.circuit(),
                plan.profile() ? Optional.of(profile(work, task)) : Optional.empty());
    }

    /** One more run, in which the library notes its operations. */
    private NativeProfile profile(Work work, Task task) {
        NativeProfile.Watch watch = NativeProfile.start();
        try {
            return watch.stop(seconds(work, task, WARMED));
        } finally {
            watch.close();
        }
    }

    private double seconds(Work work, Task task, int run) {
        Progress named = new Named(options.progress(), work.name() + ", run " + (run + 1) + " of " + (WARMED + 1));
        options.cancel().check();
        long start = System.nanoTime();
        // A store of its own: what an analysis could take from the one before it, it has to compute.
        try (BatchStore store = new BatchStore()) {
            RunOptions here = new RunOptions(
                    named,
                    options.cancel(),
                    options.batch(),
                    options.memory(),
                    options.notes(),
                    CheckpointStore.NONE,
                    1,
                    options.workers());
            task.run().on(store, here);
        }
        return (System.nanoTime() - start) / 1e9;
    }

    private double product() {
        return MatrixRate.measure(model, options.cancel());
    }

    private long flop(Pairs of, ToLongFunction<FlopCount> each) {
        return Group.of(of, IntStream.range(0, of.size()).boxed().toList(), metric::continuations).stream()
                .mapToLong(group -> {
                    FlopCount count = new FlopCount(model.config(), group.length() - group.start(), group.start());
                    long rows = group.examples().stream()
                            .mapToLong(
                                    it -> metric.continuations(it).sequences().size())
                            .sum();
                    return rows * each.applyAsLong(count);
                })
                .sum();
    }

    /** Says which run it is instead of what runs in it. */
    private record Named(Progress progress, String name) implements Progress {
        @Override
        public void begin(String what, long total, String unit) {
            progress.begin(name, total, unit);
        }

        @Override
        public void advance(long by) {
            progress.advance(by);
        }

        @Override
        public void end() {
            progress.end();
        }
    }
}
