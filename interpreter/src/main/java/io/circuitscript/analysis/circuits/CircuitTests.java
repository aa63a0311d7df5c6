package io.circuitscript.analysis.circuits;

import io.circuitscript.analysis.Analyses;
import io.circuitscript.analysis.statistics.Bonferroni;
import io.circuitscript.analysis.statistics.EquivalenceTest;
import io.circuitscript.analysis.statistics.IndependenceTest;
import io.circuitscript.analysis.statistics.QuantileTest;
import io.circuitscript.engine.Ablation;
import io.circuitscript.engine.RunOptions;
import io.circuitscript.graph.Circuit;
import io.circuitscript.graph.RandomCircuits;
import io.circuitscript.task.SeededRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The hypothesis tests of Shi et al. 2024, "Hypothesis Testing the Circuit Hypothesis in LLMs", of one circuit. A test that was not asked for, or that
 * cannot be made of this circuit, is empty. How far two programs are apart is the mean over the examples of the squared difference of their metrics.
 */
public record CircuitTests(
        Optional<EquivalenceTest> equivalence,
        Optional<IndependenceTest> independence,
        Optional<Minimality> minimality,
        Optional<Comparison> sufficiency,
        Optional<Comparison> partialNecessity) {

    /** A test, in the order of the paper. */
    public enum Kind {
        EQUIVALENCE,
        INDEPENDENCE,
        MINIMALITY,
        SUFFICIENCY,
        PARTIAL_NECESSITY
    }

    /**
     * What is asked for.
     *
     * @param count of random circuits, and of random edges for minimality
     */
    public record Settings(Set<Kind> kinds, double epsilon, double quantile, int count, int permutations, long seed) {}

    /**
     * The runs that a circuit is measured against.
     *
     * @param circuit without dead ends, made of whole nodes, with one edge at least, all of which can matter ({@link Analyses#live})
     * @param whole every edge of the model that can
     * @param model, empty the metric of each example on the whole model, and with every edge ablated
     */
    public record Subject(Circuit circuit, Circuit whole, Ablation ablation, double[] model, double[] empty) {
        /** Of a circuit whose dead ends are removed. */
        public static Subject of(
                Circuit circuit, Ablation ablation, Analyses analyses, double[] model, double[] empty) {
            Circuit whole = analyses.live(Circuit.full(circuit.graph()), ablation);
            return new Subject(analyses.live(circuit, ablation), whole, ablation, model, empty);
        }

        public boolean isWholeModel() {
            return circuit.edgeCount() == whole.edgeCount();
        }
    }

    /**
     * What each edge of the circuit does, beside what random edges do that are added to it.
     *
     * @param edges by edge number
     * @param effects for each, how far the circuit moves when it is knocked out
     * @param random the same of the random edges, in the circuits that they were added to
     * @param beaten for each edge, how many of the random edges do less
     */
    public record Minimality(int[] edges, double[] effects, double[] random, int[] beaten, double quantile) {
        /**
         * @param circuit the metric of each example, as all of these
         * @param without the circuit without each of its edges
         * @param inflated, deflated the circuit with each random path, and without the random edge again
         */
        public static Minimality of(
                int[] edges,
                double[] circuit,
                List<double[]> without,
                List<double[]> inflated,
                List<double[]> deflated,
                double quantile,
                double rounding) {
            double[] effects = without.stream()
                    .mapToDouble(it -> apart(circuit, it, rounding))
                    .toArray();
            double[] random = IntStream.range(0, inflated.size())
                    .mapToDouble(i -> apart(inflated.get(i), deflated.get(i), rounding))
                    .toArray();
            int[] beaten = Arrays.stream(effects)
                    .mapToInt(effect -> (int) Arrays.stream(random)
                            .filter(it -> exceeds(effect, it, rounding))
                            .count())
                    .toArray();
            return new Minimality(edges, effects, random, beaten, quantile);
        }

        public double share(int i) {
            return test(i).share();
        }

        /** Of one edge, with Bonferroni's correction. */
        public double pValue(int i) {
            return Bonferroni.corrected(test(i).pOfBeatingFewer(), edges.length);
        }

        /** That every edge does as much as it should. */
        public double pValue() {
            return IntStream.range(0, edges.length)
                    .mapToDouble(this::pValue)
                    .min()
                    .orElse(1);
        }

        private QuantileTest test(int i) {
            return new QuantileTest(beaten[i], random.length, quantile);
        }
    }

    /**
     * The circuit beside random ones.
     *
     * @param distance how far the circuit, or the model without it, is from the model
     * @param random the same of each random circuit
     * @param sizes how many edges each of them has
     * @param test how many the circuit beats
     */
    public record Comparison(double distance, double[] random, int[] sizes, QuantileTest test) {
        /**
         * @param model the metric of each example, as all of these
         * @param own, others of the circuit and the random ones, or of the model without each of them
         * @param farther whether the circuit should be farther from the model than the others, and not nearer
         */
        public static Comparison of(
                double[] model,
                double[] own,
                List<double[]> others,
                int[] sizes,
                boolean farther,
                double quantile,
                double rounding) {
            double distance = apart(model, own, rounding);
            double[] random = others.stream()
                    .mapToDouble(it -> apart(model, it, rounding))
                    .toArray();
            int beaten = (int) Arrays.stream(random)
                    .filter(it -> farther ? exceeds(distance, it, rounding) : exceeds(it, distance, rounding))
                    .count();
            return new Comparison(distance, random, sizes, new QuantileTest(beaten, random.length, quantile));
        }
    }

    /** The mean over the examples of the squared difference; 0 where there is none but rounding. */
    private static double apart(double[] a, double[] b, double rounding) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) sum += (a[i] - b[i]) * (a[i] - b[i]);
        double mean = sum / a.length;
        return mean <= rounding * rounding ? 0 : mean;
    }

    /** Whether one distance is larger by more than the rounding of metrics; distances are squares of these. */
    private static boolean exceeds(double distance, double other, double rounding) {
        return Math.sqrt(distance) > Math.sqrt(other) + rounding;
    }

    /** The draws of minimality and of independence have streams of their own, so that one test says the same without the others. */
    private static final long FOR_MINIMALITY = 1L << 40;

    private static final long FOR_INDEPENDENCE = 2L << 40;

    /** Independence takes time and memory by the square of the number of examples. */
    public static final int MOST_EXAMPLES_OF_INDEPENDENCE = 2_000;

    /** Independence divides by the number of examples less one. */
    private static final int FEWEST_EXAMPLES_OF_INDEPENDENCE = 2;

    public static CircuitTests of(Subject subject, Settings settings, Analyses analyses, RunOptions options) {
        return new Work(subject, settings, analyses, options).tests();
    }

    /** A circuit with a random path added to it, and the same without one of the path's edges. */
    private record Inflated(Circuit with, Circuit without) {}

    private static final class Work {
        private final Subject subject;
        private final Settings settings;
        private final Analyses analyses;
        private final RunOptions options;
        private final Circuit full;
        private final double rounding;
        private final Map<Circuit, double[]> values = new LinkedHashMap<>();

        Work(Subject subject, Settings settings, Analyses analyses, RunOptions options) {
            this.subject = subject;
            this.settings = settings;
            this.analyses = analyses;
            this.options = options;
            this.full = subject.whole();
            double largest = Stream.of(subject.model(), subject.empty())
                    .flatMapToDouble(Arrays::stream)
                    .map(Math::abs)
                    .max()
                    .orElse(0);
            // Metrics that differ by less are equal.
            this.rounding = largest * analyses.model().precision().noise();
        }

        private boolean wants(Kind kind) {
            return settings.kinds().contains(kind);
        }

        CircuitTests tests() {
            Circuit circuit = subject.circuit();
            List<Circuit> random = wants(Kind.SUFFICIENCY) || wants(Kind.PARTIAL_NECESSITY) ? random() : List.of();
            List<Inflated> inflated = wants(Kind.MINIMALITY) ? inflated() : List.of();
            List<Circuit> single = inflated.isEmpty() ? List.of() : knockedOut();
            boolean equivalence = wants(Kind.EQUIVALENCE) && !analyses.metric().flatAtClean();
            boolean independence = wants(Kind.INDEPENDENCE)
                    && subject.model().length >= FEWEST_EXAMPLES_OF_INDEPENDENCE
                    && !constant(subject.model());
            boolean sufficiency = wants(Kind.SUFFICIENCY) && !random.isEmpty();
            boolean necessity = wants(Kind.PARTIAL_NECESSITY) && !random.isEmpty();
            List<Circuit> due = new ArrayList<>();
            if (equivalence || sufficiency || !inflated.isEmpty()) due.add(circuit);
            if (independence || necessity) due.add(rest(circuit));
            due.addAll(single);
            inflated.forEach(it -> due.addAll(List.of(it.with(), it.without())));
            if (sufficiency) due.addAll(random);
            if (necessity) random.forEach(it -> due.add(rest(it)));
            run(due);
            return new CircuitTests(
                    equivalence ? Optional.of(equivalence()) : Optional.empty(),
                    independence ? independence() : Optional.empty(),
                    inflated.isEmpty() ? Optional.empty() : Optional.of(minimality(single, inflated)),
                    sufficiency ? Optional.of(comparison(random, false)) : Optional.empty(),
                    necessity ? Optional.of(comparison(random, true)) : Optional.empty());
        }

        /** Runs circuits, all in one go. The whole model and the empty circuit are known. */
        private void run(List<Circuit> circuits) {
            values.put(full, subject.model());
            values.put(Circuit.empty(full.graph()), subject.empty());
            List<Circuit> due = circuits.stream()
                    .distinct()
                    .filter(it -> !values.containsKey(it))
                    .toList();
            if (due.isEmpty()) return;
            List<double[]> run = analyses.evaluate("test-circuit", due, subject.ablation(), options);
            for (int i = 0; i < due.size(); i++) values.put(due.get(i), run.get(i));
        }

        private Circuit rest(Circuit circuit) {
            return full.without(circuit.edges());
        }

        /** The same as those of the statement random-circuits. None where every circuit of that size is this one. */
        private List<Circuit> random() {
            if (subject.isWholeModel()) return List.of();
            return RandomSample.draw(
                    RandomCircuits.from(full),
                    subject.circuit().edgeCount(),
                    settings.count(),
                    true,
                    settings.seed(),
                    options.cancel());
        }

        private List<Circuit> knockedOut() {
            return subject.circuit().edges().stream()
                    .mapToObj(edge -> subject.circuit().without(one(edge)))
                    .toList();
        }

        private static BitSet one(int edge) {
            BitSet one = new BitSet();
            one.set(edge);
            return one;
        }

        /** None where random paths add nothing to the circuit. */
        private List<Inflated> inflated() {
            if (subject.isWholeModel()) return List.of();
            RandomCircuits paths = RandomCircuits.from(full);
            List<Inflated> inflated = new ArrayList<>();
            for (int i = 0; i < settings.count(); i++) {
                options.cancel().check();
                Optional<Inflated> next =
                        inflate(paths, SeededRandom.stream(settings.seed(), FOR_MINIMALITY + i)::below);
                if (next.isEmpty()) return List.of();
                inflated.add(next.get());
            }
            return inflated;
        }

        /** Paths are drawn until one has an edge that the circuit has not; one of these edges, each as likely, is then knocked out. */
        private Optional<Inflated> inflate(RandomCircuits paths, RandomCircuits.Draws draws) {
            Circuit circuit = subject.circuit();
            for (int tries = 0; tries < RandomCircuits.MOST_TRIES; tries++) {
                int[] added = IntStream.of(paths.path(draws))
                        .filter(edge -> !circuit.contains(edge))
                        .toArray();
                if (added.length == 0) continue;
                BitSet more = new BitSet();
                for (int edge : added) more.set(edge);
                Circuit with = circuit.with(more);
                return Optional.of(new Inflated(with, with.without(one(added[draws.below(added.length)]))));
            }
            return Optional.empty();
        }

        private EquivalenceTest equivalence() {
            double[] circuit = values.get(subject.circuit());
            return analyses.metric().lessIsBetter()
                    ? EquivalenceTest.of(subject.model(), circuit, rounding, settings.epsilon())
                    : EquivalenceTest.of(circuit, subject.model(), rounding, settings.epsilon());
        }

        private Optional<IndependenceTest> independence() {
            double[] rest = values.get(rest(subject.circuit()));
            if (constant(rest)) return Optional.empty();
            SeededRandom random = SeededRandom.stream(settings.seed(), FOR_INDEPENDENCE);
            int[] chosen = sample(rest.length, random);
            options.progress().begin("independence", settings.permutations(), "permutations");
            try {
                return Optional.of(IndependenceTest.of(
                        at(subject.model(), chosen), at(rest, chosen), settings.permutations(), random::below, () -> {
                            options.cancel().check();
                            options.progress().advance(1);
                        }));
            } finally {
                options.progress().end();
            }
        }

        /** All examples, or as many as independence takes, in their order. */
        private static int[] sample(int examples, SeededRandom random) {
            List<Integer> all = IntStream.range(0, examples).boxed().toList();
            if (examples <= MOST_EXAMPLES_OF_INDEPENDENCE)
                return all.stream().mapToInt(i -> i).toArray();
            return random.shuffled(all).subList(0, MOST_EXAMPLES_OF_INDEPENDENCE).stream()
                    .mapToInt(i -> i)
                    .sorted()
                    .toArray();
        }

        private static double[] at(double[] all, int[] chosen) {
            return IntStream.of(chosen).mapToDouble(i -> all[i]).toArray();
        }

        /** Whether it is the same number for every example, apart from rounding. */
        private boolean constant(double[] numbers) {
            return Arrays.stream(numbers).allMatch(it -> Math.abs(it - numbers[0]) <= rounding);
        }

        private Minimality minimality(List<Circuit> single, List<Inflated> inflated) {
            return Minimality.of(
                    subject.circuit().edges().stream().toArray(),
                    values.get(subject.circuit()),
                    single.stream().map(values::get).toList(),
                    inflated.stream().map(it -> values.get(it.with())).toList(),
                    inflated.stream().map(it -> values.get(it.without())).toList(),
                    settings.quantile(),
                    rounding);
        }

        /** @param without whether circuits are knocked out of the model, rather than stand alone */
        private Comparison comparison(List<Circuit> random, boolean without) {
            UnaryOperator<Circuit> run = without ? this::rest : it -> it;
            return Comparison.of(
                    subject.model(),
                    values.get(run.apply(subject.circuit())),
                    random.stream().map(run).map(values::get).toList(),
                    random.stream().mapToInt(Circuit::edgeCount).toArray(),
                    without,
                    settings.quantile(),
                    rounding);
        }
    }
}
