package io.circuitscript.analysis;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.circuitscript.engine.Ablation;
import io.circuitscript.engine.Batch;
import io.circuitscript.engine.CancelToken;
import io.circuitscript.engine.CircuitPass;
import io.circuitscript.engine.Continuations;
import io.circuitscript.engine.RunOptions;
import io.circuitscript.engine.masks.AblatedValues;
import io.circuitscript.engine.masks.MaskedPass;
import io.circuitscript.engine.torch.Precision;
import io.circuitscript.engine.torch.Scope;
import io.circuitscript.engine.torch.Tensor;
import io.circuitscript.engine.torch.Torch;
import io.circuitscript.graph.Circuit;
import io.circuitscript.graph.ModelGraph;
import io.circuitscript.task.Pair;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A masked run with shares of 0 and 1 is the circuit's, in every family; its gradients are what finite differences show. */
class MaskedPassTest {
    private static final int ROWS = 2;

    static Stream<String> families() throws IOException {
        try (Stream<Path> folders = Files.list(Fixture.resource("/families"))) {
            return folders
                    .filter(Files::isDirectory)
                    .map(folder -> folder.getFileName().toString())
                    .sorted()
                    .toList()
                    .stream();
        }
    }

    @ParameterizedTest
    @MethodSource("families")
    void equalsCircuitsAndFiniteDifferences(String family) {
        try (Fixture fixture = Fixture.family(family, Precision.FLOAT64)) {
            Analyses analyses = fixture.analyses("greater-than", Fixture.resource("/families/greater-than.csv"));
            Ablation mean = Analyses.mean(fixture.model, analyses.pairs(), true, RunOptions.quiet());
            try (Case it = new Case(fixture, analyses, mean, Continuations.NONE)) {
                it.equalsTheCircuit();
            }
            try (Case it = new Case(fixture, analyses, Ablation.PATCHING, Continuations.NONE)) {
                it.equalsTheCircuit();
                it.sharedGradients();
                it.gradientsOfEachExample();
            }
            try (Case it = new Case(fixture, analyses, Ablation.ZERO, Continuations.NONE)) {
                it.equalsTheCircuit();
                it.zerosAsConstants();
                it.gradientsOfConstants();
            }
            fixture.batches.close();
            assertEquals(0, fixture.model.liveTensors());
        }
    }

    @Test
    void severalRowsOfAnExampleShareItsMask() {
        try (Fixture fixture = new Fixture("gpt2", Precision.FLOAT64)) {
            Analyses analyses = fixture.analyses("greater-than");
            Continuations two = new Continuations(
                    List.of(List.of(3, 4), List.of(5)),
                    List.of(new Continuations.Point(0, 0), new Continuations.Point(0, 1)));
            try (Case it = new Case(fixture, analyses, Ablation.PATCHING, two)) {
                it.equalsTheCircuit();
                it.sharedGradients();
                it.gradientsOfEachExample();
            }
        }
    }

    /** Some examples of a model, with random numbers that depend on nothing. */
    private static final class Case implements AutoCloseable {
        private final Torch torch;
        private final ModelGraph graph;
        private final Batch batch;
        private final Ablation ablation;
        private final CancelToken cancel = new CancelToken();
        private final Random random = new Random(7);

        Case(Fixture fixture, Analyses analyses, Ablation ablation, Continuations then) {
            this.torch = fixture.model.torch();
            this.graph = fixture.model.graph();
            this.ablation = ablation;
            List<Pair> pairs = analyses.pairs().pairs().subList(0, ROWS);
            int start = ablation != Ablation.PATCHING
                    ? 0
                    : pairs.stream()
                            .mapToInt(pair -> Arrays.mismatch(pair.clean(), pair.corrupted()))
                            .min()
                            .orElseThrow();
            batch = Batch.of(
                    fixture.model,
                    pairs.stream().map(Pair::clean).toList(),
                    pairs.stream().map(Pair::corrupted).toList(),
                    Collections.nCopies(ROWS, then),
                    start);
        }

        private double[] uniforms(int count) {
            return random.doubles(count).toArray();
        }

        void equalsTheCircuit() {
            BitSet edges = new BitSet();
            for (int edge = 0; edge < graph.edgeIndexBound(); edge++)
                if (graph.exists(edge) && random.nextInt(3) > 0) edges.set(edge);
            double[] shares = new double[graph.edgeIndexBound()];
            edges.stream().forEach(edge -> shares[edge] = 1);
            try (Scope scope = torch.scope()) {
                double[] expected =
                        torch.toHost(CircuitPass.logits(scope, batch, new Circuit(graph, edges), ablation, cancel));
                AblatedValues values = AblatedValues.of(batch, ablation, cancel);
                assertArrayEquals(expected, logits(scope, shares, 1, values), 1e-10);
            }
        }

        private double[] logits(Scope scope, double[] shares, int sets, AblatedValues values) {
            Tensor masks = torch.numbers(scope, shares, sets, graph.sources(), graph.slots());
            try (MaskedPass pass = MaskedPass.of(batch, masks, values, cancel)) {
                return torch.toHost(pass.logits());
            }
        }

        void sharedGradients() {
            gradients(1);
        }

        void gradientsOfEachExample() {
            gradients(ROWS);
        }

        private void gradients(int sets) {
            double[] shares = uniforms(sets * graph.edgeIndexBound());
            double[] direction = uniforms(shares.length);
            try (Scope scope = torch.scope()) {
                AblatedValues values = AblatedValues.of(batch, ablation, cancel);
                double[] found;
                try (MaskedPass pass = MaskedPass.of(batch, masks(scope, shares, sets), values, cancel)) {
                    Tensor loss = loss(scope, pass.logits());
                    found = torch.toHost(pass.gradients(scope, loss).masks());
                }
                for (int i = 0; i < found.length; i++)
                    assertTrue(graph.exists(i % graph.edgeIndexBound()) || found[i] == 0);
                assertSlope(found, direction, step -> {
                    double[] moved = moved(shares, direction, step);
                    try (Scope one = torch.scope();
                            MaskedPass pass = MaskedPass.of(batch, masks(one, moved, sets), values, cancel)) {
                        return torch.toHost(loss(one, pass.logits()))[0];
                    }
                });
            }
        }

        void zerosAsConstants() {
            double[] shares = uniforms(graph.edgeIndexBound());
            try (Scope scope = torch.scope()) {
                double[] expected = logits(scope, shares, 1, AblatedValues.of(batch, Ablation.ZERO, cancel));
                int width = batch.model().config().dModel();
                Tensor nothing = torch.numbers(scope, new double[graph.sources() * width], graph.sources(), width);
                assertArrayEquals(
                        expected, logits(scope, shares, 1, AblatedValues.constants(scope, batch, nothing)), 1e-10);
            }
        }

        void gradientsOfConstants() {
            int width = batch.model().config().dModel();
            double[] shares = uniforms(ROWS * graph.edgeIndexBound());
            double[] numbers = uniforms(graph.sources() * width);
            double[] direction = uniforms(numbers.length);
            try (Scope scope = torch.scope()) {
                Tensor masks = masks(scope, shares, ROWS);
                Tensor constants = torch.numbers(scope, numbers, graph.sources(), width);
                double[] found;
                AblatedValues values = AblatedValues.constants(scope, batch, constants);
                try (MaskedPass pass = MaskedPass.of(batch, masks, values, cancel)) {
                    found = torch.toHost(
                            pass.gradients(scope, loss(scope, pass.logits())).constants());
                }
                assertSlope(found, direction, step -> {
                    double[] moved = moved(numbers, direction, step);
                    try (Scope one = torch.scope()) {
                        Tensor there = torch.numbers(one, moved, graph.sources(), width);
                        AblatedValues theirs = AblatedValues.constants(one, batch, there);
                        try (MaskedPass pass = MaskedPass.of(batch, masks, theirs, cancel)) {
                            return torch.toHost(loss(one, pass.logits()))[0];
                        }
                    }
                });
            }
        }

        private Tensor masks(Scope scope, double[] shares, int sets) {
            return torch.numbers(scope, shares, sets, graph.sources(), graph.slots());
        }

        /** KL from a fixed distribution, which has a gradient everywhere. */
        private Tensor loss(Scope scope, Tensor logits) {
            Tensor clean = torch.logSoftmax(scope, batch.keptCleanLogits(cancel)); // [point, dVocab]
            return torch.total(scope, torch.divergence(scope, clean, torch.logSoftmax(scope, logits)));
        }

        private static double[] moved(double[] from, double[] direction, double step) {
            double[] moved = from.clone();
            for (int i = 0; i < moved.length; i++) moved[i] += step * direction[i];
            return moved;
        }

        private static void assertSlope(
                double[] gradient, double[] direction, java.util.function.DoubleUnaryOperator loss) {
            double along = 0;
            double size = 0;
            for (int i = 0; i < gradient.length; i++) {
                along += gradient[i] * direction[i];
                size += Math.abs(gradient[i] * direction[i]);
            }
            // Small, so that no input of a ReLU changes its sign.
            double step = 1e-6;
            double further = loss.applyAsDouble(step);
            double slope = (further - loss.applyAsDouble(-step)) / (2 * step);
            // The last bits of a loss of several terms are rounding, and so are those of logits, which are of size 1
            // and more.
            double rounding = 8 * Math.max(Math.ulp(further), Math.ulp(1.0)) / step;
            assertEquals(slope, along, 1e-7 * size + rounding);
            assertTrue(size > 1e-6, "a gradient of nothing");
        }

        @Override
        public void close() {
            batch.close();
        }
    }
}
