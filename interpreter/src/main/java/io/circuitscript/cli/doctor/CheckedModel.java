package io.circuitscript.cli.doctor;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.circuitscript.analysis.Analyses;
import io.circuitscript.analysis.BatchStore;
import io.circuitscript.engine.RunOptions;
import io.circuitscript.engine.Transformer;
import io.circuitscript.engine.torch.Precision;
import io.circuitscript.graph.Circuit;
import io.circuitscript.graph.ModelGraph;
import io.circuitscript.model.Checkpoint;
import io.circuitscript.model.Family.Part;
import io.circuitscript.model.tokenizer.BosChoice;
import io.circuitscript.model.tokenizer.Tokenizer;
import io.circuitscript.runtime.metric.StandardMetrics;
import io.circuitscript.task.Pair;
import io.circuitscript.task.Pairs;
import io.circuitscript.task.PairsReader;
import io.circuitscript.task.SyntheticTask;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A small model that comes with the program, on the device that is checked or on the CPU. */
final class CheckedModel implements AutoCloseable {
    /** From one token that differs to the next: fewer than a window has. */
    private static final int APART = 6;

    private final Path folder;
    private final Transformer model;
    private final Tokenizer tokenizer;
    private final Map<String, Analyses> texts = new HashMap<>();
    private final Map<String, Integer> edges = new HashMap<>();

    private CheckedModel(Path folder, Transformer model, Tokenizer tokenizer) {
        this.folder = folder;
        this.model = model;
        this.tokenizer = tokenizer;
        ModelGraph graph = model.graph();
        for (int edge = 0; edge < graph.edgeIndexBound(); edge++)
            if (graph.exists(edge)) edges.put(graph.edgeName(edge), edge);
    }

    static CheckedModel open(String name, Path folder, String device, Precision precision, RunOptions options) {
        Checkpoint checkpoint = Checkpoint.open(name, folder);
        Transformer model;
        try {
            model = Transformer.load(checkpoint, device, precision, options);
        } catch (RuntimeException | Error e) {
            checkpoint.close();
            throw e;
        }
        try {
            return new CheckedModel(folder, model, Tokenizer.open(folder, new BosChoice.Auto()));
        } catch (RuntimeException | Error e) {
            model.close();
            throw e;
        }
    }

    Path folder() {
        return folder;
    }

    String device() {
        return model.device();
    }

    Precision precision() {
        return model.precision();
    }

    ModelGraph graph() {
        return model.graph();
    }

    /** How many tokens a text may have. */
    int positions() {
        return model.config().positions();
    }

    /** Whether it cannot read a text that is longer than that at all. */
    boolean hasLearnedPositions() {
        return model.config().has(Part.POSITIONS);
    }

    Transformer transformer() {
        return model;
    }

    /** How many tensors are alive beside the weights. */
    long liveTensors() {
        forget();
        return model.liveTensors();
    }

    /** Drops what analyses keep for those after them. */
    void forget() {
        texts.values().forEach(it -> it.store().close());
        texts.clear();
    }

    /** Of the first rows of a file. @param limit how many */
    Analyses ofFile(String task, Path file, int limit) {
        return texts.computeIfAbsent(task, it -> {
            PairsReader.Options rows = new PairsReader.Options(Map.of(), limit);
            Pairs pairs = PairsReader.read(
                    task + ".csv", file, rows, tokenizer, model.config().positions());
            return new Analyses(model, pairs, StandardMetrics.inferred(pairs, tokenizer), new BatchStore());
        });
    }

    /** Of random tokens. Those of a pair differ all along: a window of few positions forgets where a text began. */
    Analyses ofRandomTokens(int rows, int length) {
        return texts.computeIfAbsent(rows + " of " + length, it -> {
            int dVocab = model.config().dVocab();
            SyntheticTask task = SyntheticTask.of(rows, dVocab, length, SyntheticTask.Difference.EARLY);
            List<Pair> pairs = task.pairs().pairs().stream()
                    .map(pair -> differing(pair, dVocab))
                    .toList();
            return new Analyses(model, task.pairs().with(pairs), task.metric(), new BatchStore());
        });
    }

    private static Pair differing(Pair pair, int dVocab) {
        int[] corrupted = pair.clean().clone();
        for (int at = 1; at < corrupted.length; at += APART) corrupted[at] = (corrupted[at] + 1) % dVocab;
        return new Pair(pair.row(), "random tokens", "random tokens", pair.clean(), corrupted, Map.of());
    }

    /** What a file of its folder says. */
    JsonNode json(String file) {
        try {
            return new ObjectMapper().readTree(Files.readString(folder.resolve(file)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A table from edges to scores, by edge number; NaN where it has none. */
    double[] scores(JsonNode table) {
        double[] scores = new double[model.graph().edgeIndexBound()];
        Arrays.fill(scores, Double.NaN);
        table.properties().forEach(entry -> {
            if (!entry.getValue().isNull())
                scores[edges.get(entry.getKey())] = entry.getValue().doubleValue();
        });
        return scores;
    }

    Circuit circuit(JsonNode names) {
        BitSet set = new BitSet();
        names.forEach(name -> set.set(edges.get(name.textValue())));
        return new Circuit(model.graph(), set);
    }

    @Override
    public void close() {
        try (model;
                tokenizer) {
            forget();
        }
    }
}
