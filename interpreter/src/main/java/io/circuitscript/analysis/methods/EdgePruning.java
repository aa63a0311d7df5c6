package io.circuitscript.analysis.methods;

import io.circuitscript.analysis.Analyses;
import io.circuitscript.analysis.Identity;
import io.circuitscript.engine.Ablation;
import io.circuitscript.engine.RunOptions;
import io.circuitscript.engine.masks.Adam;
import io.circuitscript.graph.ModelGraph;
import io.circuitscript.task.SeededRandom;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/**
 * Learns which edges to keep, by gradient descent on hard-concrete masks (Louizos et al. 2018) with a target share removed (Bhaskar et al. 2024, Finding
 * Transformer Circuits with Edge Pruning).
 *
 * <p>An edge has a number α. A step draws u from (0, 1) and keeps {@code z = clamp(1.2 s − 0.1)} of the edge, {@code s = σ((log u/(1−u) + α) / T)}.
 * What is made small is {@code loss + λ₁ (r − t) + λ₂ (r − t)²}, with {@code r = 1 − mean z} the share removed and t the target, which grows from 0; the λ
 * rise along their own gradients. An edge's score is {@code σ(0.8 α / T)}, the authors' mask without chance.
 */
final class EdgePruning implements AttributionMethod {
    private static final MethodOption SPARSITY = MethodOption.number(
            "sparsity", 0.95, "between 0 and 1", it -> it > 0 && it < 1, "what share of the edges is to be removed");

    @Override
    public String word() {
        return "edge-pruning";
    }

    @Override
    public String title(MethodSettings settings) {
        return "edge pruning";
    }

    @Override
    public List<MethodOption> options() {
        return List.of(SPARSITY, MaskTraining.STEPS, MaskTraining.RATE, MaskFold.By.OPTION);
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
        double sparsity = settings.number(SPARSITY.name());
        long seed = settings.seed();
        MaskTraining.Plan plan = new MaskTraining.Plan(word(), steps, Rule.TOGETHER, 1, seed, MaskFold.By.of(settings));
        Rule rule = new Rule(analyses.model().graph(), steps, rate, sparsity, seed);
        Identity identity = new Identity().add(sparsity).add(rate);
        return MaskTraining.run(analyses, plan, ablation.get(), rule, identity, options);
    }

    /** One training. */
    static final class Rule implements MaskTraining.Rule {
        private static final int TOGETHER = 32;
        private static final double TEMPERATURE = 2.0 / 3;
        private static final double LEFT = -0.1;
        private static final double RIGHT = 1.1;
        private static final double SCORE_FACTOR = 0.8;
        private static final double START = 10;
        private static final double START_SPREAD = 0.01;
        private static final double RATE = 0.8;

        /** Of AdamW in PyTorch, which the authors leave as it is. */
        private static final double DECAY = 0.01;

        /** In how many steps the authors learn; their rates rise during the first 200, and the target during the first 2,500. */
        private static final int AUTHORS_STEPS = 3000;

        private static final double RATE_RISES = 200.0 / AUTHORS_STEPS;
        private static final double TARGET_RISES = 2500.0 / AUTHORS_STEPS;

        private final int steps;
        private final double rate;
        private final double sparsity;
        private final long seed;

        /** The numbers of the edges, and the place of each among what is learned. */
        private final int[] edges;

        private final double[] shares;
        private final Adam alphas;
        private final Adam lambdas = new Adam(new double[2], 0.999);

        Rule(ModelGraph graph, int steps, double rate, double sparsity, long seed) {
            this.steps = steps;
            this.rate = rate * RATE;
            this.sparsity = sparsity;
            this.seed = seed;
            this.edges = IntStream.range(0, graph.edgeIndexBound())
                    .filter(graph::exists)
                    .toArray();
            this.shares = new double[graph.edgeIndexBound()];
            double[] start = new double[edges.length];
            for (int i = 0; i < start.length; i++) start[i] = START + START_SPREAD * normal(i);
            this.alphas = new Adam(start, 0.999);
        }

        /** The draws of the start come after all those of the steps. (Box and Muller 1958) */
        private double normal(int i) {
            long first = (long) steps * edges.length + 2L * i;
            double radius = Math.sqrt(-2 * StrictMath.log(SeededRandom.uniform(seed, first)));
            return radius * StrictMath.cos(2 * Math.PI * SeededRandom.uniform(seed, first + 1));
        }

        /** What the sigmoid is of, for an edge in a step. */
        private double logit(int step, int i) {
            double u = SeededRandom.uniform(seed, (long) step * edges.length + i);
            return (StrictMath.log(u / (1 - u)) + alphas.values()[i]) / TEMPERATURE;
        }

        private static double sigmoid(double x) {
            return 1 / (1 + StrictMath.exp(-x));
        }

        @Override
        public MaskFold.Masks masks(int step, int round) {
            for (int i = 0; i < edges.length; i++)
                shares[edges[i]] = Math.clamp((RIGHT - LEFT) * sigmoid(logit(step, i)) + LEFT, 0, 1);
            return new Common(shares, edges);
        }

        @Override
        public void learn(int step, double[] gradient, int runs) {
            double kept = 0;
            for (int edge : edges) kept += shares[edge];
            double beyond = 1 - kept / edges.length - target(step);
            double[] lambda = lambdas.values();
            double ofShare = -(lambda[0] + 2 * lambda[1] * beyond) / edges.length;
            double[] atAlphas = new double[edges.length];
            for (int i = 0; i < edges.length; i++) {
                double share = shares[edges[i]];
                if (share <= 0 || share >= 1) continue;
                double s = (share - LEFT) / (RIGHT - LEFT);
                double slope = (RIGHT - LEFT) * s * (1 - s) / TEMPERATURE;
                atAlphas[i] = (gradient[1 + edges[i]] / runs + ofShare) * slope;
            }
            double now = rate * risenAndFalling(step);
            // As much in all as in the authors' number of steps.
            double left = StrictMath.pow(1 - now * DECAY, (double) AUTHORS_STEPS / steps);
            alphas.step(atAlphas, now, left);
            lambdas.step(new double[] {-beyond, -beyond * beyond}, now, left);
        }

        private double target(int step) {
            return sparsity * Math.min(1, step / (TARGET_RISES * steps));
        }

        private double risenAndFalling(int step) {
            double rises = RATE_RISES * steps;
            return step < rises ? step / rises : (steps - step) / (steps - rises);
        }

        @Override
        public List<Adam> learned() {
            return List.of(alphas, lambdas);
        }

        @Override
        public double[] scores() {
            double[] scores = new double[shares.length];
            for (int i = 0; i < edges.length; i++)
                scores[edges[i]] = sigmoid(SCORE_FACTOR * alphas.values()[i] / TEMPERATURE);
            return scores;
        }
    }

    /** Shares that all examples have. @param shares by edge number */
    private record Common(double[] shares, int[] edges) implements MaskFold.Masks {
        @Override
        public boolean shared() {
            return true;
        }

        @Override
        public double[] of(int example) {
            return shares;
        }

        @Override
        public void gather(double[] gradient, int at, int example, double[] sums) {
            for (int edge : edges) sums[1 + edge] += gradient[at + edge];
        }
    }
}
