package io.circuitscript.analysis.methods;

import io.circuitscript.analysis.Analyses;
import io.circuitscript.analysis.Identity;
import io.circuitscript.engine.Ablation;
import io.circuitscript.engine.RunOptions;
import io.circuitscript.engine.masks.Adam;
import io.circuitscript.graph.ModelGraph;
import io.circuitscript.task.SeededRandom;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/**
 * Learns which edges to keep by uniform gradient sampling (Li and Janson 2024, Optimal ablation for interpretability).
 *
 * <p>An edge is kept with the probability {@code θ = σ(a)}. A run of an example draws u from (0, 1) for each edge: within the window
 * {@code w = θ (1 − θ)} around θ the edge is kept in part, {@code m = ½ − (u − θ) / w}; before it wholly, after it not at all. The
 * derivative of the loss by θ is estimated by the mean, over the runs whose u lies in the window, of the derivative by m, since m is uniform there. What is made small is
 * {@code loss + λ Σ θ}. An edge's score is θ.
 */
final class UniformGradientSampling implements AttributionMethod {
    private static final MethodOption LAMBDA = MethodOption.number(
            "lambda", 1e-3, "from 0 to 1e100", it -> it >= 0 && it <= 1e100, "what keeping an edge costs");

    @Override
    public String word() {
        return "ugs";
    }

    @Override
    public String title(MethodSettings settings) {
        return "uniform gradient sampling";
    }

    @Override
    public List<MethodOption> options() {
        return List.of(LAMBDA, MaskTraining.STEPS, MaskTraining.RATE, MaskFold.By.OPTION);
    }

    @Override
    public int steps(MethodSettings settings) {
        return settings.count(MaskTraining.STEPS.name());
    }

    @Override
    public List<String> levels() {
        return List.of("edge");
    }

    @Override
    public Found edges(Analyses analyses, MethodSettings settings, Supplier<Ablation> ablation, RunOptions options) {
        int steps = steps(settings);
        double rate = settings.number(MaskTraining.RATE.name());
        double lambda = settings.number(LAMBDA.name());
        long seed = settings.seed();
        MaskTraining.Plan plan =
                new MaskTraining.Plan(word(), steps, Rule.RUNS, Rule.RUNS, seed, MaskFold.By.of(settings));
        Ablation chosen = ablation.get();
        boolean patching = chosen == Ablation.PATCHING;
        Rule rule = new Rule(analyses.model().graph(), analyses.pairs().size(), steps, rate, lambda, patching, seed);
        Identity identity = new Identity().add(lambda).add(rate);
        return MaskTraining.run(analyses, plan, chosen, rule, identity, options);
    }

    /** One training. */
    static final class Rule implements MaskTraining.Rule {
        /** Five examples with twelve masks each in the authors' program; here as many examples with a mask each, where there are so many. */
        private static final int RUNS = 60;

        private static final double START = 1;
        private static final double SECOND_MOMENT = 0.995;
        private static final int AUTHORS_STEPS = 3000;

        /** However few the steps are. */
        private static final double LARGEST_RATE = 0.5;

        private final int examples;
        private final double rate;
        private final double lambda;
        private final long seed;
        private final int[] edges;
        private final int bound;
        private final Adam logits;

        /** @param patching whether ablated edges carry the corrupted run, with which the authors learn five times as slowly */
        Rule(ModelGraph graph, int examples, int steps, double rate, double lambda, boolean patching, long seed) {
            this.examples = examples;
            this.lambda = lambda;
            this.seed = seed;
            double scaled = authorsRate(lambda) / (patching ? 5 : 1) * AUTHORS_STEPS / steps;
            this.rate = rate * Math.min(scaled, LARGEST_RATE);
            this.bound = graph.edgeIndexBound();
            this.edges = IntStream.range(0, bound).filter(graph::exists).toArray();
            double[] start = new double[edges.length];
            Arrays.fill(start, START);
            this.logits = new Adam(start, SECOND_MOMENT);
        }

        private static double authorsRate(double lambda) {
            if (lambda <= 1e-4) return 0.15;
            return lambda <= 5e-4 ? 0.1 : 0.05;
        }

        private static double sigmoid(double x) {
            return 1 / (1 + StrictMath.exp(-x));
        }

        @Override
        public MaskFold.Masks masks(int now, int round) {
            double[] kept = new double[edges.length];
            for (int i = 0; i < kept.length; i++) kept[i] = sigmoid(logits.values()[i]);
            return new Drawn(((long) now << 16) + round, examples, seed, edges, bound, kept);
        }

        @Override
        public void learn(int now, double[] gradient, int runs) {
            double[] atLogits = new double[edges.length];
            for (int i = 0; i < edges.length; i++) {
                double kept = sigmoid(logits.values()[i]);
                double inWindow = gradient[1 + bound + edges[i]];
                double ofLoss = inWindow == 0 ? 0 : gradient[1 + edges[i]] / inWindow;
                atLogits[i] = (ofLoss + lambda) * kept * (1 - kept);
            }
            logits.step(atLogits, rate, 1);
        }

        @Override
        public List<Adam> learned() {
            return List.of(logits);
        }

        @Override
        public double[] scores() {
            double[] scores = new double[bound];
            for (int i = 0; i < edges.length; i++) scores[edges[i]] = sigmoid(logits.values()[i]);
            return scores;
        }
    }

    /**
     * Shares drawn for each example.
     *
     * @param round of which step
     * @param examples how many there are in all
     * @param kept with what chance, for each of the edges
     */
    private record Drawn(long round, int examples, long seed, int[] edges, int bound, double[] kept)
            implements MaskFold.Masks {
        @Override
        public boolean shared() {
            return false;
        }

        /** A draw for each edge of each example in each round of each step, wherever the example stands in a batch. */
        @Override
        public double[] of(int example) {
            double[] shares = new double[bound];
            long before = round * examples + example;
            for (int i = 0; i < edges.length; i++) {
                double u = SeededRandom.uniform(seed, before * edges.length + i);
                double window = kept[i] * (1 - kept[i]);
                shares[edges[i]] = Math.clamp(0.5 - (u - kept[i]) / window, 0, 1);
            }
            return shares;
        }

        @Override
        public void gather(double[] gradient, int at, int example, double[] sums) {
            double[] shares = of(example);
            for (int i = 0; i < edges.length; i++) {
                double share = shares[edges[i]];
                if (share <= 0 || share >= 1) continue;
                sums[1 + edges[i]] += gradient[at + edges[i]];
                sums[1 + bound + edges[i]]++;
            }
        }
    }
}
