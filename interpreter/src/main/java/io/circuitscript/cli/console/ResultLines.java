package io.circuitscript.cli.console;

import io.circuitscript.runtime.value.IntervalText;
import io.circuitscript.runtime.value.ResultFields;
import io.circuitscript.runtime.value.ResultTable;
import io.circuitscript.runtime.value.RoundedText;
import io.circuitscript.runtime.value.Value;
import io.circuitscript.source.QuotedText;
import io.circuitscript.source.Visible;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/**
 * Writes the fields of a result as a few lines of text. Known kinds of result have a layout of their own; others are
 * lists of fields.
 */
final class ResultLines {
    /** More rows than these are cut where nobody asked for a number of them. */
    private static final int EDGE_ROWS = 20;

    private static final int NODE_ROWS = 200;

    private final UnaryOperator<String> prominent;

    private final UnaryOperator<String> written;

    ResultLines(UnaryOperator<String> prominent, UnaryOperator<String> written) {
        this.prominent = prominent;
        this.written = written;
    }

    List<String> of(String statement, Value.Fields value) {
        return switch (statement) {
            case "load" -> load(value);
            case "predict" -> table(statement, value);
            case "generate" -> generate(value);
            case "tokens" -> tokens(value);
            case "data", "task" -> data(value);
            case "metric" ->
                List.of(text(value, "metric") + " = " + text(value, "expression") + " (" + text(value, "better")
                        + " is better)");
            case "ablate" ->
                List.of(prominent.apply("change " + (number(value, "change") > 0 ? "+" : "") + sure(value, "change"))
                        + ": metric " + sure(value, "metric") + ", baseline " + sure(value, "baseline") + "; "
                        + counted(value, "edges", "edge"));
            case "baseline" -> List.of("clean " + sure(value, "clean") + ", corrupted " + sure(value, "corrupted"));
            case "sweep" -> sweep(value);
            case "compare" -> compare(value);
            case "patch" -> PatchTable.lines(value);
            case "nodes", "edges" -> items(statement, value);
            case "attribute" -> attribute(value);
            case "check-scores" -> checkScores(value);
            case "evaluate" -> evaluate(value);
            case "expect" ->
                List.of((holds(value) ? "holds: " : "does not hold: ") + text(value, "left") + ", "
                        + text(value, "right"));
            case "render", "plot", "report", "save" -> List.of("wrote " + written.apply(text(value, "file")));
            default -> List.of(anything(value));
        };
    }

    private static List<String> load(Value.Fields value) {
        return List.of(
                text(value, "family") + " of " + text(value, "layers") + " layers, " + text(value, "heads")
                        + " heads, d_model " + text(value, "d_model") + ", " + grouped(number(value, "parameters"))
                        + " parameters",
                counted(value, "nodes", "node") + ", " + counted(value, "edges", "edge") + "; on "
                        + text(value, "device") + " in " + text(value, "dtype") + "; begins with "
                        + text(value, "bos"));
    }

    private static List<String> generate(Value.Fields value) {
        boolean alone = field(value, "circuit").equals(new Value.Bool(true));
        List<String> lines = new ArrayList<>(
                List.of((alone ? "the circuit alone says " : "the model says ") + quoted(value, "text")));
        lines.addAll(table("generate", value));
        return lines;
    }

    private static List<String> table(String statement, Value.Fields value) {
        return Table.of(ResultTable.of(statement, value, Integer.MAX_VALUE).orElseThrow())
                .lines();
    }

    private static List<String> tokens(Value.Fields value) {
        List<Value> tokens = list(value, "tokens");
        return List.of(tokens.size() + " tokens: "
                + tokens.stream().map(ResultLines::token).collect(Collectors.joining(" ")));
    }

    private static String token(Value token) {
        return switch (token) {
            case Value.Fields fields when fields.field("token").isPresent() -> quoted(fields, "token");
            case Value.Text text -> QuotedText.of(text.value());
            default -> shown(token);
        };
    }

    private static List<String> data(Value.Fields value) {
        String min = text(value, "tokens_min");
        String max = text(value, "tokens_max");
        return List.of(
                counted(value, "examples", "example") + parts(value) + " of "
                        + (min.equals(max) ? min : min + " to " + max) + " tokens, metric " + text(value, "metric"),
                "columns "
                        + list(value, "columns").stream()
                                .map(ResultLines::shown)
                                .collect(Collectors.joining(", ")));
    }

    /** More on the rows: how many are distinct, and how they are split. */
    private static String parts(Value.Fields value) {
        List<String> parts = new ArrayList<>();
        if (number(value, "distinct") < number(value, "examples")) parts.add(text(value, "distinct") + " distinct");
        if (number(value, "test") > 0)
            parts.add(text(value, "train") + " to train, " + text(value, "test") + " to test");
        return parts.isEmpty() ? "" : " (" + String.join("; ", parts) + ")";
    }

    private static List<String> attribute(Value.Fields value) {
        return List.of(
                text(value, "method") + (number(value, "steps") > 0 ? ", " + counted(value, "steps", "step") : "")
                        + ": " + counted(value, "scored", text(value, "level")) + " scored over "
                        + counted(value, "examples", "example"));
    }

    private List<String> checkScores(Value.Fields value) {
        List<String> lines = new ArrayList<>(table("check-scores", value));
        String found = "the scores " + (holds(value) ? "are" : "are not") + " the derivatives that "
                + text(value, "method") + " promises";
        lines.add(prominent.apply(found) + ": off by " + text(value, "worst")
                + " of the largest score at most, allowed " + text(value, "tolerance"));
        boolean ranked = field(value, "spearman") instanceof Value.Number;
        lines.add(
                ranked
                        ? "rank correlation with exact ablation " + text(value, "spearman") + " on this sample"
                        : "no rank correlation with exact ablation: on this sample one side's numbers are all equal");
        return lines;
    }

    private static boolean holds(Value.Fields value) {
        return field(value, "holds").equals(new Value.Bool(true));
    }

    private List<String> evaluate(Value.Fields value) {
        return List.of(
                prominent.apply("faithfulness " + sure(value, "faithfulness")) + " with "
                        + counted(value, "edges", "edge") + ", " + counted(value, "nodes", "node")
                        + value.field("neurons")
                                .map(it -> ", " + counted(it, "neuron"))
                                .orElse(""),
                "metric " + sure(value, "metric") + ", baseline " + sure(value, "baseline") + ", corrupted "
                        + sure(value, "corrupted"));
    }

    private List<String> sweep(Value.Fields value) {
        List<String> lines = new ArrayList<>(table("sweep", value));
        boolean areas = field(value, "cpr") instanceof Value.Number;
        lines.add(
                areas
                        ? prominent.apply("CPR " + sure(value, "cpr")) + " (signed), "
                                + prominent.apply("CMD " + sure(value, "cmd")) + " (absolute)"
                        : "no areas: they take two sizes at least, all as shares (5%, .05)");
        return lines;
    }

    private List<String> compare(Value.Fields value) {
        String a = text(value, "a_name");
        String b = text(value, "b_name");
        List<String> lines = new ArrayList<>();
        lines.add(prominent.apply("Jaccard " + text(value, "jaccard")) + ": " + a + " " + counted(value, "a", "edge")
                + ", " + b + " " + counted(value, "b", "edge"));
        lines.add("edges: " + shared(text(value, "common"), text(value, "only_a"), a, text(value, "only_b"), b));
        lines.add("nodes: "
                + shared(count(value, "common_nodes"), count(value, "only_a_nodes"), a, count(value, "only_b_nodes"), b)
                + (field(value, "neurons_jaccard") instanceof Value.Number
                        ? "; Jaccard of neurons " + text(value, "neurons_jaccard")
                        : ""));
        if (field(value, "a_faithfulness") instanceof Value.Number) {
            lines.add("faithfulness: " + a + " " + sure(value, "a_faithfulness") + ", " + b + " "
                    + sure(value, "b_faithfulness"));
        }
        if (field(value, "spearman") instanceof Value.Number) {
            lines.add("rank correlation of " + text(value, "level") + " scores " + text(value, "spearman")
                    + ", of their sizes " + text(value, "spearman_abs"));
        }
        if (field(value, "a_auc") instanceof Value.Number)
            lines.add("AUC " + text(value, "a_auc") + ": how well the scores of " + a + " find what " + b + " has");
        if (field(value, "b_auc") instanceof Value.Number)
            lines.add("AUC " + text(value, "b_auc") + ": how well the scores of " + b + " find what " + a + " has");
        return lines;
    }

    private static String shared(String common, String onlyA, String a, String onlyB, String b) {
        return common + " in common, " + onlyA + " only in " + a + ", " + onlyB + " only in " + b;
    }

    private static String count(Value.Fields value, String nodes) {
        return field(value, nodes) instanceof Value.Nodes set
                ? grouped(set.nodes().size())
                : text(value, nodes);
    }

    /** A number with its interval, where there is one. */
    private static String sure(Value.Fields value, String field) {
        return field(value, field) instanceof Value.Number number
                ? IntervalText.of(
                        number.value(), value.field(field + "_interval").orElse(new Value.None()))
                : text(value, field);
    }

    private static List<String> items(String statement, Value.Fields value) {
        String what = statement.equals("nodes") ? "node" : "edge";
        int items = list(value, "items").size();
        double count = number(value, "count");
        boolean asked = items < count;
        int shown = asked ? items : Math.min(what.equals("node") ? NODE_ROWS : EDGE_ROWS, items);
        ResultTable table = ResultTable.of(statement, value, shown).orElseThrow();
        List<String> lines = new ArrayList<>(Table.of(table).lines());
        boolean scored = table.headings().contains("score");
        if (shown < count) lines.add("… and " + grouped(count - shown) + " more" + (asked ? "" : order(what, scored)));
        return lines;
    }

    /** The order of rows that are not all shown, and how to see more. */
    private static String order(String what, boolean scored) {
        if (what.equals("node")) return " (in the graph's order)";
        return " (in the graph's order; top=N " + (scored ? "sorts by the size of the score)" : "sets how many)");
    }

    private static String anything(Value.Fields value) {
        return value.fields().entrySet().stream()
                .filter(field -> !ResultFields.PER_EXAMPLE.contains(field.getKey()))
                .map(ResultLines::named)
                .collect(Collectors.joining(", "));
    }

    private static String named(Map.Entry<String, Value> field) {
        return switch (field.getKey()) {
            case "edges" -> counted(field.getValue(), "edge");
            case "nodes" -> counted(field.getValue(), "node");
            case "neurons" -> counted(field.getValue(), "neuron");
            default -> field.getKey() + " " + shown(field.getValue());
        };
    }

    private static Value field(Value.Fields value, String name) {
        return value.field(name)
                .orElseThrow(() -> new IllegalStateException("the result of " + value.typeName() + " has no " + name));
    }

    private static String text(Value.Fields value, String field) {
        return shown(field(value, field));
    }

    private static double number(Value.Fields value, String field) {
        return field(value, field) instanceof Value.Number number ? number.value() : 0;
    }

    private static String counted(Value.Fields value, String field, String unit) {
        return counted(field(value, field), unit);
    }

    /** A number of things, or the things themselves, as a number with its unit. */
    private static String counted(Value value, String unit) {
        String count = switch (value) {
            case Value.EdgeSet edges -> grouped(edges.edges().cardinality());
            case Value.Nodes nodes -> grouped(nodes.nodes().size());
            case Value.ListOf list -> grouped(list.items().size());
            case Value.Number number -> grouped(number.value());
            default -> shown(value);
        };
        return count + " " + unit + (count.equals("1") ? "" : "s");
    }

    /** A count, its thousands apart. */
    private static String grouped(double count) {
        return String.format(Locale.ROOT, "%,.0f", count);
    }

    private static List<Value> list(Value.Fields value, String field) {
        return field(value, field) instanceof Value.ListOf list ? list.items() : List.of();
    }

    /** A token, quoted so that its spaces show. */
    private static String quoted(Value.Fields value, String field) {
        return field(value, field) instanceof Value.Text token ? QuotedText.of(token.value()) : text(value, field);
    }

    private static String shown(Value value) {
        return switch (value) {
            case Value.Number number -> RoundedText.of(number.value());
            case Value.ListOf list ->
                list.items().stream().map(ResultLines::shown).collect(Collectors.joining(", ", "[", "]"));
            case Value.Fields fields -> anything(fields);
            case Value.Text text -> Visible.line(text.display());
            case Value.Bool bool -> bool.display();
            case Value.None none -> none.display();
            case Value.Nodes nodes -> nodes.display();
            case Value.EdgeSet edges -> edges.display();
            case Value.Function function -> function.display();
        };
    }
}
