package io.circuitscript.engine;

import io.circuitscript.engine.positions.ReadPoints;
import io.circuitscript.engine.torch.Scope;
import io.circuitscript.engine.torch.Tensor;
import io.circuitscript.engine.torch.Torch;
import io.circuitscript.graph.Circuit;
import io.circuitscript.graph.ModelGraph;
import io.circuitscript.graph.SourceConstants;
import io.circuitscript.model.ModelConfig;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The loss of a batch's runs in which ablated edges carry constants, and its gradient at these constants. Either of a circuit, with every edge
 * outside it ablated, or of each source ablated alone, with all edges out of it and no other.
 */
public final class ConstantGradients {
    /** Numbers in an activation of a pass beyond which more sources at once gain nothing. */
    private static final int ENOUGH = 1 << 19;

    /** The loss of each example of each variant. */
    public interface Loss {
        /** @param logits {@code [variant * point, dVocab]} @return {@code [variant * example]} */
        Tensor of(Scope scope, Tensor logits, int variants);
    }

    private final Batch batch;
    private final Transformer model;
    private final Torch torch;
    private final ModelGraph graph;
    private final SourceConstants constants;
    private final Loss loss;
    private final RunOptions options;

    private ConstantGradients(Batch batch, SourceConstants constants, Loss loss, RunOptions options) {
        this.batch = batch;
        this.model = batch.model();
        this.torch = model.torch();
        this.graph = model.graph();
        this.constants = constants;
        this.loss = loss;
        this.options = options;
    }

    /**
     * Of a circuit, which runs as it stands: prune it first.
     *
     * @return the loss summed over the batch's examples, and behind it its gradient, in the order of the constants
     */
    public static double[] ofCircuit(
            Batch batch, Circuit circuit, SourceConstants constants, Loss loss, RunOptions options) {
        return new ConstantGradients(batch, constants, loss, options).ofCircuit(circuit);
    }

    private double[] ofCircuit(Circuit circuit) {
        try (Scope pass = torch.scope()) {
            Tensor input = leaf(pass, 0, 1, 1, 1, constants.dModel()); // [1, 1, dModel]
            List<Tensor> z = new ArrayList<>();
            List<Tensor> mlpOut = new ArrayList<>();
            for (int layer = 0; layer < graph.layers(); layer++) {
                int head = graph.firstHead(layer);
                int mlp = head + graph.heads();
                z.add(leaf(pass, head, graph.heads(), 1, 1, graph.heads(), constants.dHead())); // [1, 1, head, dHead]
                mlpOut.add(leaf(pass, mlp, 1, 1, 1, constants.dModel())); // [1, 1, dModel]
            }
            AblatedRun.Carried leaves = new AblatedRun.Carried(input, z, mlpOut);
            Tensor logits = CircuitPass.logits(pass, batch, circuit, leaves, options.cancel()); // [point, dVocab]
            Tensor total = torch.total(pass, loss.of(pass, logits, 1));
            List<Tensor> at = new ArrayList<>(List.of(input));
            for (int layer = 0; layer < graph.layers(); layer++) {
                at.add(z.get(layer));
                at.add(mlpOut.get(layer));
            }
            List<double[]> found = new ArrayList<>(List.of(torch.toHost(total)));
            torch.gradients(pass, total, at).forEach(it -> found.add(torch.toHost(it)));
            double[] result = found.stream().flatMapToDouble(Arrays::stream).toArray();
            // Where no ablated edge carries a constant, it cancels out of the run, and rounding alone is left of its
            // gradient.
            BitSet carried = carried(circuit);
            for (int source = 0; source < graph.sources(); source++) {
                int from = 1 + constants.offset(source);
                if (!carried.get(source)) Arrays.fill(result, from, from + constants.width(source), 0);
            }
            return result;
        }
    }

    /** The sources of which a circuit's run has an ablated edge, or some ablated neurons. */
    public static BitSet carried(Circuit circuit) {
        ModelGraph graph = circuit.graph();
        BitSet feeding = new BitSet(); // sources at spans, by number source * spans + span
        circuit.edges().stream().forEach(edge -> feeding.set(at(graph, graph.sourceOf(edge), graph.spanOf(edge))));
        BitSet carried = new BitSet();
        for (int slot = 0; slot < graph.slots(); slot++) {
            for (int span = 0; span < graph.perEdge(); span++) {
                if (!isRead(graph, slot, span, feeding)) continue;
                for (int source = 0; source < graph.sourcesBefore(slot); source++) {
                    if (!circuit.contains(source, slot, span) || circuit.choosesNeurons()) carried.set(source);
                }
            }
        }
        return carried;
    }

    private static int at(ModelGraph graph, int source, int span) {
        return source * graph.perEdge() + span;
    }

    /** Whether what comes into a slot at a span can reach the logits, by a node that feeds others or at once. */
    private static boolean isRead(ModelGraph graph, int slot, int span, BitSet feeding) {
        int reader = graph.sourceOfSlot(slot);
        if (reader < 0) return !graph.hasSpans() || graph.spans().isRead(span);
        return graph.spansReached(slot, span).stream().anyMatch(reached -> feeding.get(at(graph, reader, reached)));
    }

    /** Some sources' constants as a tensor of their own. */
    private Tensor leaf(Scope pass, int source, int count, long... shape) {
        int from = constants.offset(source);
        double[] values = Arrays.copyOfRange(constants.values(), from, from + count * constants.width(source));
        return torch.leaf(pass, torch.numbers(pass, values, shape));
    }

    /**
     * Of each source alone. Its constant is what it gives to every reader; what comes before it is as in the clean run.
     *
     * @return for each source the loss summed over the batch's examples, and behind them all its gradient at the source's own constant
     */
    public static double[] ofEachSource(Batch batch, SourceConstants constants, Loss loss, RunOptions options) {
        return new ConstantGradients(batch, constants, loss, options).ofEachSource();
    }

    private double[] ofEachSource() {
        double[] found = new double[graph.sources() + constants.values().length];
        try (Scope scope = torch.scope()) {
            ActivationCache clean = new ActivationCache();
            Tensor input = model.embed(scope, batch.cleanIds()); // [batch, pos, dModel]
            batch.cleanRun(scope, input, clean, options.cancel());
            try (Scope pass = torch.scope()) {
                Tensor of = leaf(pass, 0, 1, 1, 1, constants.dModel()); // [1, 1, dModel]
                Tensor embedded = torch.add(pass, nothing(pass), of); // [batch, pos, dModel]
                take(pass, 0, model.withPositions(pass, embedded, 0), List.of(of), 0, found);
            }
            for (int layer = 0; layer < graph.layers(); layer++) {
                int most = variants(graph.layers() - layer);
                for (int first = 0; first <= graph.heads(); first += most)
                    layer(layer, first, Math.min(first + most, graph.heads() + 1), clean, found);
            }
        }
        return found;
    }

    private Tensor nothing(Scope pass) {
        int[] shape = {batch.size(), batch.width(), 1};
        return torch.zeros(pass, model.finalNorm().weight(), shape); // [batch, pos, 1]
    }

    /** How many sources stand side by side in a pass through so many layers: as many as its way back has memory for. */
    private int variants(int layers) {
        ModelConfig config = model.config();
        long n = (long) batch.size() * batch.width();
        long hidden = (config.family().gated() ? 6L : 3L) * config.dMlp();
        long numbers = n * layers * (48L * config.dModel() + hidden);
        long fit = MemoryBudget.bytes(options, model.device())
                / 2
                / (numbers * model.precision().bytes());
        return (int) Math.clamp(Math.min(fit, ENOUGH / (n * config.dModel())), 1, graph.heads() + 1);
    }

    /** Some of a layer's sources, its heads and then its MLP, each ablated alone. */
    private void layer(int layer, int first, int end, ActivationCache clean, double[] found) {
        try (Scope pass = torch.scope()) {
            List<Tensor> of = new ArrayList<>();
            List<Tensor> streams = new ArrayList<>();
            int heads = Math.min(end, graph.heads()) - first;
            if (heads > 0) streams.add(withoutHeads(pass, layer, first, heads, clean, of));
            if (end > graph.heads()) {
                Tensor constant = leaf(pass, graph.firstHead(layer) + graph.heads(), 1, 1, 1, constants.dModel());
                of.add(constant); // [1, 1, dModel]
                streams.add(torch.add(pass, clean.residMid.get(layer), constant)); // [batch, pos, dModel]
            }
            Tensor stream = torch.catRows(pass, streams); // [variant * batch, pos, dModel]
            take(pass, layer + 1, stream, of, graph.firstHead(layer) + first, found);
        }
    }

    /** The stream after a layer with each of some heads ablated alone, whose constants are added to {@code of}. {@code [variant * batch, pos, dModel]} */
    private Tensor withoutHeads(Scope pass, int layer, int first, int count, ActivationCache clean, List<Tensor> of) {
        LayerWeights w = model.layer(layer);
        int dHead = constants.dHead();
        List<Tensor> sums = new ArrayList<>();
        Tensor before = model.normsAttentionOut() ? clean.attentionSum.get(layer) : clean.residMid.get(layer);
        int[] shape = {batch.size(), batch.width(), 1, 1};
        Tensor nothing = torch.zeros(pass, before, shape); // [batch, pos, 1, 1]
        for (int head = first; head < first + count; head++) {
            Tensor constant = leaf(pass, graph.firstHead(layer) + head, 1, 1, 1, 1, dHead); // [1, 1, 1, dHead]
            of.add(constant);
            Tensor wide = torch.add(pass, nothing, constant); // [batch, pos, 1, dHead]
            Tensor z = torch.copyAs(pass, wide, w.wO()); // [batch, pos, 1, dHead]
            Tensor cleanZ = torch.oneHead(pass, clean.z.get(layer), head); // [batch, pos, 1, dHead]
            Tensor wO = torch.rows(pass, w.wO(), head * (long) dHead, (head + 1L) * dHead); // [dHead, dModel]
            sums.add(torch.withHead(pass, before, z, cleanZ, wO)); // [batch, pos, dModel]
        }
        Tensor sum = torch.catRows(pass, sums); // [variant * batch, pos, dModel]
        Tensor residMid = sum;
        if (model.normsAttentionOut()) {
            Tensor stream = torch.repeatBatch(pass, clean.residPre.get(layer), count);
            residMid = torch.add(pass, stream, model.norm(pass, sum, w.attentionOutNorm()));
        }
        Tensor out = model.config().parallel()
                ? torch.repeatBatch(pass, clean.mlpOut.get(layer), count)
                : model.mlp(pass, layer, model.norm(pass, residMid, w.mlpNorm())); // [variant * batch, pos, dModel]
        return torch.add(pass, residMid, out); // [variant * batch, pos, dModel]
    }

    /**
     * Runs what is left of the model, and takes losses and gradients.
     *
     * @param stream before a layer, {@code [variant * batch, pos, dModel]}
     * @param of each variant's constant
     * @param source the first variant's
     */
    private void take(Scope pass, int layer, Tensor stream, List<Tensor> of, int source, double[] found) {
        options.cancel().check();
        int count = of.size();
        Tensor last = model.blocks(
                pass,
                layer,
                stream,
                batch.positions(),
                Prefix.NONE,
                null,
                options.cancel()); // [variant * batch, pos, dModel]
        int read = count * batch.points();
        ReadPoints points = batch.readPoints().repeated(torch, pass, count, batch.size() * batch.width());
        Tensor normed = model.norm(pass, points.of(torch, pass, last), model.finalNorm()); // [row, dModel]
        Tensor logits = torch.rows(pass, model.unembed(pass, normed), 0, read); // [variant * point, dVocab]
        Tensor losses = loss.of(pass, logits, count); // [variant * example]
        double[] values = torch.toHost(losses);
        List<Tensor> gradients = torch.gradients(pass, torch.total(pass, losses), of);
        int each = values.length / count;
        for (int i = 0; i < count; i++) {
            found[source + i] = IntStream.range(i * each, (i + 1) * each)
                    .mapToDouble(j -> values[j])
                    .sum();
            double[] gradient = torch.toHost(gradients.get(i));
            System.arraycopy(gradient, 0, found, graph.sources() + constants.offset(source + i), gradient.length);
        }
    }
}
