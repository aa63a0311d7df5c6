package io.circuitscript.engine;

import io.circuitscript.engine.positions.ReadPoints;
import io.circuitscript.engine.positions.SharedPositions;
import io.circuitscript.engine.torch.Scope;
import io.circuitscript.engine.torch.Tensor;
import io.circuitscript.engine.torch.Torch;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.stream.LongStream;

/**
 * Some examples on the device, and what several analyses read of them: the shared prefix, the ablated runs, the logits of the clean and the
 * corrupted run. What was computed is kept for the next that asks. Close it with the work on it.
 *
 * <p>An example has a row for each text whose tokens a metric reads one after the other, and one row where only the next token is read. Logits are
 * those of the points that are read: in the latter case, of each example's last position.
 */
public final class Batch implements AutoCloseable {
    /** Positions of a pass that holds both runs, beyond which they are run one after the other. */
    private static final int LONGEST_TOGETHER = 256;

    /** Ablated runs kept beside the corrupted one. */
    private static final int MOST_OTHERS = 2;

    private final Transformer model;
    private final Scope scope;
    private final BatchLayout layout;
    private final List<int[]> texts;
    private List<TextSpans> spans;
    private final BatchTokens tokens;
    private final int size;
    private final int start;
    private final int width;
    private final Map<Ablation, AblatedRun> ablated = new HashMap<>();

    /** What owns the ablated runs other than the corrupted one, the oldest first. */
    private final SequencedMap<Ablation, Scope> others = new LinkedHashMap<>();

    private Prefix prefix;
    private final AttentionPositions positions;
    private boolean savesMemory;

    /** The same for runs of which nothing but logits is asked for after the last attention. */
    private final AttentionPositions positionsRead;

    /**
     * The logits of the clean and the corrupted run where they were computed together, until they are asked for; kept for good where a metric
     * compares with them. {@code [point, dVocab]}
     */
    private Tensor cleanLogits;

    private Tensor corruptedLogits;
    private boolean keepsLogits;

    /**
     * A change of what a batch keeps. What it computes next depends, to the last bit, on what is there already: a run of its own rounds otherwise
     * than one in company.
     */
    public enum Change {
        PREFIX,
        BOTH_RUNS,
        CORRUPTED_RUN,
        ABLATED_RUN,
        KEEPS_LOGITS,
        CLEAN_LOGITS,
        CORRUPTED_LOGITS,
        CLEAN_TAKEN,
        CORRUPTED_TAKEN
    }

    private final List<Change> changes = new ArrayList<>();

    private final List<Runnable> onClose = new ArrayList<>();

    private Batch(
            Transformer model,
            BatchLayout layout,
            List<int[]> clean,
            List<int[]> corrupted,
            List<TextSpans> spans,
            int start) {
        this.model = model;
        this.layout = layout;
        this.texts = clean;
        this.spans = List.copyOf(spans);
        this.scope = model.torch().scope();
        try {
            tokens = BatchTokens.of(model.torch(), scope, layout, clean, corrupted, start);
            size = tokens.size();
            this.start = start;
            width = tokens.width();
            positions = AttentionPositions.window(model.torch(), model.config(), scope, start, width);
            positionsRead = positions.reading(scope, tokens.read());
        } catch (RuntimeException | Error e) {
            scope.close();
            throw e;
        }
    }

    /**
     * @param clean token ids of each example, not empty
     * @param corrupted as long as its clean counterpart
     * @param start where the window begins: 0, or, under patching, no later than the first position in which a pair differs, and before every
     *     last position
     */
    public static Batch of(Transformer model, List<int[]> clean, List<int[]> corrupted, int start) {
        return of(model, clean, corrupted, Collections.nCopies(clean.size(), Continuations.NONE), start);
    }

    /**
     * The same where more than the next token is read.
     *
     * @param then what follows each example's texts
     */
    public static Batch of(
            Transformer model, List<int[]> clean, List<int[]> corrupted, List<Continuations> then, int start) {
        return of(model, clean, corrupted, then, List.of(), start);
    }

    /**
     * The same where positions are told apart.
     *
     * @param spans of each example's texts; empty where nothing that needs them is run
     */
    public static Batch of(
            Transformer model,
            List<int[]> clean,
            List<int[]> corrupted,
            List<Continuations> then,
            List<TextSpans> spans,
            int start) {
        BatchLayout layout = new BatchLayout(then);
        BatchTokens.check(model.config(), layout, clean, corrupted, start);
        return new Batch(model, layout, clean, corrupted, spans, start);
    }

    /** Has analyses save memory at the cost of time, a layer at a time and some positions at a time. Before anything is run. */
    public Batch savingMemory() {
        savesMemory = true;
        model.torch()
                .giveBack((long) size
                        * width
                        * model.config().dModel()
                        * model.precision().bytes()
                        / 2);
        return this;
    }

    /** Whether a pass with everything that it computes would take more memory than a batch may. */
    public boolean savesMemory() {
        return savesMemory;
    }

    /** What changed in what is kept, in that order. A copy. */
    public List<Change> changes() {
        return List.copyOf(changes);
    }

    /**
     * Makes a change as it was made in an earlier run, so that what follows is computed as it was then.
     *
     * @param ablation what an ablated run of the change has for an ablation
     */
    public void replay(Change change, Ablation ablation, CancelToken cancel) {
        switch (change) {
            case PREFIX -> prefix(cancel);
            case BOTH_RUNS -> bothRuns(cancel);
            case CORRUPTED_RUN -> ablatedSources(Ablation.PATCHING, cancel);
            case ABLATED_RUN -> ablatedSources(ablation, cancel);
            case KEEPS_LOGITS -> keepLogits();
            case CLEAN_LOGITS -> keepCleanLogits(cancel);
            case CORRUPTED_LOGITS -> keepCorruptedLogits(cancel);
            case CLEAN_TAKEN -> {
                try (Scope pass = model.torch().scope()) {
                    takeCleanLogits(pass, cancel);
                }
            }
            case CORRUPTED_TAKEN -> {
                try (Scope pass = model.torch().scope()) {
                    takeCorruptedLogits(pass, cancel);
                }
            }
        }
    }

    public Transformer model() {
        return model;
    }

    /** How many rows a pass has. */
    public int size() {
        return size;
    }

    public int examples() {
        return layout.examples();
    }

    /** How many points of all examples logits are read at. */
    public int points() {
        return layout.points();
    }

    /** Which of them is an example's first, the end of its text. Its others follow in the order of its {@link Continuations}. */
    public int firstPoint(int example) {
        return layout.firstPoint(example);
    }

    /** Tells the positions of its texts apart, or apart in another way. No run depends on that. @param of each example */
    public void setSpans(List<TextSpans> of) {
        spans = List.copyOf(of);
    }

    /** Whether only the next token is read, so that points and examples are the same. */
    public boolean plain() {
        return layout.plain();
    }

    /** Which example each row is of. */
    public long[] exampleOfRow() {
        return layout.exampleOfRow();
    }

    /** The span of each position of the window, by number, row after row: of n = batch * pos positions. */
    public int[] spanOfPosition() {
        return layout.spans(spans(), start, width);
    }

    /** The span of each point at which logits are read. */
    int[] spanOfPoint() {
        return layout.pointSpans(texts, spans());
    }

    private List<TextSpans> spans() {
        if (spans.isEmpty()) throw new IllegalStateException("edges at spans of texts that have none");
        return spans;
    }

    /** The positions of the window that are not padding, row after row. */
    BitSet realPositions() {
        return layout.real(texts, start, width);
    }

    /** Whether each position of the window is in a span, 1 or 0, in float64. {@code [span, n]} */
    Tensor positionsBySpan(Scope pass, int spans) {
        return bySpan(pass, spanOfPosition(), spans);
    }

    /** The same of the points at which logits are read. {@code [span, point]} */
    Tensor pointsBySpan(Scope pass, int spans) {
        return bySpan(pass, spanOfPoint(), spans);
    }

    private Tensor bySpan(Scope pass, int[] spanOf, int spans) {
        double[] member = new double[spans * spanOf.length];
        for (int i = 0; i < spanOf.length; i++) member[spanOf[i] * spanOf.length + i] = 1;
        return model.torch().doubles(pass, member, spans, spanOf.length);
    }

    /** Which positions of the rows count in a mean, 1 or 0, {@code [batch, pos]}: those of {@link BatchLayout#counted}. Of a batch without a prefix. */
    double[] counted() {
        return layout.counted(texts, width);
    }

    /** The first position of the window. */
    public int start() {
        return start;
    }

    /** How many positions the window has. */
    public int width() {
        return width;
    }

    public Tensor cleanIds() {
        return tokens.clean();
    }

    Tensor corruptedIds() {
        return tokens.corrupted();
    }

    /** What the window's positions see. */
    public AttentionPositions positions() {
        return positions;
    }

    /** The same, for a run whose stream after the last attention is asked for where logits are read, and nowhere else. */
    AttentionPositions positionsRead() {
        return positionsRead;
    }

    /** Which example each point is of. */
    long[] exampleOfPoint() {
        return layout.exampleOfPoint();
    }

    /** Each point that is read as a place among the positions of the window, row after row. */
    public int[] pointPositions() {
        return LongStream.of(layout.places(texts, start, width))
                .mapToInt(Math::toIntExact)
                .toArray();
    }

    /** Where logits are read. */
    ReadPoints readPoints() {
        return tokens.points();
    }

    /** The shared prefix, computed where it is first asked for. */
    public Prefix prefix(CancelToken cancel) {
        if (start == 0) return Prefix.NONE;
        if (prefix == null) {
            List<Tensor> keys = new ArrayList<>();
            List<Tensor> values = new ArrayList<>();
            try (Scope pass = model.torch().scope()) {
                // Of nothing but its keys and values.
                ActivationCache cache = new ActivationCache(start, start);
                Torch torch = model.torch();
                AttentionPositions all = AttentionPositions.window(torch, model.config(), pass, 0, start);
                SharedPositions shared = SharedPositions.of(torch, pass, tokens.cleanTexts(), 0, start);
                if (shared != null) cache.keepNodes(null, shared.nodes(pass, 0, size, 0, start));
                Tensor x =
                        model.withPositions(pass, model.embed(pass, tokens.prefix()), 0); // [batch, prefixPos, dModel]
                blocks(pass, x, all, shared, null, Prefix.NONE, cache, cancel);
                keys.addAll(pass.moveTo(scope, cache.prefixKeys));
                values.addAll(pass.moveTo(scope, cache.prefixValues));
            }
            prefix = new Prefix(start, keys, values);
            changes.add(Change.PREFIX);
        }
        return prefix;
    }

    /**
     * The clean run without gradients, which works on what the texts share where that is much. After the last attention it computes what logits are
     * read of, and nothing else.
     *
     * @param scope owns what the run keeps
     * @param embedded what {@code input} gives in it, {@code [batch, pos, dModel]}
     * @param cache a new one, of every position; null where nothing is kept
     * @return the stream after the last block, {@code [batch, pos, dModel]}
     */
    Tensor cleanRun(Scope scope, Tensor embedded, ActivationCache cache, CancelToken cancel) {
        return plainRun(scope, tokens.cleanTexts(), true, embedded, cache, cancel);
    }

    /** The same at every position. */
    Tensor cleanRunEverywhere(Scope scope, Tensor embedded, ActivationCache cache, CancelToken cancel) {
        return plainRun(scope, tokens.cleanTexts(), false, embedded, cache, cancel);
    }

    /** The corrupted run as {@link #cleanRun}. */
    Tensor corruptedRun(Scope scope, Tensor embedded, ActivationCache cache, CancelToken cancel) {
        return plainRun(scope, tokens.corruptedTexts(), true, embedded, cache, cancel);
    }

    private Tensor plainRun(
            Scope scope, List<int[]> texts, boolean read, Tensor embedded, ActivationCache cache, CancelToken cancel) {
        Torch torch = model.torch();
        Tensor x = model.withPositions(scope, embedded, start); // [batch, pos, dModel]
        SharedPositions shared = SharedPositions.of(torch, scope, texts, start, width);
        if (shared == null)
            return model.blocks(scope, x, read ? positionsRead : positions, prefix(cancel), cache, cancel);
        SharedPositions.Nodes all = shared.nodes(scope, 0, size, 0, width);
        if (cache != null) cache.keepNodes(all, null);
        long[] at = LongStream.of(tokens.read())
                .map(place -> shared.node((int) (place / width), (int) (place % width)))
                .distinct()
                .toArray();
        Tensor last = blocks(
                scope, x, positions, shared, read ? at : null, prefix(cancel), cache, cancel); // [1, node, dModel]
        Tensor spread = SharedPositions.spread(torch, scope, last, all); // [batch, pos, dModel]
        for (Tensor done : List.of(x, last)) scope.release(done);
        return spread;
    }

    /**
     * All blocks, over the nodes of rows where these share positions.
     *
     * @param x the stream before the first block, of as many rows as attention works on where nothing is shared: {@code [batch, pos, dModel]}
     * @param read the nodes, or places, at which anything is asked for after the last attention; null: all
     * @return {@code [1, node, dModel]}, or {@code [batch, pos, dModel]} where nothing is shared
     */
    private Tensor blocks(
            Scope scope,
            Tensor x,
            AttentionPositions rows,
            SharedPositions shared,
            long[] read,
            Prefix prefix,
            ActivationCache cache,
            CancelToken cancel) {
        try (Scope pass = model.torch().scope()) {
            if (shared == null)
                return model.blocks(scope, x, read == null ? rows : rows.reading(pass, read), prefix, cache, cancel);
            Tensor nodes = shared.collect(pass, shared.ofRows(pass, x)); // [1, node, dModel]
            AttentionPositions of = rows.ofNodes(pass, shared);
            return model.blocks(
                    scope,
                    nodes,
                    read == null ? of : of.reading(pass, read),
                    prefix,
                    cache,
                    cancel); // [1, node, dModel]
        }
    }

    /**
     * The run with every edge ablated, computed where it is first asked for and shared by every circuit and method after that. Of a batch that saves memory
     * it may have what sources give alone.
     */
    public AblatedRun ablatedSources(Ablation ablation, CancelToken cancel) {
        AblatedRun known = ablated.get(ablation);
        if (known != null) return known;
        AblatedRun run;
        try (Scope pass = model.torch().scope()) {
            run = AblatedRun.of(pass, this, ablation, cancel);
            pass.moveAllTo(ablation == Ablation.PATCHING ? scope : roomFor(ablation));
        }
        ablated.put(ablation, run);
        changes.add(ablation == Ablation.PATCHING ? Change.CORRUPTED_RUN : Change.ABLATED_RUN);
        return run;
    }

    /** The same with queries, keys, values and the stream of every layer. */
    public AblatedRun ablated(Ablation ablation, CancelToken cancel) {
        AblatedRun run = ablatedSources(ablation, cancel);
        if (!run.residPre().isEmpty()) return run;
        try (Scope pass = model.torch().scope()) {
            AblatedRun whole = run.whole(pass, this);
            pass.moveAllTo(ablation == Ablation.PATCHING ? scope : others.get(ablation));
            ablated.put(ablation, whole);
            return whole;
        }
    }

    /** An owner for another run beside the corrupted one: the oldest gives way, since each mean over other texts is another. */
    private Scope roomFor(Ablation ablation) {
        if (others.size() == MOST_OTHERS) {
            Map.Entry<Ablation, Scope> oldest = others.pollFirstEntry();
            ablated.remove(oldest.getKey());
            oldest.getValue().close();
        }
        Scope owner = model.torch().scope();
        others.put(ablation, owner);
        return owner;
    }

    /** The logits of the clean run at each point. Known ones are moved to {@code result}, unless the batch keeps them. {@code [point, dVocab]} */
    public Tensor takeCleanLogits(Scope result, CancelToken cancel) {
        if (cleanLogits == null) return plain(result, cancel);
        if (keepsLogits) return model.torch().rows(result, cleanLogits, 0, points()); // [point, dVocab]
        Tensor known = scope.moveTo(result, cleanLogits);
        cleanLogits = null;
        changes.add(Change.CLEAN_TAKEN);
        return known;
    }

    /** The logits of the clean run, which stay with the batch. {@code [point, dVocab]} */
    public Tensor keptCleanLogits(CancelToken cancel) {
        keepLogits();
        if (cleanLogits == null) bothRuns(cancel);
        if (cleanLogits == null) keepCleanLogits(cancel);
        return cleanLogits;
    }

    private void keepLogits() {
        if (!keepsLogits) changes.add(Change.KEEPS_LOGITS);
        keepsLogits = true;
    }

    private void keepCleanLogits(CancelToken cancel) {
        cleanLogits = plain(scope, cancel);
        changes.add(Change.CLEAN_LOGITS);
    }

    private void keepCorruptedLogits(CancelToken cancel) {
        corruptedLogits = takeCorruptedLogits(scope, cancel);
        changes.add(Change.CORRUPTED_LOGITS);
    }

    /** The logits of the corrupted run, which stay with the batch. {@code [point, dVocab]} */
    public Tensor keptCorruptedLogits(CancelToken cancel) {
        keepLogits();
        if (corruptedLogits == null) bothRuns(cancel);
        if (corruptedLogits == null) keepCorruptedLogits(cancel);
        return corruptedLogits;
    }

    /**
     * Computes the clean and the corrupted run in one pass, for {@link #takeCleanLogits} and {@link #takeCorruptedLogits}: products of more rows come nearer to
     * the machine's rate. The positions are those of the prefix, then the window of the one run, then that of the other. Does nothing where the
     * corrupted run is known, and where the sequence is so long that what attention wastes on hidden pairs would cost more.
     */
    public void bothRuns(CancelToken cancel) {
        int length = start + 2 * width;
        if (savesMemory || ablated.containsKey(Ablation.PATCHING) || prefix != null || length > LONGEST_TOGETHER)
            return;
        Torch torch = model.torch();
        try (Scope pass = torch.scope()) {
            Tensor embedded = model.embed(pass, tokens.corrupted()); // [batch, pos, dModel]
            ActivationCache cache = new ActivationCache(start, start + width);
            List<Tensor> streams = bothStreams(pass, embedded, cache, cancel); // [batch, pos, dModel] each
            Tensor last = streams.getLast();
            List<Tensor> points = List.of(lastStream(pass, streams.getFirst()), lastStream(pass, last));
            Tensor rows = torch.catRows(pass, points); // [2 * row, dModel]
            Tensor logits = model.unembed(pass, model.norm(pass, rows, model.finalNorm())); // [2 * row, dVocab]
            int row = Math.toIntExact(points.getFirst().size(0));
            cleanLogits = torch.copyRows(scope, logits, 0, points());
            corruptedLogits = torch.copyRows(scope, logits, row, row + points());
            keepCorrupted(pass, cache, embedded, last);
            changes.add(Change.BOTH_RUNS);
        }
    }

    /** The streams after the last block. @param embedded what {@code input} gives in the corrupted run */
    private List<Tensor> bothStreams(Scope pass, Tensor embedded, ActivationCache cache, CancelToken cancel) {
        Torch torch = model.torch();
        List<Tensor> parts = new ArrayList<>();
        if (start > 0) parts.add(model.withPositions(pass, model.embed(pass, tokens.prefix()), 0));
        parts.add(model.withPositions(pass, model.embed(pass, tokens.clean()), start));
        parts.add(model.withPositions(pass, embedded, start));
        Tensor x = torch.catPositions(pass, parts); // [batch, prefixPos + 2 * pos, dModel]
        AttentionPositions both = AttentionPositions.ofBothRuns(torch, model.config(), pass, start, width);
        SharedPositions shared =
                SharedPositions.ofPairs(torch, pass, tokens.cleanTexts(), tokens.corruptedTexts(), start, width);
        int end = start + width;
        long[] read = readOfBoth(shared);
        if (shared == null) {
            Tensor stream = blocks(pass, x, both, null, read, Prefix.NONE, cache, cancel);
            return List.of(
                    torch.positions(pass, stream, start, end), // [batch, pos, dModel]
                    torch.copyPositions(pass, stream, end, end + width)); // [batch, pos, dModel]
        }
        SharedPositions.Nodes clean = shared.nodes(pass, 0, size, start, end);
        SharedPositions.Nodes corrupted = shared.nodes(pass, size, 2 * size, start, end);
        cache.keepNodes(corrupted, start == 0 ? null : shared.nodes(pass, 0, size, 0, start));
        Tensor stream = blocks(pass, x, both, shared, read, Prefix.NONE, cache, cancel); // [1, node, dModel]
        return List.of(
                SharedPositions.spread(torch, pass, stream, clean), // [batch, pos, dModel]
                SharedPositions.spread(torch, pass, stream, corrupted)); // [batch, pos, dModel]
    }

    /** Where logits of both runs are read in a pass that holds both, as nodes where it shares positions. */
    private long[] readOfBoth(SharedPositions shared) {
        int length = start + 2 * width;
        return LongStream.of(tokens.read())
                .flatMap(place -> {
                    int row = (int) (place / width);
                    int at = start + (int) (place % width);
                    return shared == null
                            ? LongStream.of((long) row * length + at, (long) row * length + at + width)
                            : LongStream.of(shared.node(row, at), shared.node(size + row, at));
                })
                .distinct()
                .toArray();
    }

    private void keepCorrupted(Scope pass, ActivationCache cache, Tensor embedded, Tensor last) {
        pass.moveTo(scope, embedded);
        pass.moveTo(scope, last);
        cache.ports.forEach(port -> pass.moveTo(scope, port));
        if (model.config().parallel()) cache.residMid.forEach(pass::release);
        List<List<Tensor>> kept = new ArrayList<>(List.of(
                cache.prefixKeys, cache.prefixValues, cache.z, cache.attentionSum, cache.mlpOut, cache.residPre));
        // In a parallel block, the MLP's input is the attention's.
        if (!model.config().parallel()) kept.add(cache.mlpIn);
        kept.forEach(some -> pass.moveTo(scope, some));
        if (start > 0) prefix = new Prefix(start, cache.prefixKeys, cache.prefixValues);
        ablated.put(Ablation.PATCHING, AblatedRun.of(embedded, cache, last));
    }

    /** The logits of the corrupted run, in the same way. {@code [point, dVocab]} */
    public Tensor takeCorruptedLogits(Scope result, CancelToken cancel) {
        if (corruptedLogits != null) {
            if (keepsLogits) return model.torch().rows(result, corruptedLogits, 0, points()); // [point, dVocab]
            Tensor known = scope.moveTo(result, corruptedLogits);
            corruptedLogits = null;
            changes.add(Change.CORRUPTED_TAKEN);
            return known;
        }
        AblatedRun run = ablatedSources(Ablation.PATCHING, cancel);
        try (Scope pass = model.torch().scope()) {
            return pass.moveTo(result, logits(pass, run.last())); // [point, dVocab]
        }
    }

    private Tensor plain(Scope result, CancelToken cancel) {
        try (Scope pass = model.torch().scope()) {
            Tensor embedded = model.embed(pass, tokens.clean()); // [batch, pos, dModel]
            Tensor stream = cleanRun(pass, embedded, null, cancel); // [batch, pos, dModel]
            return pass.moveTo(result, logits(pass, stream)); // [point, dVocab]
        }
    }

    /** Residual stream {@code [batch, pos, dModel]} → logits at each point {@code [point, dVocab]} */
    public Tensor logits(Scope pass, Tensor stream) {
        return unembed(pass, model.norm(pass, lastStream(pass, stream), model.finalNorm())); // [point, dVocab]
    }

    /** The stream at each point, {@code [row, dModel]}; a single one stands there twice ({@link ReadPoints#of}). */
    Tensor lastStream(Scope pass, Tensor stream) {
        return tokens.points().of(model.torch(), pass, stream); // [row, dModel]
    }

    /** Normed rows of {@link #lastStream} → logits {@code [point, dVocab]} */
    Tensor unembed(Scope pass, Tensor normed) {
        return model.torch().rows(pass, model.unembed(pass, normed), 0, points()); // [point, dVocab]
    }

    /** For each example, whether all its logits are finite. */
    public boolean[] finite(Tensor logits) {
        try (Scope pass = model.torch().scope()) {
            double[] flags = model.torch().toHost(model.torch().finiteRows(pass, logits)); // [point]
            boolean[] finite = new boolean[examples()];
            for (int i = 0; i < finite.length; i++) {
                int end = i + 1 < finite.length ? firstPoint(i + 1) : points();
                finite[i] = true;
                for (int point = firstPoint(i); point < end; point++) finite[i] &= flags[point] != 0;
            }
            return finite;
        }
    }

    /** What is to be done before the batch closes: others hold what was made of it. */
    public void onClose(Runnable action) {
        onClose.add(action);
    }

    @Override
    public void close() {
        onClose.forEach(Runnable::run);
        onClose.clear();
        others.values().forEach(Scope::close);
        scope.close();
    }
}
