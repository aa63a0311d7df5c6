package io.circuitscript.analysis;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.circuitscript.engine.RunOptions;
import io.circuitscript.engine.Transformer;
import io.circuitscript.engine.torch.Precision;
import io.circuitscript.graph.Circuit;
import io.circuitscript.graph.ModelGraph;
import io.circuitscript.graph.Scores;
import io.circuitscript.model.Checkpoint;
import io.circuitscript.model.locate.ModelLocator;
import io.circuitscript.model.tokenizer.BosChoice;
import io.circuitscript.model.tokenizer.Tokenizer;
import io.circuitscript.runtime.metric.StandardMetrics;
import io.circuitscript.task.Pairs;
import io.circuitscript.task.PairsReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A tiny model with the reference numbers that EAP-IG computes for it in float64. */
public final class Fixture implements AutoCloseable {
    public final Transformer model;
    public final Tokenizer tokenizer;
    public final JsonNode expected;
    public final BatchStore batches = new BatchStore();
    private final Map<String, Integer> edges = new HashMap<>();

    public Fixture(String name, Precision precision) {
        this(name, resource("/fixtures/" + name), resource("/fixtures/" + name + "/expected.json"), precision);
    }

    /** A tiny model of {@code families}, with what transformers computes for it. */
    public static Fixture family(String name, Precision precision) {
        return new Fixture(
                name, resource("/families/" + name), resource("/families/" + name + "/expected.json"), precision);
    }

    /** The bundled model, with what EAP-IG finds in it. */
    public static Fixture demo() {
        return demo(Precision.FLOAT32);
    }

    public static Fixture demo(Precision precision) {
        Path folder = ModelLocator.resolve("demo", List.of(), Path.of("")).folder();
        return new Fixture("demo", folder, resource("/demo/expected.json"), precision);
    }

    private Fixture(String name, Path folder, Path reference, Precision precision) {
        model = Transformer.load(Checkpoint.open(name, folder), "cpu", precision, RunOptions.quiet());
        tokenizer = Tokenizer.open(folder, new BosChoice.Auto());
        try {
            expected = new ObjectMapper().readTree(Files.readString(reference));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        ModelGraph graph = model.graph();
        for (int edge = 0; edge < graph.edgeIndexBound(); edge++) {
            if (graph.exists(edge)) edges.put(graph.edgeName(edge), edge);
        }
    }

    public static Path resource(String name) {
        try {
            return Path.of(Fixture.class.getResource(name).toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    public Analyses analyses(String task) {
        return analyses(task, resource("/fixtures/" + task + ".csv"));
    }

    public Analyses analyses(String task, Path file) {
        Pairs pairs = PairsReader.read(
                task + ".csv",
                file,
                PairsReader.Options.none(),
                tokenizer,
                model.config().positions());
        return new Analyses(model, pairs, StandardMetrics.inferred(pairs, tokenizer), batches);
    }

    public Circuit circuit(JsonNode names) {
        BitSet set = new BitSet();
        names.forEach(name -> set.set(edges.get(name.asText())));
        return new Circuit(model.graph(), set);
    }

    public double[] numbers(JsonNode list) {
        double[] numbers = new double[list.size()];
        for (int i = 0; i < numbers.length; i++) numbers[i] = list.get(i).asDouble();
        return numbers;
    }

    /** The largest difference between scores and a table, as a part of the table's largest score; what the reference has no value for is left out. */
    public double worst(Scores scores, JsonNode table) {
        double largest = 0;
        double worst = 0;
        for (var entry : table.properties()) {
            if (entry.getValue().isNull()) continue;
            double value = entry.getValue().asDouble();
            largest = Math.max(largest, Math.abs(value));
            worst = Math.max(worst, Math.abs(value - scores.of(edges.get(entry.getKey()))));
        }
        return worst / largest;
    }

    public int edge(String name) {
        return edges.get(name);
    }

    @Override
    public void close() {
        batches.close();
        tokenizer.close();
        model.close();
    }
}
