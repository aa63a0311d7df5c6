package io.circuitscript.analysis;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.circuitscript.engine.Ablation;
import io.circuitscript.engine.CancelToken;
import io.circuitscript.engine.Progress;
import io.circuitscript.engine.RunOptions;
import io.circuitscript.engine.Transformer;
import io.circuitscript.engine.torch.Precision;
import io.circuitscript.graph.Circuit;
import io.circuitscript.graph.ModelGraph;
import io.circuitscript.runtime.WrittenMetrics;
import io.circuitscript.task.Pairs;
import io.circuitscript.task.PairsReader;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Circuits whose edges are kept at spans of positions, and edges ablated there, against a program on transformers (tools/positions), in float64. */
class PositionsReferenceTest {
    private static final String LOGPROB_DIFF =
            "metric logprob_diff(correct, incorrect) = logprob(correct) - logprob(incorrect)";

    @ParameterizedTest
    @CsvSource({"gpt2, 4", "llama, 0", "demo, 0"})
    void asTransformers(String name, int batch) throws IOException {
        JsonNode all = new ObjectMapper().readTree(Files.readString(Fixture.resource("/positions/positions.json")));
        RunOptions options = new RunOptions(Progress.NONE, new CancelToken(), batch, 0);
        try (Fixture fixture =
                name.equals("demo") ? Fixture.demo(Precision.FLOAT64) : new Fixture(name, Precision.FLOAT64)) {
            Transformer.threads(1); // a tiny model on a busy machine: two would wait for each other most of the time
            JsonNode expected = all.get(name);
            Analyses analyses = analyses(fixture, expected.get("rows"), all.get("spans"));
            ModelGraph graph = fixture.model.graph().at(analyses.pairs().spans());
            int[] order = order(graph);
            Map<String, Ablation> ablations = Map.of(
                    "patching",
                    Ablation.PATCHING,
                    "zero",
                    Ablation.ZERO,
                    "mean",
                    Analyses.mean(fixture.model, analyses.pairs(), false, Optional.of(analyses.metric()), options));
            List<Circuit> circuits = new ArrayList<>();
            for (JsonNode one : expected.get("circuits"))
                circuits.add(
                        circuit(graph, order, new BigInteger(one.get("elements").asText(), 16)));
            Map<String, Integer> edges = edges(fixture, expected.get("exact"), graph);
            BitSet alone = new BitSet();
            edges.values().forEach(alone::set);
            ablations.forEach((word, ablation) -> {
                List<double[]> found = analyses.evaluate("positions", circuits, ablation, options);
                for (int i = 0; i < circuits.size(); i++) {
                    double[] values =
                            fixture.numbers(expected.get("circuits").get(i).get(word));
                    assertArrayEquals(values, found.get(i), 1e-9, word + " " + i);
                }
                double[] drops = analyses.runner().run(SampleFold.exact(analyses, graph, ablation, alone), options);
                edges.forEach((edge, number) -> assertEquals(
                        expected.get("exact").get(edge).get(word).asDouble(),
                        drops[number] / analyses.pairs().size(),
                        1e-9,
                        edge + " " + word));
            });
            fixture.batches.close();
            assertEquals(0, fixture.model.liveTensors());
        }
    }

    private static Analyses analyses(Fixture fixture, JsonNode rows, JsonNode names) {
        Pairs plain = PairsReader.read(
                "answers.csv",
                Fixture.resource("/answers/answers.csv"),
                new PairsReader.Options(Map.of(), rows.size()),
                fixture.tokenizer,
                fixture.model.config().positions());
        Iterator<JsonNode> next = rows.iterator();
        Pairs pairs = SpannedRows.of(
                plain,
                names.valueStream().map(JsonNode::asText).toList(),
                pair -> next.next().valueStream().mapToInt(JsonNode::asInt).toArray());
        return new Analyses(
                fixture.model, pairs, WrittenMetrics.of(LOGPROB_DIFF, pairs, fixture.tokenizer), fixture.batches);
    }

    /** Edges at spans in the program's order. */
    private static int[] order(ModelGraph graph) {
        return IntStream.range(0, graph.slots())
                .flatMap(slot -> IntStream.range(0, graph.sourcesBefore(slot))
                        .flatMap(source -> IntStream.range(0, graph.perEdge()).map(s -> graph.edge(source, slot, s))))
                .toArray();
    }

    private static Circuit circuit(ModelGraph graph, int[] order, BigInteger elements) {
        BitSet edges = new BitSet();
        for (int i = 0; i < order.length; i++) if (elements.testBit(i)) edges.set(order[i]);
        return new Circuit(graph, edges);
    }

    /** By name, {@code m0->a2.h1<k>@a}. */
    private static Map<String, Integer> edges(Fixture fixture, JsonNode exact, ModelGraph graph) {
        Map<String, Integer> edges = new LinkedHashMap<>();
        exact.fieldNames().forEachRemaining(name -> {
            String[] parts = name.split("@");
            int plain = fixture.edge(parts[0]);
            edges.put(
                    name,
                    graph.edge(
                            fixture.model.graph().sourceOf(plain),
                            fixture.model.graph().slotOf(plain),
                            graph.spans().named(parts[1])));
        });
        return edges;
    }
}
