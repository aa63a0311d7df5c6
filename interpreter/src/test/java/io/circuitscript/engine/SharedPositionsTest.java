package io.circuitscript.engine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.circuitscript.analysis.Fixture;
import io.circuitscript.engine.positions.SharedPositions;
import io.circuitscript.engine.torch.Precision;
import io.circuitscript.engine.torch.Scope;
import io.circuitscript.engine.torch.Tensor;
import io.circuitscript.engine.torch.Torch;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A batch whose rows share positions computes what each of its rows gives alone, where nothing is shared. Rows of one example that begin alike are
 * held against transformers by the tests of answers of several tokens.
 */
final class SharedPositionsTest {
    private static final CancelToken CANCEL = new CancelToken();
    private static final GradientPath EAP = new GradientPath(GradientPath.Kind.EAP, 0, GradientPath.Rules.DERIVATIVES);
    private static final GradientPath EAP_IG =
            new GradientPath(GradientPath.Kind.EAP_IG, 2, GradientPath.Rules.DERIVATIVES);

    /** Rows of two lengths. */
    private record Rows(List<int[]> clean, List<int[]> corrupted, int start) {
        /** Of few tokens, so that they begin alike; some rows again, with another text or the same beside them. */
        static Rows drawn(Random random) {
            int start = random.nextInt(4);
            int[] lengths = {start + 1 + random.nextInt(3), start + 3 + random.nextInt(4)};
            int count = 2 + random.nextInt(11);
            List<int[]> clean = new ArrayList<>();
            List<int[]> corrupted = new ArrayList<>();
            for (int row = 0; row < count; row++) {
                int again = random.nextInt(2 * count);
                int[] text = again < row
                        ? clean.get(again)
                        : random.ints(lengths[random.nextInt(2)], 3, 6).toArray();
                int[] other = text.clone();
                for (int i = start; i < other.length; i++) other[i] = random.nextInt(3, 5);
                clean.add(text);
                corrupted.add(other);
            }
            return new Rows(clean, corrupted, start);
        }

        Batch batch(Transformer model) {
            return Batch.of(model, clean, corrupted, start);
        }

        Batch alone(Transformer model, int row) {
            return Batch.of(model, List.of(clean.get(row)), List.of(corrupted.get(row)), start);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "gpt2",
                "gpt_neox",
                "llama",
                "mistral",
                "qwen2",
                "gemma2",
                "bloom",
                "bloom-six-heads",
                "cohere",
                "cohere2",
                "falcon",
                "gemma3_text",
                "glm4",
                "gpt_neo",
                "gptj",
                "granite",
                "mpt",
                "olmo2",
                "olmo3",
                "opt",
                "opt-projected",
                "phi",
                "phi-qk",
                "qwen3",
                "smollm3",
                "stablelm-qk",
                "starcoder2"
            })
    void aBatchIsItsRows(String family) {
        List<String> fixtures = List.of("gpt2", "gpt_neox", "llama", "mistral", "qwen2", "gemma2");
        try (Fixture fixture = fixtures.contains(family)
                ? new Fixture(family, Precision.FLOAT64)
                : Fixture.family(family, Precision.FLOAT64)) {
            Random random = new Random(family.hashCode());
            Rows rows = Rows.drawn(random);
            runs(fixture.model, rows, false);
            scores(fixture.model, rows, EAP_IG);
            rows = Rows.drawn(random);
            runs(fixture.model, rows, true);
            scores(fixture.model, rows, EAP);
            assertEquals(0, fixture.model.liveTensors());
        }
    }

    /** The activations and logits of plain runs. */
    private static void runs(Transformer model, Rows rows, boolean together) {
        try (Batch batch = rows.batch(model)) {
            if (together) batch.bothRuns(CANCEL);
            double[] clean = logits(model, scope -> batch.takeCleanLogits(scope, CANCEL));
            double[] corrupted = logits(model, scope -> batch.takeCorruptedLogits(scope, CANCEL));
            List<Tensor> run = kept(batch);
            for (int row = 0; row < batch.size(); row++) {
                try (Batch alone = rows.alone(model, row)) {
                    double[] cleanAlone = logits(model, scope -> alone.takeCleanLogits(scope, CANCEL));
                    double[] corruptedAlone = logits(model, scope -> alone.takeCorruptedLogits(scope, CANCEL));
                    int each = cleanAlone.length;
                    assertClose(cleanAlone, Arrays.copyOfRange(clean, row * each, row * each + each));
                    assertClose(corruptedAlone, Arrays.copyOfRange(corrupted, row * each, row * each + each));
                    List<Tensor> runAlone = kept(alone);
                    assertEquals(runAlone.size(), run.size());
                    for (int i = 0; i < run.size(); i++) {
                        double[] numbers = model.torch().toHost(runAlone.get(i));
                        double[] all = model.torch().toHost(run.get(i));
                        int from = all.length / batch.size() * row;
                        assertClose(numbers, Arrays.copyOfRange(all, from, from + numbers.length));
                    }
                }
            }
        }
    }

    private static double[] logits(Transformer model, Function<Scope, Tensor> taken) {
        try (Scope scope = model.torch().scope()) {
            return model.torch().toHost(taken.apply(scope));
        }
    }

    /**
     * What a batch keeps of the corrupted run: of each row its positions first, then padding. {@code [batch, pos, …]} each. Not what comes after the last
     * attention, which is known where logits are read, and is in the logits.
     */
    private static List<Tensor> kept(Batch batch) {
        AblatedRun run = batch.ablated(Ablation.PATCHING, CANCEL);
        int before = batch.model().graph().layers() - 1;
        List<Tensor> kept = new ArrayList<>(List.of(run.input()));
        for (List<Tensor> some :
                List.of(run.z(), run.ports().q(), run.ports().k(), run.ports().v(), run.residPre())) kept.addAll(some);
        for (List<Tensor> some : List.of(run.attentionSum(), run.mlpOut(), run.mlpIn()))
            kept.addAll(some.subList(0, Math.min(before, some.size())));
        return kept;
    }

    private static void scores(Transformer model, Rows rows, GradientPath path) {
        double[] sum = new double[model.graph().edgeIndexBound()];
        for (int row = 0; row < rows.clean.size(); row++) {
            try (Batch alone = rows.alone(model, row)) {
                double[] scores = scores(alone, path);
                for (int i = 0; i < sum.length; i++) sum[i] += scores[i];
            }
        }
        try (Batch batch = rows.batch(model)) {
            assertClose(sum, scores(batch, path));
        }
    }

    /** Of a metric that squares a logit of each row. */
    private static double[] scores(Batch batch, GradientPath path) {
        Torch torch = batch.model().torch();
        return EdgeAttribution.scores(
                batch,
                batch.model().graph(),
                path,
                Ablation.PATCHING,
                (scope, logits) -> {
                    long[] one = new long[batch.points()];
                    Arrays.fill(one, 5);
                    Tensor ids = torch.longs(scope, one, one.length, 1);
                    Tensor taken = torch.takeRows(scope, logits, ids); // [point, 1]
                    return torch.total(scope, torch.multiply(scope, taken, taken));
                },
                RunOptions.quiet());
    }

    private static void assertClose(double[] expected, double[] found) {
        double largest = DoubleStream.of(expected).map(Math::abs).max().orElseThrow();
        assertArrayEquals(expected, found, 1e-12 * Math.max(1, largest));
    }

    /** Also of the last layer, whose logits are read at the last position alone. */
    @ParameterizedTest
    @ValueSource(strings = {"gpt2", "gpt_neox", "gemma2"})
    void meansAreOfEveryPosition(String family) {
        int[] text = {3, 4, 5, 3};
        try (Fixture fixture = new Fixture(family, Precision.FLOAT64)) {
            Transformer model = fixture.model;
            double[][] whole = lastMeans(model, Collections.nCopies(4, text));
            for (int position = 0; position < text.length; position++) {
                double[][] beginning = lastMeans(model, List.of(Arrays.copyOf(text, position + 1)));
                assertClose(beginning[position], whole[position]);
            }
            assertEquals(0, model.liveTensors());
        }
    }

    /** What the last MLP gives at each position, on average. */
    private static double[][] lastMeans(Transformer model, List<int[]> texts) {
        int positions = texts.getFirst().length;
        try (Batch batch = Batch.of(model, texts, texts, 0);
                Scope scope = model.torch().scope()) {
            SourceMeans means = SourceMeans.none(model, "texts", true).and(batch, CANCEL);
            Tensor last = means.mlpOut(model.torch(), scope, model.graph().layers() - 1, positions); // [1, pos, dModel]
            double[] numbers = model.torch().toHost(last);
            int each = numbers.length / positions;
            return IntStream.range(0, positions)
                    .mapToObj(at -> Arrays.copyOfRange(numbers, at * each, (at + 1) * each))
                    .toArray(double[][]::new);
        }
    }

    @Test
    void nodesAreTheDistinctBeginnings() {
        try (Fixture fixture = new Fixture("gpt2", Precision.FLOAT32);
                Scope scope = fixture.model.torch().scope()) {
            Torch torch = fixture.model.torch();
            List<int[]> texts = List.of(
                    new int[] {7, 8, 9}, new int[] {7, 8}, new int[] {7, 8, 5}, new int[] {7, 8, 9}, new int[] {6, 8, 9
                    });
            SharedPositions all = SharedPositions.of(torch, scope, texts, 0, 3);
            assertArrayEquals(new long[] {0, 1, 2, 2, 0, 1, 2}, all.positions());
            double[] of = torch.toHost(all.nodes(scope, 0, 5, 0, 3).of());
            assertArrayEquals(new double[] {0, 1, 2, 0, 1, 1, 0, 1, 3, 0, 1, 2, 4, 5, 6}, of);

            // Behind a prefix, the same token after another prefix is another node.
            SharedPositions last = SharedPositions.of(torch, scope, texts, 1, 2);
            assertArrayEquals(new long[] {1, 2, 2, 1, 2}, last.positions());
            assertNull(SharedPositions.of(torch, scope, texts.subList(3, 5), 0, 3), "nothing to share");
        }
    }

    @Test
    void equalTextsShareTheirPositions() {
        try (Fixture fixture = new Fixture("gpt2", Precision.FLOAT32)) {
            List<int[]> clean = IntStream.range(0, 8)
                    .mapToObj(row -> new int[] {row, row + 1, row + 2})
                    .toList();
            List<int[]> same = Collections.nCopies(8, new int[] {20, 21, 22});
            assertTrue(sharesPositions(fixture.model, same));
            assertFalse(sharesPositions(fixture.model, clean), "nothing to share");
        }
    }

    /** Whether the corrupted run goes from nodes to rows: what it keeps is of all rows either way. */
    private static boolean sharesPositions(Transformer model, List<int[]> corrupted) {
        List<int[]> clean = corrupted.stream().map(text -> new int[] {1, 2, 3}).toList();
        Set<String> operations = new HashSet<>();
        try (Batch batch = Batch.of(model, clean, corrupted, 0)) {
            model.torch().setBefore(operations::add);
            AblatedRun run = batch.ablated(Ablation.PATCHING, CANCEL);
            model.torch().setBefore(operation -> {});
            assertTrue(run.z().stream().allMatch(z -> z.size(0) == corrupted.size()));
        }
        return operations.contains("by_position");
    }
}
