package io.circuitscript.analysis;

import io.circuitscript.engine.Ablation;
import io.circuitscript.engine.Continuations;
import io.circuitscript.engine.MemoryBudget;
import io.circuitscript.engine.RunOptions;
import io.circuitscript.engine.Transformer;
import io.circuitscript.graph.Circuit;
import io.circuitscript.graph.ModelGraph;
import io.circuitscript.io.FileHashes;
import io.circuitscript.task.Metric;
import io.circuitscript.task.Pair;
import io.circuitscript.task.Pairs;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The hash of what a piece of work follows from, gathered part by part. Two pieces of the same hash give the same. */
public final class Identity {
    private final MessageDigest digest = FileHashes.digest();
    private final DataOutputStream out =
            new DataOutputStream(new DigestOutputStream(OutputStream.nullOutputStream(), digest));

    private interface Part {
        void writeTo(DataOutputStream out) throws IOException;
    }

    private Identity add(Part part) {
        try {
            part.writeTo(out);
        } catch (IOException e) {
            throw new UncheckedIOException("a hash takes everything", e);
        }
        return this;
    }

    public Identity add(String text) {
        return add(out -> {
            out.writeInt(text.length());
            out.writeChars(text);
        });
    }

    public Identity add(long number) {
        return add(out -> out.writeLong(number));
    }

    public Identity add(double number) {
        return add(out -> out.writeDouble(number));
    }

    public Identity add(int[] numbers) {
        add(numbers.length);
        for (int number : numbers) add(number);
        return this;
    }

    public Identity add(BitSet set) {
        long[] words = set.toLongArray();
        add(words.length);
        for (long word : words) add(word);
        return this;
    }

    /** Where a model computes, and how many examples at once may follow from that. */
    public Identity add(Transformer model, RunOptions options) {
        return add(model.device())
                .add(model.precision().word())
                .add(options.batch())
                .add(MemoryBudget.bytes(options, model.device()));
    }

    public Identity add(Continuations of) {
        add(of.sequences().size());
        for (List<Integer> sequence : of.sequences())
            add(sequence.stream().mapToInt(id -> id).toArray());
        return this;
    }

    /** By what tells it from others of one model on the same data: whether its edges are at spans. */
    public Identity add(ModelGraph graph) {
        graph.spans().names().forEach(this::add);
        return this;
    }

    public Identity add(Circuit circuit) {
        return add(circuit.graph()).add(circuit.edges()).add(circuit.width()).add(circuit.neurons());
    }

    public Identity add(Metric metric) {
        return add(metric.name()).add(metric.expression()).add(metric.lessIsBetter() ? 1 : 0);
    }

    public Identity add(Ablation ablation) {
        return switch (ablation) {
            case Ablation.Patching it -> add("patching");
            case Ablation.Zero it -> add("zero");
            case Ablation.Mean mean -> add("mean").add(mean.means()::writeTo);
        };
    }

    public Identity add(Pairs pairs) {
        add(pairs.size());
        pairs.spans().names().forEach(this::add);
        for (Pair pair : pairs.pairs()) {
            add(pair.clean())
                    .add(pair.corrupted())
                    .add(pair.spans())
                    .add(pair.columns().size());
            for (Map.Entry<String, String> column : new TreeMap<>(pair.columns()).entrySet())
                add(column.getKey()).add(column.getValue());
        }
        return this;
    }

    public byte[] bytes() {
        return digest.digest();
    }
}
