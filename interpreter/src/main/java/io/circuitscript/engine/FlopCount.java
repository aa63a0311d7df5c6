package io.circuitscript.engine;

import io.circuitscript.graph.Circuit;
import io.circuitscript.graph.ModelGraph;
import io.circuitscript.graph.Node;
import io.circuitscript.graph.Slot;
import io.circuitscript.model.Family.Part;
import io.circuitscript.model.ModelConfig;

/**
 * How many floating-point operations one example takes under patching: pure arithmetic from a model's shape, for speeds to be told by. A multiply-add
 * counts two. Matrix products count and nothing else: norms, activations, softmax and copies do not. Nor does what is computed to be thrown away:
 * products for pairs of a source and a slot that are no edge, what a library recomputes, the second row that a single example is given at its
 * last position. The last layer counts at all positions, though what comes after its attention is computed only where logits are read. Every row
 * counts as if it were alone: what rows of a batch share is run once, but counts for each of them, so that the rate of a batch whose rows begin alike
 * may come out above the machine's own.
 *
 * <p>Of a circuit whose edges are told apart by spans it counts what its nodes would take at all positions.
 *
 * @param width positions of the window: those from the first on in which clean and corrupted differ
 * @param prefix positions before the window, computed once for a batch
 */
public record FlopCount(ModelConfig config, int width, int prefix) {
    public FlopCount {
        if (width < 1 || prefix < 0)
            throw new IllegalArgumentException("a window of " + width + " positions after " + prefix);
    }

    /** Both plain runs, clean and corrupted, after one prefix. */
    public long baseline() {
        return prefixRun() + 2 * (window() + unembedding());
    }

    /**
     * The scores of every edge.
     *
     * @param steps 0 for EAP, else the number of integration steps
     */
    public long attribution(int steps) {
        // EAP's run with gradients is the clean run itself; EAP-IG's lie elsewhere.
        long plainRuns = steps == 0 ? 1 : 2;
        long gradients = Math.max(1, steps) * (window() + unembedding() + backward() + normParts());
        // What heads change is of each run where a norm follows them: nothing can be summed over the runs first.
        long sums = config.has(Part.ATTENTION_OUT_NORM) ? Math.max(1, steps) : 1;
        return prefixRun()
                + plainRuns * window()
                + gradients
                + headOutputs()
                + sums * (slotGradients() + scoreProducts());
    }

    /** A run of a circuit beside both plain runs: the corrupted one is what it differs from, so that only its own nodes are left to compute. */
    public long evaluation(Circuit circuit) {
        return baseline() + ownNodes(circuit) + unembedding();
    }

    /** The true ablation of every edge into some slots, one at a time: the runs that they start from, then for each what lies after it. */
    public long exact(int[] slots) {
        ModelGraph graph = config.graph();
        long total = prefixRun() + 2 * window() + unembedding() + headOutputs();
        for (int slot : slots) total += graph.sourcesBefore(slot) * (after(slot) + unembedding());
        return total;
    }

    /** What comes between a slot and the logits. */
    private long after(int slot) {
        ModelGraph graph = config.graph();
        if (slot == graph.slots() - 1) return 0;
        Node node = graph.slotAt(slot).node();
        boolean ofMlp = node.kind() == Node.Kind.MLP;
        long layersAfter = config.layers() - 1 - node.layer();
        // One port of one head: its other two are those of the clean run.
        long head = product(width, config.dModel(), config.dHead())
                + attention(width, prefix, 1)
                + product(width, config.dHead(), config.dModel());
        // Heads that share a norm, or its tensor, are computed together.
        if (config.normsAllHeads()) {
            head = product(width, config.dModel(), config.dHead())
                    + attention(width, prefix, config.heads())
                    + width * attentionOut();
        }
        // In a parallel block, the MLP does not see what heads give.
        long block = ofMlp ? width * mlp() : head + (config.parallel() ? 0 : width * mlp());
        return block + layersAfter * (window() / config.layers());
    }

    /** What all layers do to the prefix. */
    long prefixRun() {
        return blocks(prefix, 0);
    }

    /** What all layers do to the window. */
    long window() {
        return blocks(width, prefix);
    }

    /** All layers, over some positions that attend to themselves and to those before them. */
    long blocks(long positions, long before) {
        return config.layers()
                * (positions * (projections() + attentionOut() + mlp()) + attention(positions, before, config.heads()));
    }

    /** Logits at one position. */
    long unembedding() {
        return product(1, config.dModel(), config.dVocab());
    }

    /**
     * From the metric back to q, k, v and the norms' outputs of every layer. Nothing is asked of the weights, so that a product forward is
     * one product back; a product of two activations, as attention has, is two. The first layer's projections lead to nothing that is asked for.
     */
    long backward() {
        return window()
                + config.layers() * attention(width, prefix, config.heads())
                - width * projections()
                + unembedding();
    }

    /** What each head adds to the residual stream, as a difference of two runs. */
    long headOutputs() {
        return config.layers() * width * attentionOut();
    }

    /** What of the gradients at q, k and v goes along the normed stream: every source's difference with the stream, then with that part. */
    long normParts() {
        if (!config.has(Part.ATTENTION_NORM)) return 0;
        ModelGraph graph = config.graph();
        long total = 0;
        for (int layer = 0; layer < config.layers(); layer++) {
            long before = graph.sourcesBefore(graph.firstSlot(layer));
            total += product(before, config.dModel(), 1) * width + 3 * product(before, width, config.heads());
        }
        return total;
    }

    /** Gradients at q, k and v back through their projections, to one at each slot. */
    long slotGradients() {
        return config.layers() * width * slotProjections();
    }

    /** Every source's difference with every slot's gradient; those into {@code logits} at the last position only. */
    long scoreProducts() {
        ModelGraph graph = config.graph();
        long each = product(width, config.dModel(), 1);
        long total = 0;
        for (int slot = 0; slot < graph.slots() - 1; slot++) total += graph.sourcesBefore(slot) * each;
        return total + graph.sources() * product(1, config.dModel(), 1);
    }

    private long ownNodes(Circuit circuit) {
        ModelGraph graph = config.graph();
        long computed = feeds(circuit, 0) ? 1 : 0;
        long total = 0;
        for (int layer = 0; layer < config.layers(); layer++) {
            int first = graph.firstHead(layer);
            long heads = 0;
            long ports = 0;
            for (int head = 0; head < config.heads(); head++) {
                if (!feeds(circuit, first + head)) continue;
                heads++;
                for (Slot.Port port : Slot.Port.OF_HEAD)
                    ports += isFed(circuit, graph.firstSlot(layer, port) + head) ? 1 : 0;
            }
            total += ports * (mix(computed) + product(width, config.dModel(), config.dHead()));
            total += heads * product(width, config.dHead(), config.dModel()) + attention(width, prefix, heads);
            computed += heads;
            if (feeds(circuit, first + config.heads())) {
                total += mix(computed) + width * mlp();
                computed++;
            }
        }
        return total + mix(computed);
    }

    private static boolean feeds(Circuit circuit, int source) {
        ModelGraph graph = circuit.graph();
        for (int slot = 0; slot < graph.slots(); slot++) {
            if (circuit.contains(source, slot)) return true;
        }
        return false;
    }

    private static boolean isFed(Circuit circuit, int slot) {
        for (int source = 0; source < circuit.graph().sources(); source++) {
            if (circuit.contains(source, slot)) return true;
        }
        return false;
    }

    /** One slot's input from what the sources computed so far change. */
    private long mix(long computed) {
        return product(1, computed, (long) width * config.dModel());
    }

    /** To q, k and v of one position; grouped heads share k and v. */
    private long projections() {
        return product(1, config.dModel(), (long) (config.heads() + 2 * config.kvHeads()) * config.dHead());
    }

    /** As {@link #projections}, of slots: every head has its own k and v. */
    private long slotProjections() {
        return product(1, config.dModel(), 3L * config.heads() * config.dHead());
    }

    private long attentionOut() {
        return product(1, (long) config.heads() * config.dHead(), config.dModel());
    }

    private long mlp() {
        long in = product(1, config.dModel(), config.dMlp());
        return (config.family().gated() ? 2 : 1) * in + product(1, config.dMlp(), config.dModel());
    }

    /** Queries with keys, and weights with values, those that the causal mask hides among them, as is the custom. */
    private long attention(long positions, long before, long heads) {
        long keys = before + positions;
        return heads * (product(positions, config.dHead(), keys) + product(positions, keys, config.dHead()));
    }

    /** {@code [rows, inner] × [inner, columns]} */
    private static long product(long rows, long inner, long columns) {
        return 2 * rows * inner * columns;
    }
}
