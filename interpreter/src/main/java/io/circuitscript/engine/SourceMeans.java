package io.circuitscript.engine;

import io.circuitscript.engine.torch.Scope;
import io.circuitscript.engine.torch.Tensor;
import io.circuitscript.engine.torch.Torch;
import io.circuitscript.graph.ModelGraph;
import io.circuitscript.graph.SourceConstants;
import io.circuitscript.source.ErrorCode;
import io.circuitscript.source.UserError;
import java.io.DataInputStream;
import java.io.DataOutput;
import java.io.IOException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * What each source gives on clean runs, as a sum over examples: over all their positions, or for each position over those examples that have it.
 * Divided by the count it is the mean that an ablated edge carries. Two of them are the same only where they are one object.
 */
public final class SourceMeans implements Serializable {
    private final String name;
    private final boolean positional;

    /** How many outputs each row is the sum of: one row, or one for each position. */
    private final long[] counts;

    /** {@code [row, dModel]} */
    private final double[] input;

    /** For each layer {@code [row, head, dHead]}: a head's output is linear in it. */
    private final List<double[]> z;

    /** For each layer {@code [row, dModel]} */
    private final List<double[]> mlpOut;

    private SourceMeans(
            String name, boolean positional, long[] counts, double[] input, List<double[]> z, List<double[]> mlpOut) {
        this.name = name;
        this.positional = positional;
        this.counts = counts;
        this.input = input;
        this.z = List.copyOf(z);
        this.mlpOut = List.copyOf(mlpOut);
    }

    /** Of no examples. @param name of the data, for messages */
    public static SourceMeans none(Transformer model, String name, boolean positional) {
        int layers = model.config().layers();
        List<double[]> nothing = new ArrayList<>();
        for (int layer = 0; layer < layers; layer++) nothing.add(new double[0]);
        return new SourceMeans(name, positional, new long[0], new double[0], nothing, nothing);
    }

    /** Constants in their place, for all positions. @param name of where they are from, for messages */
    public static SourceMeans of(SourceConstants constants, String name) {
        ModelGraph graph = constants.graph();
        double[] values = constants.values();
        List<double[]> z = new ArrayList<>();
        List<double[]> mlpOut = new ArrayList<>();
        for (int layer = 0; layer < graph.layers(); layer++) {
            int from = constants.offset(graph.firstHead(layer));
            int to = constants.offset(graph.firstHead(layer) + graph.heads());
            z.add(Arrays.copyOfRange(values, from, to));
            mlpOut.add(Arrays.copyOfRange(values, to, to + constants.dModel()));
        }
        double[] input = Arrays.copyOf(values, constants.dModel());
        return new SourceMeans(name, false, new long[] {1}, input, z, mlpOut);
    }

    /** The means themselves. Not where each position has its own. */
    public SourceConstants constants(ModelGraph graph) {
        if (positional) throw new IllegalStateException("a mean for each position");
        double[] input = mean(this.input, 1);
        int heads = z.getFirst().length;
        SourceConstants of = new SourceConstants(
                graph,
                input.length,
                heads / graph.heads(),
                new double[SourceConstants.count(graph, input.length, heads / graph.heads())]);
        System.arraycopy(input, 0, of.values(), 0, input.length);
        for (int layer = 0; layer < graph.layers(); layer++) {
            int at = of.offset(graph.firstHead(layer));
            System.arraycopy(mean(z.get(layer), 1), 0, of.values(), at, heads);
            System.arraycopy(mean(mlpOut.get(layer), 1), 0, of.values(), at + heads, input.length);
        }
        return of;
    }

    /** Of a batch's clean texts. @param batch without a prefix of its own, so that every position is in its window */
    public SourceMeans and(Batch batch, CancelToken cancel) {
        if (batch.start() != 0) throw new IllegalArgumentException("a batch that begins at " + batch.start());
        Transformer model = batch.model();
        Torch torch = model.torch();
        try (Scope pass = torch.scope()) {
            Tensor counted = batch.plain()
                    ? null
                    : torch.numbers(pass, batch.counted(), batch.size(), batch.width()); // [batch, pos]
            ActivationCache cache = ActivationCache.of(ActivationCache.Kept.Z, ActivationCache.Kept.MLP_OUT);
            Tensor embedded = model.embed(pass, batch.cleanIds()); // [batch, pos, dModel]
            batch.cleanRunEverywhere(pass, embedded, cache, cancel);
            return and(new SourceMeans(
                    name,
                    positional,
                    count(batch),
                    sum(torch, embedded, counted),
                    cache.z.stream().map(z -> sum(torch, z, counted)).toList(),
                    cache.mlpOut.stream().map(out -> sum(torch, out, counted)).toList()));
        }
    }

    private long[] count(Batch batch) {
        long[] count = new long[positional ? batch.width() : 1];
        if (batch.plain()) {
            Arrays.fill(count, positional ? batch.size() : (long) batch.size() * batch.width());
            return count;
        }
        double[] counted = batch.counted();
        for (int i = 0; i < counted.length; i++) {
            if (counted[i] != 0) count[positional ? i % batch.width() : 0]++;
        }
        return count;
    }

    /** {@code [batch, pos, …]} → rows, of the positions that count. @param counted null where all do */
    private double[] sum(Torch torch, Tensor x, Tensor counted) {
        try (Scope pass = torch.scope()) {
            Tensor kept = counted == null ? x : torch.keepPositions(pass, x, counted);
            return torch.toHost(torch.sumExamples(pass, kept, positional));
        }
    }

    /** The same of both's examples. */
    public SourceMeans and(SourceMeans more) {
        List<double[]> allZ = new ArrayList<>();
        List<double[]> allOut = new ArrayList<>();
        for (int layer = 0; layer < z.size(); layer++) {
            allZ.add(plus(z.get(layer), more.z.get(layer)));
            allOut.add(plus(mlpOut.get(layer), more.mlpOut.get(layer)));
        }
        long[] both = Arrays.copyOf(counts, Math.max(counts.length, more.counts.length));
        for (int row = 0; row < more.counts.length; row++) both[row] += more.counts[row];
        return new SourceMeans(name, positional, both, plus(input, more.input), allZ, allOut);
    }

    /** Writes the sums by their bits. */
    public void writeTo(DataOutput out) throws IOException {
        out.writeInt(counts.length);
        for (long count : counts) out.writeLong(count);
        SavedNumbers.write(input, out);
        for (double[] sums : z) SavedNumbers.write(sums, out);
        for (double[] sums : mlpOut) SavedNumbers.write(sums, out);
    }

    /** Sums as they were written, of the same model, data and kind as these. */
    public SourceMeans read(DataInputStream in) throws IOException {
        long[] read = new long[SavedNumbers.count(in, Long.BYTES)];
        for (int row = 0; row < read.length; row++) read[row] = in.readLong();
        double[] readInput = SavedNumbers.read(in);
        List<double[]> readZ = new ArrayList<>();
        List<double[]> readOut = new ArrayList<>();
        for (int layer = 0; layer < z.size(); layer++) readZ.add(SavedNumbers.read(in));
        for (int layer = 0; layer < z.size(); layer++) readOut.add(SavedNumbers.read(in));
        return new SourceMeans(name, positional, read, readInput, readZ, readOut);
    }

    private static double[] plus(double[] first, double[] second) {
        double[] sum = Arrays.copyOf(first, Math.max(first.length, second.length));
        for (int i = 0; i < second.length; i++) sum[i] += second[i];
        return sum;
    }

    /** @throws UserError where a batch has positions that no mean is known of */
    void check(int positions) {
        if (!positional || positions <= counts.length) return;
        throw UserError.input(
                ErrorCode.NO_MEAN_FOR_POSITION,
                "there is no mean for position " + (counts.length + 1) + ": the longest text of " + name + " has "
                        + counts.length + " tokens, and one here has " + positions,
                "take means over a file with texts as long (over=\"…\"), or with=mean, which is one mean for all positions");
    }

    /** What {@code input} carries, {@code [1, row, dModel]}. */
    Tensor input(Torch torch, Scope scope, int positions) {
        int rows = rows(positions);
        return torch.numbers(scope, mean(input, rows), 1, rows, input.length / counts.length);
    }

    /** What a layer's heads carry, {@code [1, row, head, dHead]}. */
    Tensor z(Torch torch, Scope scope, int layer, int positions, int heads) {
        int rows = rows(positions);
        double[] sums = z.get(layer);
        return torch.numbers(scope, mean(sums, rows), 1, rows, heads, sums.length / counts.length / heads);
    }

    /** What a layer's MLP carries, {@code [1, row, dModel]}. */
    Tensor mlpOut(Torch torch, Scope scope, int layer, int positions) {
        int rows = rows(positions);
        return torch.numbers(scope, mean(mlpOut.get(layer), rows), 1, rows, input.length / counts.length);
    }

    private int rows(int positions) {
        return positional ? positions : 1;
    }

    private double[] mean(double[] sums, int rows) {
        int width = sums.length / counts.length;
        double[] means = Arrays.copyOf(sums, rows * width);
        for (int i = 0; i < means.length; i++) means[i] /= counts[i / width];
        return means;
    }
}
