package io.circuitscript.engine;

import io.circuitscript.engine.positions.ReadPoints;
import io.circuitscript.engine.torch.Scope;
import io.circuitscript.engine.torch.Tensor;
import io.circuitscript.engine.torch.Torch;
import io.circuitscript.graph.ModelGraph;
import io.circuitscript.graph.Slot;
import java.util.ArrayList;
import java.util.List;

/**
 * The products that make scores: of what sources change, and of gradients at slots. Neither is held for all positions: both are made for a few
 * of them, from what heads mix and from gradients at q, k and v, and are multiplied while they are in the processor's cache.
 */
final class ScoreProducts {
    /** Numbers of what sources change that are made at once. */
    private static final long NUMBERS_AT_ONCE = 1L << 23;

    /** Positions that are worth a product, however large the model. */
    private static final int FEWEST_POSITIONS = 48;

    /** Slots that a product should have at least: with few, it runs at a fraction of the machine's rate. */
    private static final int SLOTS_AT_ONCE = 144;

    /** Terms of a product's sums: the library multiplies more slowly with many more. */
    private static final int TERMS_AT_ONCE = 1024;

    private static final int MOST_PARTS = 8;

    /** Numbers of products of single positions, {@code [n, source, slot]}, that are held at once before they are summed within spans. */
    private static final int PRODUCTS_AT_ONCE = 1 << 20;

    /** What is put through the norms after attention, where a model has them. @param fixed whether their scales stay as they are */
    record OfRun(ActivationCache cache, boolean fixed) {}

    /** Gradients summed over runs. */
    interface Gradients {
        /** At q, k and v of a layer, scaled as its norm is: {@code [n, head * dHead]} each. */
        PerPort<Tensor> heads(int layer);

        /** At the MLP's input. {@code [n, dModel]} */
        Tensor mlp(int layer);

        /** At the stream before the final norm. {@code [row, dModel]} */
        Tensor last();

        /** The units of a layer's attention norm in some runs, {@code [n, dModel]} each. */
        List<Tensor> units(int layer);

        /** The parts of the gradients along them, {@code [n, slot]} each, slots q, k and v of all heads. */
        List<Tensor> parts(int layer);
    }

    private final Batch batch;
    private final Transformer model;
    private final Torch torch;
    private final ModelGraph graph;
    private final CancelToken cancel;

    /** Which positions are in which span, {@code [span, n]}; null where the graph has no spans. */
    private final Tensor member;

    /** Which points are in which span, {@code [span, point]}; null alike. */
    private final Tensor pointMember;

    private final int layersAtOnce;

    /** Sums in float64, {@code [span, source, slot]}: of some layers' slots at a time. */
    private final List<Tensor> sums = new ArrayList<>();

    /** The same of what lies along the units of each layer's attention norm, to be taken away: slots q, k and v of all heads. */
    private final List<Tensor> sumsAlong = new ArrayList<>();

    /** Of the slot {@code logits}. {@code [span, source, 1]} */
    private final Tensor sumsLast;

    /** @param scope owns the sums */
    ScoreProducts(Batch batch, ModelGraph graph, Scope scope, CancelToken cancel) {
        this.batch = batch;
        this.model = batch.model();
        this.torch = model.torch();
        this.graph = graph;
        this.cancel = cancel;
        this.member = graph.hasSpans() ? batch.positionsBySpan(scope, graph.perEdge()) : null; // [span, n]
        this.pointMember = graph.hasSpans() ? batch.pointsBySpan(scope, graph.perEdge()) : null; // [span, point]
        this.layersAtOnce = layersAtOnce(graph);
        Tensor like = model.finalNorm().weight();
        for (int first = 0; first < graph.layers(); first += layersAtOnce) {
            int end = end(first);
            int[] shape = {graph.perEdge(), sources(end), (end - first) * graph.slotsPerLayer()};
            sums.add(torch.doublesLike(scope, like, shape));
        }
        sumsLast = torch.doublesLike(scope, like, new int[] {graph.perEdge(), graph.sources(), 1});
        for (int layer = 0; layer < graph.layers(); layer++) {
            int[] shape = {graph.perEdge(), graph.sourcesBefore(graph.firstSlot(layer)), 3 * graph.heads()};
            sumsAlong.add(torch.doublesLike(scope, like, shape));
        }
    }

    /** How many layers' slots a product has. */
    private static int layersAtOnce(ModelGraph graph) {
        return Math.min(graph.layers(), Math.ceilDiv(SLOTS_AT_ONCE, graph.slotsPerLayer()));
    }

    private int end(int first) {
        return Math.min(first + layersAtOnce, graph.layers());
    }

    /** How many sources come before the last slot of the layers up to this one. */
    private int sources(int endLayer) {
        return graph.sourcesBefore(endLayer * graph.slotsPerLayer() - 1);
    }

    /** Positions of a row, or of several, that are made at once. */
    private static int atOnce(ModelGraph graph, int dModel) {
        return (int) Math.max(FEWEST_POSITIONS, NUMBERS_AT_ONCE / ((long) graph.sources() * dModel));
    }

    /** How many numbers are held at once, of so many positions. */
    static long numbers(ModelGraph graph, int dModel, int positions) {
        return (long) Math.min(positions, atOnce(graph, dModel))
                * dModel
                * (graph.sources() + (long) layersAtOnce(graph) * graph.slotsPerLayer());
    }

    /** Some positions, as places among those of all rows. @param rows how many whole rows they are; 1 where they are a part of one */
    record Chunk(int from, int to, int rows) {
        int size() {
            return to - from;
        }
    }

    /**
     * Whole rows where one is short, else equal parts of each. Where a row is cut depends on its width alone.
     *
     * @param most positions at once
     */
    static List<Chunk> chunks(int rows, int width, int most) {
        List<Chunk> chunks = new ArrayList<>();
        if (width <= most) {
            int together = most / width;
            for (int row = 0; row < rows; row += together) {
                int end = Math.min(row + together, rows);
                chunks.add(new Chunk(row * width, end * width, end - row));
            }
            return chunks;
        }
        int part = Math.ceilDiv(width, Math.ceilDiv(width, most));
        for (int row = 0; row < rows; row++) {
            for (int at = 0; at < width; at += part)
                chunks.add(new Chunk(row * width + at, row * width + Math.min(at + part, width), 1));
        }
        return chunks;
    }

    /**
     * Counts both: the products, and what is to be taken from them.
     *
     * @param run whose norms are gone through; null where there are none after attention
     */
    void count(SourceDifferences differences, OfRun run, Gradients gradients) {
        each(differences, run, (pass, chunk, delta) -> {
            along(pass, chunk, delta, gradients);
            for (int first = 0; first < graph.layers(); first += layersAtOnce)
                product(pass, chunk, delta, gradients, first);
        });
        last(differences, run, gradients.last());
    }

    /** @param gradient {@code [row, dModel]} */
    private void last(SourceDifferences differences, OfRun run, Tensor gradient) {
        ReadPoints read = batch.readPoints();
        try (Scope pass = torch.scope()) {
            SourceDifferences there = differences.at(pass, read, batch.size());
            Tensor delta = there.some(pass, model.finalNorm().weight(), 0, read.count()); // [source, point, dModel]
            if (run != null) {
                List<Tensor> sums = run.cache().attentionSum.stream()
                        .map(sum -> torch.rows(pass, read.of(torch, pass, sum), 0, read.count())) // [point, dModel]
                        .toList();
                SourceDifferences.alongNorms(pass, delta, model, sums, run.fixed());
            }
            Tensor slot = torch.flatOne(pass, torch.rows(pass, gradient, 0, read.count())); // [1, point, dModel]
            addScores(pass, sumsLast, delta, slot, pointMember, new Chunk(0, read.count(), read.count()));
        }
    }

    /** Counts what is to be taken away alone. */
    void countAlong(SourceDifferences differences, OfRun run, Gradients gradients) {
        each(differences, run, (pass, chunk, delta) -> along(pass, chunk, delta, gradients));
    }

    private interface Each {
        /** @param delta {@code [source, place, dModel]} */
        void take(Scope pass, Chunk chunk, Tensor delta);
    }

    private void each(SourceDifferences differences, OfRun run, Each each) {
        int most = atOnce(graph, model.config().dModel());
        for (Chunk chunk : chunks(batch.size(), batch.width(), most)) {
            cancel.check();
            try (Scope pass = torch.scope()) {
                Tensor delta = differences.some(
                        pass, model.finalNorm().weight(), chunk.from, chunk.to); // [source, place, dModel]
                if (run != null) {
                    List<Tensor> sums = run.cache().attentionSum.stream()
                            .map(it -> torch.rows(pass, torch.flatRows(pass, it), chunk.from, chunk.to))
                            .toList(); // [place, dModel] each
                    SourceDifferences.alongNorms(pass, delta, model, sums, run.fixed());
                }
                each.take(pass, chunk, delta);
            }
        }
    }

    private void along(Scope pass, Chunk chunk, Tensor delta, Gradients gradients) {
        List<Tensor> units = new ArrayList<>();
        for (int layer = 0; layer < graph.layers(); layer++) units.addAll(gradients.units(layer));
        if (units.isEmpty()) return;
        Tensor along = torch.along(pass, delta, units, chunk.from, chunk.to); // [place, source, unit]
        int first = 0;
        for (int layer = 0; layer < graph.layers(); layer++) {
            List<Tensor> parts = gradients.parts(layer); // [n, slot] each
            if (parts.isEmpty()) continue;
            Tensor sum = sumsAlong.get(layer);
            if (member == null) torch.addSmallScores(pass, sum, along, first, parts, chunk.from, chunk.to);
            else torch.addSmallScoresBySpan(pass, sum, along, first, parts, member, chunk.from, chunk.to);
            first += parts.size();
        }
    }

    private void product(Scope pass, Chunk chunk, Tensor delta, Gradients gradients, int firstLayer) {
        int end = end(firstLayer);
        int perLayer = graph.slotsPerLayer();
        try (Scope here = torch.scope()) {
            int[] shape = {
                (end - firstLayer) * perLayer, chunk.size(), model.config().dModel()
            };
            Tensor slots = torch.empty(here, delta, shape); // [slot, place, dModel]
            for (int layer = firstLayer; layer < end; layer++) {
                PerPort<Tensor> heads = gradients.heads(layer); // [n, head * dHead] each
                PerPort<Tensor> backs = model.backProjections(here, layer); // [kvHead, dHead, dModel] each
                torch.fillSlots(
                        here,
                        slots,
                        (long) (layer - firstLayer) * perLayer,
                        inOrder(heads),
                        inOrder(backs),
                        gradients.mlp(layer),
                        chunk.from,
                        chunk.to);
            }
            Tensor sources = torch.rows(here, delta, 0, sources(end)); // [source, place, dModel]
            addScores(here, sums.get(firstLayer / layersAtOnce), sources, slots, member, chunk);
        }
    }

    /** @param of which places are in which span, or null */
    private void addScores(Scope pass, Tensor sum, Tensor sources, Tensor slots, Tensor of, Chunk chunk) {
        if (of == null) {
            torch.addScores(pass, sum, sources, slots, chunk.rows, parts(chunk.size() / chunk.rows * sources.size(2)));
            return;
        }
        long atOnce = Math.max(1, PRODUCTS_AT_ONCE / (sources.size(0) * slots.size(0)));
        torch.addScoresBySpan(pass, sum, sources, slots, of, chunk.from, chunk.to, atOnce);
    }

    /** Into how many products one is cut. @param terms of each of its sums */
    private static long parts(long terms) {
        long parts = 1;
        while (parts < MOST_PARTS && terms % (2 * parts) == 0 && terms / (2 * parts) >= TERMS_AT_ONCE) parts *= 2;
        return parts;
    }

    private static List<Tensor> inOrder(PerPort<Tensor> ports) {
        return Slot.Port.OF_HEAD.stream().map(ports::get).toList();
    }

    /** Adds what was counted to the scores of edges, by number. */
    void addTo(double[] scores) {
        for (int i = 0; i < sums.size(); i++) add(scores, 1, sums.get(i), i * layersAtOnce * graph.slotsPerLayer());
        for (int layer = 0; layer < graph.layers(); layer++)
            add(scores, -1, sumsAlong.get(layer), graph.firstSlot(layer));
        add(scores, 1, sumsLast, graph.slots() - 1);
    }

    /** Adds a block {@code [span, source, slot]}, from source 0 and the given slot on; what is no edge is left out. */
    private void add(double[] scores, int sign, Tensor block, int firstSlot) {
        int rows = (int) block.size(1);
        int columns = (int) block.size(2);
        double[] values = torch.toHost(block);
        for (int span = 0; span < graph.perEdge(); span++) {
            for (int source = 0; source < rows; source++) {
                for (int i = 0; i < columns; i++) {
                    if (source >= graph.sourcesBefore(firstSlot + i)) continue;
                    scores[graph.edge(source, firstSlot + i, span)] +=
                            sign * values[(span * rows + source) * columns + i];
                }
            }
        }
    }
}
