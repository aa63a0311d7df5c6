package io.circuitscript.analysis;

import io.circuitscript.engine.Batch;
import io.circuitscript.engine.Continuations;
import io.circuitscript.engine.EdgeAttribution;
import io.circuitscript.engine.MemoryBudget;
import io.circuitscript.engine.RunOptions;
import io.circuitscript.engine.TextSpans;
import io.circuitscript.engine.Transformer;
import io.circuitscript.engine.torch.OutOfDeviceMemory;
import io.circuitscript.graph.Spans;
import io.circuitscript.model.ModelConfig;
import io.circuitscript.model.hub.ByteSize;
import io.circuitscript.source.ErrorCode;
import io.circuitscript.source.UserError;
import io.circuitscript.task.Pair;
import io.circuitscript.task.Pairs;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Cuts the examples of a fold into batches, and makes these. How follows from script, data, model, settings and machine, never from what happens to be free. */
record Batches(Transformer model, Pairs pairs) {
    /** Numbers in an activation {@code [row, dModel]} beyond which more at once gains nothing: a product of this size fills the machine. */
    private static final int ENOUGH = 1 << 20;

    /** The same on a CPU. With twice as many, what lies between products leaves its caches, and takes longer. */
    private static final int ENOUGH_ON_CPU = 1 << 19;

    /** Positions that a product should have at least, however wide the model. */
    private static final int FEWEST_POSITIONS = 256;

    /**
     * How a group is cut into batches.
     *
     * @param start the first position of the window
     * @param width how many positions it has
     * @param usual how many rows, or examples, there are at once where memory is not short
     * @param point what part of a row's memory the logits of one point take
     * @param savesMemory whether not even one row fits with all that a pass with gradients computes
     */
    record Window(int start, int width, int usual, double point, boolean savesMemory) {
        /** What an example counts, in rows: a row's own memory is that of one point. */
        private int rows(Continuations then) {
            int rows = then.sequences().size();
            return rows + (int) Math.ceil(point * (then.points().size() - rows));
        }
    }

    /** Some examples that are computed at once. */
    record Cut(List<Integer> examples, Window window) {}

    /** All batches of a fold. @param share what part of the usual number of examples at once the device has memory for */
    List<Cut> cuts(Fold<?> fold, double share, RunOptions options) {
        List<Cut> cuts = new ArrayList<>();
        for (Group group : groups(fold)) {
            Window window = window(fold, group, options);
            int to;
            for (int from = 0; from < group.examples().size(); from = to) {
                to = end(fold, group.examples(), from, window, share, options);
                cuts.add(new Cut(group.examples().subList(from, to), window));
            }
        }
        return cuts;
    }

    List<Group> groups(Fold<?> fold) {
        return Group.of(pairs, fold.chosen(pairs.size()), fold::continuations);
    }

    Window window(Fold<?> fold, Group group, RunOptions options) {
        int start = fold.sharesPrefix() ? group.start() : 0;
        int width = group.length() - start;
        long row = bytes(width, start)
                + fold.furtherNumbers(width) * model.precision().bytes();
        boolean savesMemory = bytes(width, start) > forRows(options) - apart();
        int usual = savesMemory && options.batch() == 0 ? 1 : size(row, width, options);
        return new Window(start, width, usual, (double) logits() / row, savesMemory);
    }

    /** What is held at once beside the rows. */
    private long apart() {
        return EdgeAttribution.numbersAtOnce(model) * model.precision().bytes();
    }

    /** What part of the memory budget rows are to fill, by the estimate: the rest is for what the estimate does not know. */
    private long forRows(RunOptions options) {
        return MemoryBudget.bytes(options, model.device()) / 2;
    }

    /** What is to be said where even one row takes more than the budget. */
    Optional<String> tooLong(Fold<?> fold, Window window, RunOptions options) {
        if (!window.savesMemory) return Optional.empty();
        long budget = MemoryBudget.bytes(options, model.device());
        long row = fold.canSaveMemory()
                ? leastBytes(window.width, window.start)
                : bytes(window.width, window.start)
                        + fold.furtherNumbers(window.width) * model.precision().bytes();
        if (row <= budget) return Optional.empty();
        return Optional.of(fold.what() + ": a text of " + (window.start + window.width) + " tokens takes about "
                + ByteSize.text(row) + ", more than the memory budget of " + ByteSize.text(budget));
    }

    /** Where the batch that begins with an example ends, which takes no more than so much. */
    int end(Fold<?> fold, List<Integer> examples, int from, Window window, double share, RunOptions options) {
        long most = Math.round(window.usual * share);
        int taken = count(fold, examples.get(from), window, options);
        int to = from + 1;
        while (to < examples.size()) {
            taken += count(fold, examples.get(to), window, options);
            if (taken > most) break;
            to++;
        }
        return to;
    }

    /** What part of the usual number of examples some are. */
    double share(Fold<?> fold, List<Integer> examples, Window window, RunOptions options) {
        int taken = examples.stream()
                .mapToInt(it -> count(fold, it, window, options))
                .sum();
        return (double) taken / window.usual;
    }

    /** What an example counts in a batch: 1 where the script says how many examples there are, else its rows. */
    private static int count(Fold<?> fold, int example, Window window, RunOptions options) {
        return options.batch() > 0 ? 1 : window.rows(fold.continuations(example));
    }

    /** @param start the first position of its window */
    Batch make(List<Integer> examples, List<Continuations> then, int start, boolean savesMemory) {
        List<Pair> chosen = examples.stream().map(pairs.pairs()::get).toList();
        Batch batch = Batch.of(
                model,
                chosen.stream().map(Pair::clean).toList(),
                chosen.stream().map(Pair::corrupted).toList(),
                then,
                spans(examples),
                start);
        if (savesMemory) return batch.savingMemory();
        model.torch().keepBlocks();
        return batch;
    }

    List<TextSpans> spans(List<Integer> examples) {
        return examples.stream().map(pairs.pairs()::get).map(this::spans).toList();
    }

    private TextSpans spans(Pair pair) {
        if (pairs.spans().isNone()) return TextSpans.none(pair.length());
        return new TextSpans(pair.spans(), Math.max(0, pairs.spans().named(Spans.ANSWER)));
    }

    /** What so many rows of a batch hold between analyses, in bytes: keys and values of the prefix, and the run in which everything is ablated. */
    long keptBytes(List<Continuations> then, Window window) {
        long rows = then.stream().mapToLong(it -> it.sequences().size()).sum();
        ModelConfig config = model.config();
        long numbers = (2L * window.start + 8L * window.width)
                * config.layers()
                * Math.max(config.dModel(), config.heads() * config.dHead());
        return rows * numbers * model.precision().bytes();
    }

    /** What all batches may hold between analyses: it lies beside what a batch takes. */
    long mostKept(RunOptions options) {
        return MemoryBudget.bytes(options, model.device()) / 8;
    }

    static UserError tooLarge(OutOfDeviceMemory e) {
        return new UserError(
                UserError.Kind.FAILURE,
                ErrorCode.OUT_OF_MEMORY,
                "the device does not have enough memory for a single example",
                List.of(String.valueOf(e.getMessage())),
                "use a smaller model, shorter texts, or a device with more memory");
    }

    static String halved(int examples) {
        return "out of memory with " + examples + " examples at once; trying with half";
    }

    /** How many rows at once, or examples where the script says how many. */
    private int size(long row, int width, RunOptions options) {
        if (options.batch() > 0) return options.batch();
        // Of several rows the estimate is close.
        long fit = (MemoryBudget.bytes(options, model.device()) / 4 * 3 - apart()) / row;
        return (int) Math.clamp(fit, 1, Math.max(1, enoughPositions() / width));
    }

    private int enoughPositions() {
        int enough = model.device().equals("cpu") ? ENOUGH_ON_CPU : ENOUGH;
        return Math.max(FEWEST_POSITIONS, enough / model.config().dModel());
    }

    /**
     * About what a row takes in the hungriest analysis, attribution: a pass with gradients, and what the steps gather. The same for all, so that
     * they share batches.
     */
    private long bytes(int width, int prefix) {
        ModelConfig config = model.config();
        // Heads together may be wider than the stream, and differ from it in queries, keys, values and what they mix.
        long wider = Math.max(0, 16L * (config.heads() * config.dHead() - config.dModel()));
        long hidden = (config.family().gated() ? 6L : 3L) * config.dMlp();
        // With a cap, weights of attention are kept for the way back.
        long weights = capped(config) ? 4L * config.heads() * (width + prefix) : 0;
        long perPosition = config.dModel() * 48L * config.layers() + config.layers() * (hidden + wider + weights);
        long numbers = width * perPosition
                + 8L * config.layers() * prefix * Math.max(config.dModel(), config.heads() * config.dHead())
                + 8L * config.dVocab();
        return numbers * model.precision().bytes();
    }

    /**
     * The same of a batch that saves memory: what sources give and how it differs, what steps gather, the stream before each layer, one layer with
     * its way back, and some positions' changes.
     */
    private long leastBytes(int width, int prefix) {
        ModelConfig config = model.config();
        long heads = Math.max(config.dModel(), (long) config.heads() * config.dHead());
        long hidden = (config.family().gated() ? 6L : 3L) * config.dMlp();
        long perPosition = (9L * config.layers() + 30L) * heads + hidden;
        long numbers = width * perPosition + 2L * config.layers() * prefix * heads + 8L * config.dVocab();
        return (numbers + EdgeAttribution.numbersAtOnce(model, width))
                * model.precision().bytes();
    }

    /** What the logits of one point take, with their gradients and what a metric makes of them. */
    private long logits() {
        return 8L * model.config().dVocab() * model.precision().bytes();
    }

    private static boolean capped(ModelConfig config) {
        return config.attention().stream().anyMatch(shape -> shape.cap() > 0);
    }
}
