package io.circuitscript.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.circuitscript.runtime.value.Value;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a script gives for the bundled model against a computation that shares nothing with this program: {@code by-hand.json} says what made it.
 * In float64, where both are the same to the last digits.
 */
class ByHandTest {
    private static final double CLOSE = 1e-10;
    private static final String SCRIPT = """
            set threads=1
            load demo dtype=float64
            let a = "The war lasted from the year 1741 to the year 17"
            let b = "The war lasted from the year 1701 to the year 17"
            data "greater-than.csv" limit=20
            let mlps = {m0..m3}
            circuit by-hand {
              input -> {a0.h0, a0.h2}
              {a0.h0, a0.h2} -> mlps
              mlps -> mlps + logits
            }
            attribute ig=5
            sweep
            compare by-hand
            greedy 40
            prune
            generate a tokens=4 corrupted=b
            for what in ["resid", "attn", "mlp", "head"] { patch a b over=what correct="63" incorrect="21" }
            """;

    @TempDir
    static Path folder;

    private static ScriptRun run;
    private static JsonNode expected;

    @BeforeAll
    static void once() throws Exception {
        Files.copy(Path.of("..", "examples", "greater-than.csv"), folder.resolve("greater-than.csv"));
        run = ScriptRun.of(SCRIPT, folder);
        assertEquals(List.of(), run.mistakes());
        expected = new ObjectMapper().readTree(ByHandTest.class.getResourceAsStream("/demo/by-hand.json"));
    }

    private static double number(Value value) {
        return ((Value.Number) value).value();
    }

    private static Value field(Value fields, String name) {
        return ((Value.Fields) fields).field(name).orElseThrow();
    }

    private static List<Value> list(Value fields, String name) {
        return ((Value.ListOf) field(fields, name)).items();
    }

    @Test
    void everyPointOfASweepAndItsAreas() {
        Value.Fields sweep = run.of("sweep").getFirst();
        List<JsonNode> points =
                new ArrayList<>(expected.get("signed").valueStream().toList());
        points.addAll(expected.get("absolute").valueStream().toList());
        List<Value> found = list(sweep, "points");
        assertEquals(points.size(), found.size());
        for (int i = 0; i < points.size(); i++) {
            for (String name : List.of("fraction", "edges", "faithfulness")) {
                assertEquals(
                        points.get(i).get(name).asDouble(),
                        number(field(found.get(i), name)),
                        CLOSE,
                        name + " of point " + i);
            }
        }
        assertEquals(expected.get("model").asDouble(), number(field(found.getFirst(), "baseline")), CLOSE);
        assertEquals(expected.get("empty").asDouble(), number(field(found.getFirst(), "corrupted")), CLOSE);
        assertEquals(expected.get("cpr").asDouble(), number(field(sweep, "cpr")), CLOSE);
        assertEquals(expected.get("cmd").asDouble(), number(field(sweep, "cmd")), CLOSE);
    }

    @Test
    void howWellScoresFindAKnownCircuit() {
        Value.Fields compared = run.of("compare").getFirst();
        assertEquals(expected.get("known").asDouble(), number(field(compared, "a")));
        assertEquals(expected.get("auc").asDouble(), number(field(compared, "b_auc")), CLOSE);
    }

    @Test
    void whatTheCircuitAloneSays() {
        List<Value> said = list(run.of("generate").getFirst(), "tokens");
        assertEquals(expected.get("generate").size(), said.size());
        for (int i = 0; i < said.size(); i++) {
            assertEquals(expected.get("generate").get(i).get("id").asInt(), (int) number(field(said.get(i), "id")));
            assertEquals(
                    expected.get("generate").get(i).get("prob").asDouble(), number(field(said.get(i), "prob")), CLOSE);
        }
    }

    @Test
    void whatPatchingBringsBack() {
        JsonNode patches = expected.get("patch");
        assertEquals(patches.get("grids").size(), run.of("patch").size());
        for (Value.Fields patch : run.of("patch")) {
            String over = ((Value.Text) field(patch, "over")).value();
            JsonNode grid = patches.get("grids").get(over);
            List<Value> rows = list(patch, "grid");
            assertEquals(grid.size(), rows.size());
            for (int layer = 0; layer < rows.size(); layer++) {
                List<Value> row = ((Value.ListOf) rows.get(layer)).items();
                assertEquals(grid.get(layer).size(), row.size());
                for (int i = 0; i < row.size(); i++)
                    assertEquals(
                            grid.get(layer).get(i).asDouble(), number(row.get(i)), CLOSE, over + " " + layer + " " + i);
            }
            assertEquals(patches.get("clean").asDouble(), number(field(patch, "clean")), CLOSE);
            assertEquals(patches.get("corrupted").asDouble(), number(field(patch, "corrupted")), CLOSE);
        }
    }
}
