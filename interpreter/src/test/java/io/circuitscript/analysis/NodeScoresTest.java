package io.circuitscript.analysis;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.circuitscript.engine.Ablation;
import io.circuitscript.engine.ActivationPatches;
import io.circuitscript.engine.Batch;
import io.circuitscript.engine.CircuitPass;
import io.circuitscript.engine.GradientPath;
import io.circuitscript.engine.RunOptions;
import io.circuitscript.engine.torch.Precision;
import io.circuitscript.engine.torch.Scope;
import io.circuitscript.graph.Circuit;
import io.circuitscript.graph.ModelGraph;
import io.circuitscript.graph.Node;
import io.circuitscript.graph.NodeScores;
import io.circuitscript.graph.NodeSelection;
import io.circuitscript.graph.Scores;
import io.circuitscript.task.Pair;
import io.circuitscript.task.Pairs;
import java.util.BitSet;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Nodes, neurons, means and patched activations against what they must be by other ways to compute them, in each kind of model. */
class NodeScoresTest {
    private static final RunOptions OPTIONS = RunOptions.quiet();

    /** The gradient at an output is the sum of those at the slots that read it. */
    @ParameterizedTest
    @CsvSource({"gpt2, CLEAN_CORRUPTED, 0", "gpt_neox, EAP_IG, 3", "gemma2, EAP_IG, 2", "llama, EAP, 0"})
    void aNodesScoreIsTheSumOfItsEdges(String family, GradientPath.Kind kind, int steps) {
        try (Fixture fixture = new Fixture(family, Precision.FLOAT64)) {
            Analyses analyses = fixture.analyses("ioi");
            Analyses.Method method = new Analyses.Method(new GradientPath(kind, steps));
            NodeScores nodes = analyses.attributeNodes(method, Ablation.PATCHING, OPTIONS);
            Scores edges = analyses.attribute(method, Ablation.PATCHING, OPTIONS);
            ModelGraph graph = fixture.model.graph();
            double[] sums = new double[graph.sources()];
            for (int edge = 0; edge < graph.edgeIndexBound(); edge++)
                sums[graph.sourceOf(edge)] += graph.exists(edge) ? edges.of(edge) : 0;
            assertArrayEquals(sums, nodes.nodes(), 1e-9);
            fixture.batches.close();
            assertEquals(0, fixture.model.liveTensors());
        }
    }

    /** The mean over one text is the text itself; a circuit with all neurons is the circuit, and one with none carries what is ablated. */
    @ParameterizedTest
    @ValueSource(strings = {"gpt2", "gpt_neox", "gemma2"})
    void meansAndNeuronsAtTheirEnds(String family) {
        try (Fixture fixture = new Fixture(family, Precision.FLOAT64)) {
            Analyses all = fixture.analyses("greater-than");
            Pairs one =
                    new Pairs("one", all.pairs().columns(), all.pairs().pairs().subList(0, 1));
            Circuit empty = Circuit.empty(fixture.model.graph());
            Ablation itself = Analyses.mean(fixture.model, one, true, OPTIONS);
            double clean = all.baseline(OPTIONS).clean()[0];
            Analyses alone = new Analyses(fixture.model, one, all.metric(), new BatchStore());
            assertEquals(clean, alone.evaluate(empty, itself, OPTIONS)[0], 1e-9);
            alone.store().close();

            Circuit full = Circuit.full(fixture.model.graph());
            int width = fixture.model.config().dModel();
            BitSet every = new BitSet();
            every.set(0, width * fixture.model.graph().sources());
            double[] intact = all.baseline(OPTIONS).clean();
            assertArrayEquals(intact, all.evaluate(full.withNeurons(width, every), Ablation.ZERO, OPTIONS), 1e-9);
            assertArrayEquals(
                    all.baseline(OPTIONS).corrupted(),
                    all.evaluate(full.withNeurons(width, new BitSet()), Ablation.PATCHING, OPTIONS),
                    1e-9);
        }
    }

    /** The edges among all nodes are all edges, and all neurons of some nodes are those nodes. */
    @ParameterizedTest
    @ValueSource(strings = {"gpt2", "gpt_neox"})
    void choosing(String family) {
        try (Fixture fixture = new Fixture(family, Precision.FLOAT32)) {
            ModelGraph graph = fixture.model.graph();
            double[] neurons = IntStream.range(0, graph.sources() * 4)
                    .mapToDouble(i -> i % 3 == 0 ? -i : 1.0 / (1 + i))
                    .toArray();
            NodeScores scores = NodeScores.ofNeurons(graph, neurons);
            assertEquals(Circuit.full(graph), NodeSelection.topNodes(scores, graph.sources(), true));
            assertEquals(
                    graph.edgeCount(),
                    NodeSelection.topNeurons(scores, graph.sources() * 4, false).edgeCount());
            Circuit some = NodeSelection.topNeurons(scores, 5, true);
            assertEquals(5, some.neuronCount());
            assertEquals(0, NodeSelection.topNodes(scores, 0, true).edgeCount());
            assertEquals(
                    List.of(Node.INPUT),
                    NodeSelection.topNodes(NodeScores.ofNodes(graph, oneHot(graph.sources())), 1, true)
                            .nodes());
        }
    }

    private static double[] oneHot(int length) {
        double[] values = new double[length];
        values[0] = -2;
        return values;
    }

    /** A head of the clean run in the corrupted one is what ablating all its edges there gives, with the texts the other way round. */
    @ParameterizedTest
    @ValueSource(strings = {"gpt2", "gpt_neox", "gemma2"})
    void aPatchedHeadIsAnAblatedOne(String family) {
        try (Fixture fixture = new Fixture(family, Precision.FLOAT64)) {
            Pair pair = fixture.analyses("ioi").pairs().pairs().getFirst();
            ModelGraph graph = fixture.model.graph();
            var grid = Patching.of(
                    fixture.model, pair.clean(), pair.corrupted(), ActivationPatches.Over.HEAD, 7, 11, OPTIONS);
            for (int layer = 0; layer < graph.layers(); layer++) {
                for (int head = 0; head < graph.heads(); head++) {
                    int source = graph.source(Node.head(layer, head));
                    BitSet leaving = new BitSet();
                    for (int slot = 0; slot < graph.slots(); slot++)
                        if (source < graph.sourcesBefore(slot)) leaving.set(graph.edge(source, slot));
                    assertEquals(
                            difference(fixture, pair, Circuit.full(graph).without(leaving)),
                            grid.patched()[layer][head],
                            1e-9);
                }
            }
            assertEquals(difference(fixture, pair, Circuit.full(graph)), grid.corrupted(), 1e-9);
            assertEquals(difference(fixture, pair, Circuit.empty(graph)), grid.clean(), 1e-9);
            var streams = Patching.of(
                    fixture.model, pair.clean(), pair.corrupted(), ActivationPatches.Over.RESID, 7, 11, OPTIONS);
            assertEquals(grid.corrupted(), streams.patched()[0][0], 1e-9); // the first position is the same in both
            assertEquals(0, fixture.model.liveTensors());
        }
    }

    private static double difference(Fixture fixture, Pair pair, Circuit circuit) {
        try (Batch batch = Batch.of(fixture.model, List.of(pair.corrupted()), List.of(pair.clean()), 0);
                Scope scope = fixture.model.torch().scope()) {
            double[] logits = fixture.model
                    .torch()
                    .toHost(CircuitPass.logits(scope, batch, circuit, Ablation.PATCHING, OPTIONS.cancel()));
            return logits[7] - logits[11];
        }
    }
}
