package io.circuitscript.analysis;

import io.circuitscript.engine.Batch;
import io.circuitscript.engine.CheckpointStore;
import io.circuitscript.engine.ConstantGradients;
import io.circuitscript.engine.Continuations;
import io.circuitscript.engine.RunLogits;
import io.circuitscript.engine.RunOptions;
import io.circuitscript.engine.SavedNumbers;
import io.circuitscript.graph.Circuit;
import io.circuitscript.graph.SourceConstants;
import io.circuitscript.source.UserError;
import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.DataOutput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Learns the constants with which ablated edges hurt least (optimal ablation, Li and Janson 2024): those that make a loss small, either of a
 * circuit with every edge outside it ablated, or of each source ablated alone. From the means on, by Adam over all examples at once, so that
 * nothing is drawn at random. The constants of the smallest loss seen are taken: it is never above that of the means.
 */
final class OptimalConstants {
    /** How many steps are taken. */
    static final int STEPS = 200;

    /** Adam's rate at the first step; it falls linearly to zero. */
    static final double RATE = 1e-2;

    private static final double MOMENTUM = 0.9;
    private static final double SQUARES = 0.999;
    private static final double EPSILON = 1e-8;

    /** Of so many parts of the way, each is a place to go on from. */
    private static final int CHECKPOINTS = 10;

    private final Analyses of;
    private final Optional<Circuit> circuit;
    private final SourceConstants start;
    private final int steps;
    private final double rate;
    private final RunOptions options;

    /** @param of whose metric is the loss @param circuit runs as it stands; empty where sources are ablated alone */
    private OptimalConstants(
            Analyses of, Optional<Circuit> circuit, SourceConstants start, int steps, double rate, RunOptions options) {
        this.of = of;
        this.circuit = circuit;
        this.start = start;
        this.steps = steps;
        this.rate = rate;
        this.options = options;
    }

    /**
     * What was learned.
     *
     * @param losses a mean over the examples, and over the sources ablated alone: before each step, and after the last
     */
    record Learned(SourceConstants constants, List<Double> losses) {
        Learned {
            losses = List.copyOf(losses);
        }
    }

    static Learned of(Analyses of, Optional<Circuit> circuit, SourceConstants start, RunOptions options) {
        return of(of, circuit, start, STEPS, RATE, options);
    }

    static Learned of(
            Analyses of, Optional<Circuit> circuit, SourceConstants start, int steps, double rate, RunOptions options) {
        return new OptimalConstants(of, circuit, start, steps, rate, options).learn();
    }

    private Learned learn() {
        CheckpointStore.Piece piece = options.checkpoints().begin(this::identity);
        int problems = circuit.isPresent() ? 1 : start.graph().sources();
        Way way = new Way(start.values(), problems);
        CheckpointStore.Saved saved = piece.saved().orElse(null);
        if (saved != null) way = way.from(saved).orElse(way);
        RunOptions inside = options.within();
        int examples = of.pairs().size();
        options.progress()
                .begin(
                        circuit.isPresent() ? "constants" : "constants of each source",
                        (long) (steps + 1) * examples,
                        "examples");
        options.progress().advance((long) way.losses.size() * examples);
        // Of its own, so that what its batches keep is the same in a run that goes on later.
        try (BatchStore store = new BatchStore()) {
            FoldRunner runner = new FoldRunner(of.model(), of.pairs(), store);
            while (way.losses.size() <= steps) {
                options.cancel().check();
                Gradients fold = new Gradients(of, circuit, start.with(way.now));
                double[] sums = runner.run(fold, inside);
                for (int i = 0; i < sums.length; i++) sums[i] /= examples;
                step(way, Arrays.copyOf(sums, problems), Arrays.copyOfRange(sums, problems, sums.length));
                options.progress().advance(examples);
                options.progress().note(String.format(Locale.ROOT, "loss %.3g", way.losses.getLast()));
                if (way.losses.size() % Math.max(1, steps / CHECKPOINTS) == 0) piece.checkpoint(way.copy());
            }
        } finally {
            options.progress().end();
        }
        if (saved == null || !saved.whole()) piece.completed(way);
        return new Learned(start.with(way.best), way.losses);
    }

    /** @param losses of the constants as they are, for each problem @param gradient at them */
    private void step(Way way, double[] losses, double[] gradient) {
        int count = way.losses.size() + 1;
        way.losses.add(Arrays.stream(losses).average().orElseThrow());
        for (int problem = 0; problem < losses.length; problem++) {
            if (losses[problem] >= way.least[problem]) continue;
            way.least[problem] = losses[problem];
            int from = losses.length == 1 ? 0 : start.offset(problem);
            int width = losses.length == 1 ? gradient.length : start.width(problem);
            System.arraycopy(way.now, from, way.best, from, width);
        }
        if (count > steps) return;
        double now = rate * (steps - count + 1) / steps;
        double ofMean = 1 - Math.pow(MOMENTUM, count);
        double ofSquares = 1 - Math.pow(SQUARES, count);
        for (int i = 0; i < gradient.length; i++) {
            double g = gradient[i];
            way.mean[i] = MOMENTUM * way.mean[i] + (1 - MOMENTUM) * g;
            way.squares[i] = SQUARES * way.squares[i] + (1 - SQUARES) * g * g;
            way.now[i] -= now * (way.mean[i] / ofMean) / (Math.sqrt(way.squares[i] / ofSquares) + EPSILON);
        }
    }

    private byte[] identity() {
        Identity identity = new Identity()
                .add("optimal constants")
                .add(of.pairs())
                .add(of.model(), options)
                .add(of.metric())
                .add(steps)
                .add(rate);
        for (double value : start.values()) identity.add(value);
        circuit.ifPresent(identity::add);
        return identity.bytes();
    }

    /** How far the learning has come. */
    private static final class Way implements CheckpointStore.Content {
        private final double[] now;
        private final double[] mean;
        private final double[] squares;
        private final double[] best;

        /** The smallest loss of each problem so far. */
        private final double[] least;

        private final List<Double> losses = new ArrayList<>();

        Way(double[] start, int problems) {
            this(
                    start.clone(),
                    new double[start.length],
                    new double[start.length],
                    start.clone(),
                    new double[problems]);
            Arrays.fill(least, Double.POSITIVE_INFINITY);
        }

        private Way(double[] now, double[] mean, double[] squares, double[] best, double[] least) {
            this.now = now;
            this.mean = mean;
            this.squares = squares;
            this.best = best;
            this.least = least;
        }

        Way copy() {
            Way copy = new Way(now.clone(), mean.clone(), squares.clone(), best.clone(), least.clone());
            copy.losses.addAll(losses);
            return copy;
        }

        /** Where an earlier run was; empty where what was saved is not of such a learning. */
        Optional<Way> from(CheckpointStore.Saved saved) {
            try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(saved.content()))) {
                Way way = new Way(
                        SavedNumbers.read(in),
                        SavedNumbers.read(in),
                        SavedNumbers.read(in),
                        SavedNumbers.read(in),
                        SavedNumbers.read(in));
                for (double loss : SavedNumbers.read(in)) way.losses.add(loss);
                boolean ours = way.now.length == now.length
                        && way.mean.length == now.length
                        && way.squares.length == now.length
                        && way.best.length == now.length
                        && way.least.length == least.length;
                return ours ? Optional.of(way) : Optional.empty();
            } catch (IOException e) {
                return Optional.empty();
            }
        }

        @Override
        public void writeTo(DataOutput out) throws IOException {
            for (double[] numbers : List.of(now, mean, squares, best, least)) SavedNumbers.write(numbers, out);
            SavedNumbers.write(losses.stream().mapToDouble(it -> it).toArray(), out);
        }
    }

    /**
     * The metric, a loss, summed over the examples where ablated edges carry constants, and its gradient at them: of a circuit, or of each source
     * ablated alone.
     *
     * @param circuit runs as it stands; empty where sources are ablated alone
     */
    record Gradients(Analyses of, Optional<Circuit> circuit, SourceConstants constants) implements SumFold {
        /** How many losses stand before the gradient. */
        int losses() {
            return circuit.isPresent() ? 1 : constants.graph().sources();
        }

        @Override
        public double[] zero() {
            return new double[losses() + constants.values().length];
        }

        @Override
        public double[] run(Batch batch, int[] examples, RunOptions options) {
            ConstantGradients.Loss loss = (scope, logits, variants) -> {
                int[] rows = new int[variants * examples.length];
                for (int i = 0; i < rows.length; i++) rows[i] = examples[i % examples.length];
                RunLogits read = new RunLogits(batch, logits, options.cancel());
                return of.metric().apply(scope, of.model().torch(), read, rows); // [variant * example]
            };
            double[] sums = circuit.isPresent()
                    ? ConstantGradients.ofCircuit(batch, circuit.get(), constants, loss, options)
                    : ConstantGradients.ofEachSource(batch, constants, loss, options);
            if (Arrays.stream(sums).allMatch(Double::isFinite)) return sums;
            throw NotFinite.of("the loss of the ablated run", of.pairs(), bad(examples, options));
        }

        /** The example that made a sum NaN or infinite. */
        private int bad(int[] examples, RunOptions options) {
            if (examples.length == 1) return examples[0];
            for (int example : examples) {
                try (Batch alone = Batch.of(
                        of.model(),
                        List.of(of.pairs().pairs().get(example).clean()),
                        List.of(of.pairs().pairs().get(example).corrupted()),
                        List.of(continuations(example)),
                        0)) {
                    run(alone, new int[] {example}, options);
                } catch (UserError e) {
                    return example;
                }
            }
            return examples[0];
        }

        @Override
        public Identity identify(Identity identity) {
            throw new IllegalStateException("a step of learning is not saved by itself");
        }

        @Override
        public Continuations continuations(int example) {
            return of.metric().continuations(example);
        }

        @Override
        public String what() {
            return "constants";
        }

        @Override
        public boolean sharesPrefix() {
            return false;
        }
    }
}
