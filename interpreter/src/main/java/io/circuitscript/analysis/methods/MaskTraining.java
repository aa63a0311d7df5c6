package io.circuitscript.analysis.methods;

import io.circuitscript.analysis.Analyses;
import io.circuitscript.analysis.BatchStore;
import io.circuitscript.analysis.FoldRunner;
import io.circuitscript.analysis.Group;
import io.circuitscript.analysis.Identity;
import io.circuitscript.engine.Ablation;
import io.circuitscript.engine.CheckpointStore;
import io.circuitscript.engine.RunOptions;
import io.circuitscript.engine.SavedNumbers;
import io.circuitscript.engine.masks.Adam;
import io.circuitscript.graph.Scores;
import io.circuitscript.source.ErrorCode;
import io.circuitscript.source.UserError;
import io.circuitscript.task.SeededRandom;
import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.DataOutput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Learns masks step by step: each step runs some examples, masked, and moves the masks along the gradients. The examples are cut once into parts of
 * equal size, by chance but so that texts of a length come together, and the parts are taken in turn: what the runs of a part share is computed once.
 */
final class MaskTraining {
    static final MethodOption STEPS =
            MethodOption.count("steps", 300, 1_000_000, "how many steps the masks are learned in");
    static final MethodOption RATE = MethodOption.number(
            "rate", 1, "above 0", it -> it > 0, "how large the steps are, in parts of the authors' learning rate");

    /** Numbers of a curve. */
    private static final int MOST_LOSSES = 100;

    private static final int CHECKPOINTS = 10;

    /** What a method does. */
    interface Rule {
        /** The masks of a step. @param round which of the passes over the step's examples, from 0 on */
        MaskFold.Masks masks(int step, int round);

        /**
         * Learns from a step.
         *
         * @param gradient what {@link MaskFold.Masks#gather} made, from place 1 on
         * @param runs how many masked runs it is a sum over
         */
        void learn(int step, double[] gradient, int runs);

        /** What it learns. */
        List<Adam> learned();

        /** By edge number, 0 … 1. */
        double[] scores();
    }

    /**
     * @param word the method
     * @param steps how many there are
     * @param together how many examples a step has at most
     * @param runs how many masked runs it should have, at the least: where the examples are fewer, each has several
     * @param seed of the order of examples
     */
    record Plan(String word, int steps, int together, int runs, long seed, MaskFold.By by) {}

    private final Analyses analyses;
    private final Plan plan;
    private final Ablation ablation;
    private final Rule rule;
    private final RunOptions options;
    private final List<Double> losses = new ArrayList<>();
    private final List<List<Integer>> parts;

    /** Of the steps since the last loss of the curve. */
    private double sum;

    private int done;

    private MaskTraining(Analyses analyses, Plan plan, Ablation ablation, Rule rule, RunOptions options) {
        this.analyses = analyses;
        this.plan = plan;
        this.ablation = ablation;
        this.rule = rule;
        this.options = options;
        this.parts = parts(analyses, plan);
    }

    private static List<List<Integer>> parts(Analyses analyses, Plan plan) {
        int rows = analyses.pairs().size();
        SeededRandom random = new SeededRandom(plan.seed);
        List<Integer> order = Group.of(
                        analyses.pairs(), IntStream.range(0, rows).boxed().toList(), analyses.metric()::continuations)
                .stream()
                .flatMap(group -> random.shuffled(group.examples()).stream())
                .toList();
        int count = Math.ceilDiv(rows, plan.together);
        return random.shuffled(IntStream.range(0, count)
                .mapToObj(i -> order.subList((int) ((long) rows * i / count), (int) ((long) rows * (i + 1) / count)))
                .toList());
    }

    /** @param identity what the rule follows from, beside plan, model and data */
    static Found run(
            Analyses analyses, Plan plan, Ablation ablation, Rule rule, Identity identity, RunOptions options) {
        if (plan.by == MaskFold.By.METRIC && !analyses.metric().differentiable())
            throw UserError.input(
                    ErrorCode.NO_GRADIENT,
                    "the metric " + analyses.metric().name() + " has no gradient, along which masks could be learned",
                    "by=kl compares the distributions of the next token, whatever the metric");
        analyses.requireDifference(ablation);
        MaskTraining training = new MaskTraining(analyses, plan, ablation, rule, options);
        return training.run(identity);
    }

    private Found run(Identity identity) {
        CheckpointStore.Piece piece = options.checkpoints()
                .begin(() -> identity.add(plan.word)
                        .add(plan.steps)
                        .add(plan.seed)
                        .add(plan.by.name())
                        .add(ablation)
                        .add(analyses.metric())
                        .add(analyses.pairs())
                        .add(analyses.model(), options)
                        .bytes());
        Optional<CheckpointStore.Saved> saved = piece.saved();
        boolean whole = saved.isPresent() && goOn(saved.get());
        options.progress().begin(plan.word, plan.steps, "steps");
        try (BatchStore batches = new BatchStore()) {
            options.progress().advance(done);
            FoldRunner runner = new FoldRunner(analyses.model(), analyses.pairs(), batches);
            while (done < plan.steps) {
                step(runner);
                options.progress().advance(1);
                if (done < plan.steps && isTenth(done)) piece.checkpoint(content());
            }
        } finally {
            options.progress().end();
        }
        if (!whole) piece.completed(content());
        return Found.of(new Scores(analyses.model().graph(), rule.scores())).with(losses);
    }

    /** Whether another tenth of the way ends with so many steps. */
    private boolean isTenth(int steps) {
        return (long) steps * CHECKPOINTS / plan.steps > (long) (steps - 1) * CHECKPOINTS / plan.steps;
    }

    private void step(FoldRunner runner) {
        options.cancel().check();
        RunOptions quiet = options.within();
        List<Integer> part = parts.get(done % parts.size());
        int rounds = Math.max(1, plan.runs / part.size());
        double[] sums = null;
        for (int round = 0; round < rounds; round++) {
            MaskFold fold = new MaskFold(
                    analyses.model(),
                    analyses.pairs(),
                    analyses.metric(),
                    plan.by,
                    ablation,
                    rule.masks(done, round),
                    part);
            double[] given = runner.run(fold, quiet);
            sums = sums == null ? given : fold.merge(sums, given);
        }
        int runs = rounds * part.size();
        rule.learn(done, sums, runs);
        done++;
        note(sums[0] / runs);
    }

    /** A curve of a long training has means over some steps each. */
    private void note(double loss) {
        sum += loss;
        int numbers = Math.min(plan.steps, MOST_LOSSES);
        int before = (int) ((long) plan.steps * losses.size() / numbers);
        int end = (int) ((long) plan.steps * (losses.size() + 1) / numbers);
        if (done < end) return;
        // Further digits of a loss of nothing would be of rounding alone.
        losses.add(Math.rint(sum / (end - before) * 1e12) / 1e12);
        sum = 0;
        options.progress().note(String.format(Locale.ROOT, "loss %.3g", losses.getLast()));
    }

    /** Where the work can go on from. A copy, since what is learned changes. */
    private CheckpointStore.Content content() {
        int steps = done;
        double[] curve = losses.stream().mapToDouble(it -> it).toArray();
        double unfinished = sum;
        List<double[]> learned = rule.learned().stream().map(Adam::state).toList();
        return new CheckpointStore.Content() {
            @Override
            public void writeTo(DataOutput out) throws IOException {
                out.writeInt(steps);
                out.writeDouble(unfinished);
                SavedNumbers.write(curve, out);
                for (double[] state : learned) SavedNumbers.write(state, out);
            }
        };
    }

    /** @return whether the work had come to its end */
    private boolean goOn(CheckpointStore.Saved from) {
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(from.content()))) {
            int steps = in.readInt();
            double unfinished = in.readDouble();
            double[] curve = SavedNumbers.read(in);
            List<double[]> states = new ArrayList<>();
            for (Adam adam : rule.learned()) {
                double[] state = SavedNumbers.read(in);
                if (state.length != adam.state().length) throw new IOException("a state of " + state.length);
                states.add(state);
            }
            if (steps < 0 || steps > plan.steps || from.whole() && steps < plan.steps)
                throw new IOException(steps + " steps");
            for (int i = 0; i < states.size(); i++) rule.learned().get(i).goOnFrom(states.get(i));
            Arrays.stream(curve).forEach(losses::add);
            done = steps;
            sum = unfinished;
            return from.whole();
        } catch (IOException e) {
            return false; // somebody wrote it who is not this program: as if it were not there
        }
    }
}
