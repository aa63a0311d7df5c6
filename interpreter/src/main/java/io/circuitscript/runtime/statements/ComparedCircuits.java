package io.circuitscript.runtime.statements;

import io.circuitscript.runtime.state.Level;
import io.circuitscript.runtime.value.ResultText;
import io.circuitscript.runtime.value.Value;
import java.util.ArrayList;
import java.util.List;

/** What {@code compare} found, in a few lines. */
final class ComparedCircuits {
    private ComparedCircuits() {}

    static List<String> lines(Value.Fields value, ResultText text) {
        String a = ResultText.text(value, "a_name");
        String b = ResultText.text(value, "b_name");
        List<String> lines = new ArrayList<>();
        lines.add(text.prominent("Jaccard " + ResultText.text(value, "jaccard")) + ": " + a + " "
                + ResultText.counted(value, "a", "edge") + ", " + b + " " + ResultText.counted(value, "b", "edge"));
        lines.add((atSpans(value) ? "edges at spans: " : "edges: ")
                + shared(
                        ResultText.text(value, "common"),
                        ResultText.text(value, "only_a"),
                        a,
                        ResultText.text(value, "only_b"),
                        b));
        lines.add("nodes: "
                + shared(count(value, "common_nodes"), count(value, "only_a_nodes"), a, count(value, "only_b_nodes"), b)
                + (ResultText.isNumber(value, "neurons_jaccard")
                        ? "; Jaccard of neurons " + ResultText.text(value, "neurons_jaccard")
                        : ""));
        if (ResultText.isNumber(value, "a_faithfulness")) {
            lines.add("faithfulness: " + a + " " + ResultText.sure(value, "a_faithfulness") + ", " + b + " "
                    + ResultText.sure(value, "b_faithfulness"));
        }
        if (ResultText.isNumber(value, "spearman")) {
            String level = ResultText.text(value, "level");
            lines.add(
                    "rank correlation of " + (level.equals(Level.POSITION.word()) ? "edge-at-span" : level) + " scores "
                            + ResultText.text(value, "spearman") + ", of their sizes "
                            + ResultText.text(value, "spearman_abs"));
        }
        if (ResultText.isNumber(value, "a_auc"))
            lines.add("AUC " + ResultText.text(value, "a_auc") + ": how well the scores of " + a + " find what " + b
                    + " has");
        if (ResultText.isNumber(value, "b_auc"))
            lines.add("AUC " + ResultText.text(value, "b_auc") + ": how well the scores of " + b + " find what " + a
                    + " has");
        return lines;
    }

    private static boolean atSpans(Value.Fields value) {
        return ResultText.field(value, "common_edges") instanceof Value.EdgeSet set
                && set.graph().hasSpans();
    }

    private static String shared(String common, String onlyA, String a, String onlyB, String b) {
        return common + " in common, " + onlyA + " only in " + a + ", " + onlyB + " only in " + b;
    }

    private static String count(Value.Fields value, String nodes) {
        return ResultText.field(value, nodes) instanceof Value.Nodes set
                ? ResultText.grouped(set.nodes().size())
                : ResultText.text(value, nodes);
    }
}
