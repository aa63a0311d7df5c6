package io.circuitscript.analysis;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.circuitscript.analysis.methods.AttributionMethods;
import io.circuitscript.analysis.methods.MethodSettings;
import io.circuitscript.engine.Ablation;
import io.circuitscript.engine.CancelToken;
import io.circuitscript.engine.Progress;
import io.circuitscript.engine.RunOptions;
import io.circuitscript.engine.torch.Precision;
import io.circuitscript.graph.Circuit;
import io.circuitscript.task.Pairs;
import java.io.IOException;
import java.nio.file.Files;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.StreamSupport;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Our circuits against those of a sequential program on transformers, which runs the whole circuit for each edge: {@code tools/acdc}. */
class AcdcTest {
    private static List<JsonNode> cases(String family) throws IOException {
        JsonNode all = new ObjectMapper().readTree(Files.readString(Fixture.resource("/fixtures/acdc.json")));
        return StreamSupport.stream(all.spliterator(), false)
                .filter(it -> it.get("family").asText().equals(family))
                .toList();
    }

    private static RunOptions batches(int size) {
        return new RunOptions(Progress.NONE, new CancelToken(), size, 0);
    }

    @ParameterizedTest
    @ValueSource(strings = {"gpt2", "llama", "gpt_neox", "gemma2"})
    void findsTheCircuitsOfTheSequentialProgram(String family) throws IOException {
        try (Fixture fixture = new Fixture(family, Precision.FLOAT64)) {
            List<JsonNode> cases = cases(family);
            assertEquals(5, cases.size());
            for (JsonNode it : cases) {
                for (int batch : new int[] {0, 3}) {
                    Circuit found = run(fixture, it, batches(batch));
                    assertEquals(names(it), names(fixture, found), it + " batch " + batch);
                    assertEquals(0, fixture.model.liveTensors() - stored(fixture), "tensors are given back");
                    fixture.batches.close();
                }
            }
        }
    }

    /** How many tensors the batches hold that are kept: what is left of a search. */
    private static long stored(Fixture fixture) {
        long with = fixture.model.liveTensors();
        fixture.batches.close();
        return with - fixture.model.liveTensors();
    }

    private static Circuit run(Fixture fixture, JsonNode it, RunOptions options) {
        Analyses analyses =
                first(fixture.analyses(it.get("task").asText()), it.get("rows").asInt());
        return AttributionMethods.named("acdc")
                .edges(analyses, settings(it), () -> ablation(it), options)
                .circuit()
                .orElseThrow();
    }

    private static MethodSettings settings(JsonNode it) {
        Map<String, Object> given = new HashMap<>();
        given.put("threshold", it.get("threshold").asDouble());
        given.put("by", it.get("by").asText());
        return new MethodSettings(AttributionMethods.named("acdc").options(), given, () -> 0);
    }

    private static Ablation ablation(JsonNode it) {
        return it.get("ablation").asText().equals("zero") ? Ablation.ZERO : Ablation.PATCHING;
    }

    /** The same of the first rows. */
    private static Analyses first(Analyses all, int rows) {
        Pairs pairs = all.pairs().with(all.pairs().pairs().subList(0, rows));
        return new Analyses(all.model(), pairs, all.metric(), all.store());
    }

    private static TreeSet<String> names(JsonNode it) {
        TreeSet<String> names = new TreeSet<>();
        it.get("edges").forEach(edge -> names.add(edge.asText()));
        return names;
    }

    private static TreeSet<String> names(Fixture fixture, Circuit circuit) {
        TreeSet<String> names = new TreeSet<>();
        circuit.edges().stream().mapToObj(fixture.model.graph()::edgeName).forEach(names::add);
        return names;
    }
}
