package io.circuitscript.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.circuitscript.graph.Circuit;
import io.circuitscript.graph.ModelGraph;
import io.circuitscript.graph.Node;
import io.circuitscript.graph.Slot;
import io.circuitscript.model.Activation;
import io.circuitscript.model.AttentionShape;
import io.circuitscript.model.Families;
import io.circuitscript.model.Family;
import io.circuitscript.model.ModelConfig;
import io.circuitscript.model.Scales;
import java.util.BitSet;
import java.util.Collections;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Counts against counts by hand. */
final class FlopCountTest {
    /** 2 layers, 2 heads, dModel 4, dHead 3, dMlp 5, dVocab 7: no two sizes whose mixing up would not show. */
    private static final ModelConfig TINY = config(2, 2, 4, 3, 5, 7);

    /** 2 positions after 3. */
    private static final FlopCount COUNT = new FlopCount(TINY, 2, 3);

    // Each term is 2 × rows × inner × columns.
    private static final long PREFIX = 2
            * ( // layers
            2 * 3 * 4 * 18 // q, k and v of 2 heads × 3
                    + 2 * (2 * 3 * 3 * 3 + 2 * 3 * 3 * 3) // heads × (queries with keys, weights with values)
                    + 2 * 3 * 6 * 4 // out
                    + 2 * 3 * 4 * 5
                    + 2 * 3 * 5 * 4); // MLP
    private static final long WINDOW = 2
            * (2 * 2 * 4 * 18
                    + 2 * (2 * 2 * 3 * 5 + 2 * 2 * 5 * 3) // 5 keys: 3 of the prefix
                    + 2 * 2 * 6 * 4
                    + 2 * 2 * 4 * 5
                    + 2 * 2 * 5 * 4);
    private static final long UNEMBEDDING = 2 * 1 * 4 * 7; // the last position only
    private static final long BACKWARD = 2 * 1 * 7 * 4 // from the logits
            + 2 * (2 * 2 * 5 * 4 + 2 * 2 * 4 * 5) // MLP
            + 2 * (2 * 2 * 4 * 6) // out
            + 2 * (2 * (4 * (2 * 2 * 3 * 5))) // layers × heads × 4 products: to weights, values, queries, keys
            + 2 * 2 * 18 * 4; // q, k and v of the second layer only: before the first nothing is asked for
    private static final long NORM_PARTS =
            2 * 2 * (1 * 4 + 4 * 4) // 1 and 4 sources along the stream: positions × sources × dModel
                    + 3 * (2 * 1 * 2 * 2 + 2 * 4 * 2 * 2); // ports × sources × positions × heads
    private static final long HEAD_OUTPUTS = 2 * (2 * 2 * 6 * 4);
    private static final long SLOT_GRADIENTS = 2 * (2 * 2 * 18 * 4);
    private static final long SCORES = 2 * (1 * 6 + 3 * 1 + 4 * 6 + 6 * 1) * (2 * 4) // edges × positions × dModel
            + 2 * 7 * 4; // into logits at the last position

    @Test
    void plainRuns() {
        assertEquals(2064, PREFIX);
        assertEquals(1568, WINDOW);
        assertEquals(PREFIX + WINDOW + UNEMBEDDING + WINDOW + UNEMBEDDING, COUNT.baseline());
    }

    @Test
    void eap() {
        assertEquals(
                PREFIX
                        + WINDOW // corrupted
                        + WINDOW
                        + UNEMBEDDING
                        + BACKWARD
                        + NORM_PARTS // clean
                        + HEAD_OUTPUTS
                        + SLOT_GRADIENTS
                        + SCORES,
                COUNT.attribution(0));
    }

    @Test
    void integratedGradients() {
        assertEquals(
                PREFIX
                        + WINDOW
                        + WINDOW // corrupted and clean
                        + 3 * (WINDOW + UNEMBEDDING + BACKWARD + NORM_PARTS)
                        + HEAD_OUTPUTS
                        + SLOT_GRADIENTS
                        + SCORES, // once, whatever the steps
                COUNT.attribution(3));
    }

    @Test
    void aCircuitsOwnNodes() {
        ModelGraph graph = TINY.graph();
        BitSet edges = new BitSet();
        edges.set(graph.edge(0, graph.slot(new Slot(Node.mlp(0), Slot.Port.WHOLE)))); // input->m0
        edges.set(graph.edge(
                graph.source(Node.mlp(0)), graph.slot(new Slot(Node.head(1, 1), Slot.Port.V)))); // m0->a1.h1<v>
        edges.set(graph.edge(graph.source(Node.head(1, 1)), graph.slots() - 1)); // a1.h1->logits
        long m0 = 2 * 1 * 1 * (2 * 4) // its input from 1 source
                + 2 * 2 * 4 * 5
                + 2 * 2 * 5 * 4;
        long head = 2 * 1 * 2 * (2 * 4) // v's input from 2 sources; q and k are those of the ablated run
                + 2 * 2 * 4 * 3
                + 2 * 2 * 3 * 5
                + 2 * 2 * 5 * 3
                + 2 * 2 * 3 * 4; // out
        long logits = 2 * 1 * 3 * (2 * 4) + UNEMBEDDING; // from 3 sources
        long plain = PREFIX + WINDOW + UNEMBEDDING + WINDOW + UNEMBEDDING;
        assertEquals(plain + m0 + head + logits, COUNT.evaluation(new Circuit(graph, edges)));
    }

    @Test
    void theEmptyCircuitTakesItsLogitsOnly() {
        assertEquals(COUNT.baseline() + UNEMBEDDING, COUNT.evaluation(Circuit.empty(TINY.graph())));
    }

    @Test
    void edgesAblatedOneAtATime() {
        long mlp = 2 * 2 * 4 * 5 + 2 * 2 * 5 * 4;
        long head = 2 * 2 * 4 * 3 // one of q, k and v
                + 2 * 2 * 3 * 5
                + 2 * 2 * 5 * 3
                + 2 * 2 * 3 * 4; // out
        long starts = PREFIX + 2 * WINDOW + UNEMBEDDING + HEAD_OUTPUTS;
        assertEquals(starts, COUNT.exact(new int[0]));
        // Slots of a layer: q, k and v of 2 heads, then the MLP; 15 in all.
        assertEquals(
                starts + 1 * (head + mlp + WINDOW / 2 + UNEMBEDDING),
                COUNT.exact(new int[] {3})); // 1 source before a0.h1<k>
        assertEquals(starts + 6 * (mlp + UNEMBEDDING), COUNT.exact(new int[] {13})); // 6 before m1
        assertEquals(
                starts + 4 * (head + mlp + UNEMBEDDING) + 7 * UNEMBEDDING,
                COUNT.exact(new int[] {7, 14})); // 4 before a1.h0<q>, 7 before logits
    }

    /** 4 heads that share 2 keys and values, and an MLP with a gate. */
    @Test
    void groupedHeadsAndAGate() {
        FlopCount count =
                new FlopCount(config(Families.named("llama").orElseThrow(), 1, 4, 2, 4, 3, 5, 7, false), 2, 0);
        long mlp = 3 * (2 * 2 * 4 * 5);
        long attention = 4 * 2 * (2 * 2 * 3 * 2);
        long window = 2 * 2 * 4 * (4 + 2 + 2) * 3 // q of 4 heads, k and v of 2
                + attention
                + 2 * 2 * 12 * 4
                + mlp;
        long backward = window + attention - 2 * 2 * 4 * 24 + UNEMBEDDING;
        long normParts = 2 * 2 * (1 * 4) + 3 * (2 * 1 * 2 * 4);
        long slots = 2 * 2 * 4 * (3 * 12); // each head has its own k and v
        long scores = 2 * (12 * 1 + 5) * (2 * 4) + 2 * 6 * 4;
        assertEquals(2 * (window + UNEMBEDDING), count.baseline());
        assertEquals(
                window + window + UNEMBEDDING + backward + normParts + 2 * 2 * 12 * 4 + slots + scores,
                count.attribution(0));
    }

    /** What a head gives reaches no MLP of its layer. */
    @Test
    void aParallelBlock() {
        FlopCount count =
                new FlopCount(config(Families.named("gpt_neox").orElseThrow(), 2, 2, 2, 4, 3, 5, 7, true), 2, 3);
        assertEquals(PREFIX + WINDOW + UNEMBEDDING + WINDOW + UNEMBEDDING, count.baseline());
        long head = 2 * 2 * 4 * 3 + 2 * 2 * 3 * 5 + 2 * 2 * 5 * 3 + 2 * 2 * 3 * 4;
        long starts = count.exact(new int[0]);
        assertEquals(starts + 1 * (head + WINDOW / 2 + UNEMBEDDING), count.exact(new int[] {3}));
        assertEquals(
                starts + 4 * (2 * 2 * 4 * 5 + 2 * 2 * 5 * 4 + UNEMBEDDING),
                count.exact(new int[] {13})); // its layer's heads are not before m1
    }

    /** Every run's gradients meet differences of their own. */
    @Test
    void aNormAfterAttention() {
        FlopCount count =
                new FlopCount(config(Families.named("gemma2").orElseThrow(), 2, 2, 2, 4, 3, 5, 7, false), 2, 0);
        long once = count.attribution(1);
        assertEquals(
                once
                        + 2
                                * (count.window()
                                        + UNEMBEDDING
                                        + count.backward()
                                        + count.normParts()
                                        + SLOT_GRADIENTS
                                        + SCORES),
                count.attribution(3));
    }

    /** GPT-2 small and 13 tokens that differ from the ninth on: 4.4 GFLOP of passes and scores, where plain runs of everything need 9.6. */
    @Test
    void gpt2Small() {
        ModelConfig config = config(12, 12, 768, 64, 3072, 50257);
        FlopCount count = new FlopCount(config, 5, 8);
        long passes = count.prefixRun() + 2 * count.window() + count.unembedding() + count.backward();
        assertEquals((8 + 3 * 5) * 12 * 24 * 768L * 768L, passes, 0.05 * passes);
        assertEquals(4.4e9, passes + count.scoreProducts(), 0.1e9);
        assertEquals(4.594e9, count.attribution(0), 0.001e9);
        FlopCount whole = new FlopCount(config, 13, 0);
        assertEquals(9.6e9, 3 * (whole.window() + 13 * whole.unembedding()), 0.1e9);
    }

    @Test
    void aWindowHasAPosition() {
        assertThrows(IllegalArgumentException.class, () -> new FlopCount(TINY, 0, 3));
    }

    private static ModelConfig config(int layers, int heads, int dModel, int dHead, int dMlp, int dVocab) {
        return config(Families.named("gpt2").orElseThrow(), layers, heads, heads, dModel, dHead, dMlp, dVocab, false);
    }

    private static ModelConfig config(
            Family family,
            int layers,
            int heads,
            int kvHeads,
            int dModel,
            int dHead,
            int dMlp,
            int dVocab,
            boolean parallel) {
        var attention = Collections.nCopies(layers, new AttentionShape(1, 0, 0, Optional.empty()));
        return new ModelConfig(
                "counted",
                family,
                layers,
                heads,
                kvHeads,
                dModel,
                dModel,
                dHead,
                dMlp,
                dVocab,
                1024,
                0,
                1e-5,
                Activation.GELU_TANH,
                parallel,
                family.parts().keySet(),
                Set.of(),
                Scales.NONE,
                0,
                attention);
    }
}
