package io.circuitscript.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.circuitscript.model.Checkpoint;
import io.circuitscript.model.Weight;
import io.circuitscript.model.locate.ModelLocator;
import io.circuitscript.model.tokenizer.BosChoice;
import io.circuitscript.model.tokenizer.Tokenizer;
import io.circuitscript.runtime.ScriptRun;
import io.circuitscript.runtime.value.Value;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The bundled model whose circuits are known: its weights allow the edges that std/planted names and no others, and each of them matters. */
class PlantedTest {
    private static final int LAYERS = 4;
    private static final int HEADS = 4;
    private static final int D_MODEL = 128;
    private static final int D_HEAD = D_MODEL / HEADS;
    private static final String READY = "load planted\nimport \"std/planted\"\n";

    @TempDir
    private Path folder;

    /** By one answer of the task: the rows of its answers read the same channels. */
    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '"',
            value = {
                "planted-greater-than, \"41\"",
                "planted-ioi, \" Alice\"",
                "planted-gender, \" she\"",
                "planted-capitals, \" Paris\""
            })
    void theWeightsAllowTheCircuitAndNoOtherEdge(String task, String answer) {
        assertEquals(named(task), allowed(answer));
    }

    @Test
    void whatASourceWritesSumsToZero() {
        try (Checkpoint checkpoint = checkpoint()) {
            for (String name : List.of("wte.weight", "wpe.weight", "h.3.attn.c_proj.weight", "h.1.mlp.c_proj.weight")) {
                for (float[] row : matrix(checkpoint.weight(name), D_MODEL)) {
                    double sum = 0;
                    for (float number : row) sum += number;
                    assertEquals(0, sum, name);
                }
            }
        }
    }

    /** Exact ablation tells the true edges from all others, and the model knows its tasks. */
    @ParameterizedTest
    @ValueSource(strings = {"planted-greater-than", "planted-ioi", "planted-gender", "planted-capitals"})
    void exactAblationFindsTheCircuit(String task) {
        ScriptRun run = ScriptRun.of(
                READY + "task " + task + " limit=12\nbaseline\nattribute method=exact\nlet match = compare " + task
                        + "\nuse " + task + "\nevaluate",
                folder);
        assertEquals(List.of(), run.mistakes());
        assertTrue(number(run, "compare", "b_auc") > 0.99, () -> "AUC " + number(run, "compare", "b_auc"));
        assertEquals(1, number(run, "evaluate", "faithfulness"), 0.1);
        assertTrue(number(run, "baseline", "clean") > 0.9);
        assertTrue(number(run, "baseline", "clean") > number(run, "baseline", "corrupted") + 0.9);
    }

    private static double number(ScriptRun run, String statement, String field) {
        return ((Value.Number) run.of(statement).getFirst().field(field).orElseThrow()).value();
    }

    /** The edges of a circuit of std/planted. */
    private TreeSet<String> named(String circuit) {
        ScriptRun run = ScriptRun.of(
                READY + "use " + circuit
                        + "\nlet all = (edges).items\nfor e in all { if e.in_circuit { print \"{e.edge}\" } }",
                folder);
        assertEquals(List.of(), run.mistakes());
        var edges = new TreeSet<String>();
        for (Value.Fields printed : run.of("print"))
            edges.add(printed.field("value").orElseThrow().display());
        return edges;
    }

    /** The edges by which an answer's logit can depend on the input: where a slot reads a channel that a source writes. */
    private static TreeSet<String> allowed(String answer) {
        try (Checkpoint checkpoint = checkpoint();
                Tokenizer tokenizer = Tokenizer.open(bundled(), new BosChoice.Without())) {
            Map<String, BitSet> written = written(checkpoint);
            Map<String, BitSet> read = read(checkpoint);
            int token = tokenizer.encodePlain(answer)[0];
            float[][] unembedding = matrix(checkpoint.unembedding().orElseThrow(), D_MODEL);
            read.put("logits", nonzero(new float[][] {unembedding[token]}));

            var edges = new TreeSet<String>();
            Deque<String> todo = new ArrayDeque<>(List.of("logits"));
            while (!todo.isEmpty()) {
                String node = todo.pop();
                for (Map.Entry<String, BitSet> slot : read.entrySet()) {
                    if (!slot.getKey().replaceAll("<.>", "").equals(node)) continue;
                    for (Map.Entry<String, BitSet> source : written.entrySet()) {
                        if (source.getValue().intersects(slot.getValue())
                                && edges.add(source.getKey() + "->" + slot.getKey())) todo.push(source.getKey());
                    }
                }
            }
            return edges;
        }
    }

    /** The channels that each source writes. */
    private static Map<String, BitSet> written(Checkpoint checkpoint) {
        var written = new LinkedHashMap<String, BitSet>();
        written.put("input", nonzero(matrix(checkpoint.weight("wte.weight"), D_MODEL)));
        for (int layer = 0; layer < LAYERS; layer++) {
            float[][] heads = matrix(checkpoint.weight("h." + layer + ".attn.c_proj.weight"), D_MODEL);
            for (int head = 0; head < HEADS; head++) {
                float[][] rows = Arrays.copyOfRange(heads, head * D_HEAD, (head + 1) * D_HEAD);
                written.put("a" + layer + ".h" + head, nonzero(rows));
            }
            BitSet mlp = nonzero(matrix(checkpoint.weight("h." + layer + ".mlp.c_proj.weight"), D_MODEL));
            mlp.or(nonzero(matrix(checkpoint.weight("h." + layer + ".mlp.c_proj.bias"), D_MODEL)));
            written.put("m" + layer, mlp);
        }
        return written;
    }

    /** The channels that each slot but the logits reads. */
    private static Map<String, BitSet> read(Checkpoint checkpoint) {
        var read = new LinkedHashMap<String, BitSet>();
        for (int layer = 0; layer < LAYERS; layer++) {
            float[][] attention = matrix(checkpoint.weight("h." + layer + ".attn.c_attn.weight"), 3 * D_MODEL);
            for (int port = 0; port < 3; port++) {
                for (int head = 0; head < HEADS; head++) {
                    int first = port * D_MODEL + head * D_HEAD;
                    String slot = "a" + layer + ".h" + head + "<" + "qkv".charAt(port) + ">";
                    read.put(slot, rowsThatCount(attention, first, first + D_HEAD));
                }
            }
            Weight weight = checkpoint.weight("h." + layer + ".mlp.c_fc.weight");
            int dMlp = Math.toIntExact(weight.shape()[1]);
            read.put("m" + layer, rowsThatCount(matrix(weight, dMlp), 0, dMlp));
        }
        return read;
    }

    private static BitSet rowsThatCount(float[][] matrix, int from, int to) {
        var rows = new BitSet();
        for (int row = 0; row < matrix.length; row++) {
            for (int column = from; column < to; column++) if (matrix[row][column] != 0) rows.set(row);
        }
        return rows;
    }

    private static BitSet nonzero(float[][] rows) {
        var columns = new BitSet();
        for (float[] row : rows) {
            for (int column = 0; column < row.length; column++) if (row[column] != 0) columns.set(column);
        }
        return columns;
    }

    private static float[][] matrix(Weight weight, int columns) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment bytes = weight.read(arena);
            var matrix = new float[Math.toIntExact(weight.elements() / columns)][columns];
            for (int i = 0; i < weight.elements(); i++) {
                short half = bytes.get(ValueLayout.JAVA_SHORT_UNALIGNED, 2L * i);
                matrix[i / columns][i % columns] = Float.float16ToFloat(half);
            }
            return matrix;
        }
    }

    private static Path bundled() {
        return ModelLocator.resolve("planted", List.of(), Path.of(".")).folder();
    }

    private static Checkpoint checkpoint() {
        return Checkpoint.open("planted", bundled());
    }
}
