package io.circuitscript.cli;

import io.circuitscript.runtime.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/** A result's fields as a few lines for a person. Each kind of result has its own; one without is a list of its fields. */
final class ResultLines {
    /** More rows than these are cut where nobody asked for a number of them. */
    private static final int EDGE_ROWS = 20;

    private static final int NODE_ROWS = 200;

    /** One number an example: for a program, not for a person. */
    private static final Set<String> PER_EXAMPLE = Set.of("values", "clean_values", "corrupted_values");

    private final UnaryOperator<String> prominent;

    private final UnaryOperator<String> written;

    ResultLines(UnaryOperator<String> prominent, UnaryOperator<String> written) {
        this.prominent = prominent;
        this.written = written;
    }

    List<String> of(String statement, Value.Fields value) {
        return switch (statement) {
            case "load" -> load(value);
            case "predict" -> predict(value);
            case "generate" -> generate(value);
            case "tokens" -> tokens(value);
            case "data", "task" -> data(value);
            case "metric" -> List.of(text(value, "metric") + " = " + text(value, "expression") + " (" + text(value, "better") + " is better)");
            case "ablate" -> List.of(prominent.apply("change " + (number(value, "change") > 0 ? "+" : "") + sure(value, "change")) + ": metric "
                    + sure(value, "metric") + ", baseline " + sure(value, "baseline") + "; " + counted(value, "edges", "edge"));
            case "baseline" -> List.of("clean " + sure(value, "clean") + ", corrupted " + sure(value, "corrupted"));
            case "sweep" -> sweep(value);
            case "compare" -> compare(value);
            case "patch" -> PatchTable.lines(value);
            case "nodes", "edges" -> items(statement, value);
            case "attribute" -> attribute(value);
            case "check-scores" -> checkScores(value);
            case "evaluate" -> evaluate(value);
            case "expect" -> List.of((holds(value) ? "holds: " : "does not hold: ") + text(value, "left") + ", " + text(value, "right"));
            case "render", "plot", "report", "save" -> List.of("wrote " + written.apply(text(value, "file")));
            default -> List.of(anything(value));
        };
    }

    private static List<String> load(Value.Fields value) {
        return List.of(
                text(value, "family") + " of " + text(value, "layers") + " layers, " + text(value, "heads") + " heads, d_model "
                        + text(value, "d_model") + ", " + grouped(number(value, "parameters")) + " parameters",
                counted(value, "nodes", "node") + ", " + counted(value, "edges", "edge") + "; on " + text(value, "device") + " in "
                        + text(value, "dtype") + "; begins with " + text(value, "bos"));
    }

    private static List<String> predict(Value.Fields value) {
        Table table = new Table("token", "id", "probability");
        for (Value.Fields likely : rows(value, "top")) {
            table.row(quoted(likely, "token"), text(likely, "id"), text(likely, "prob"));
        }
        return table.lines();
    }

    private static List<String> generate(Value.Fields value) {
        boolean alone = field(value, "circuit").equals(new Value.Bool(true));
        Table table = new Table("token", "id", "probability");
        for (Value.Fields said : rows(value, "tokens")) table.row(quoted(said, "token"), text(said, "id"), text(said, "prob"));
        List<String> lines = new ArrayList<>(List.of((alone ? "the circuit alone says " : "the model says ") + quoted(value, "text")));
        lines.addAll(table.lines());
        return lines;
    }

    private static List<String> tokens(Value.Fields value) {
        List<Value> tokens = list(value, "tokens");
        return List.of(tokens.size() + " tokens: " + tokens.stream().map(ResultLines::token).collect(Collectors.joining(" ")));
    }

    private static String token(Value token) {
        return switch (token) {
            case Value.Fields fields when fields.field("token").isPresent() -> quoted(fields, "token");
            case Value.Text text -> quote(text.value());
            default -> shown(token);
        };
    }

    private static List<String> data(Value.Fields value) {
        String min = text(value, "tokens_min");
        String max = text(value, "tokens_max");
        return List.of(
                counted(value, "examples", "example") + parts(value) + " of " + (min.equals(max) ? min : min + " to " + max) + " tokens, metric "
                        + text(value, "metric"),
                "columns " + list(value, "columns").stream().map(ResultLines::shown).collect(Collectors.joining(", ")));
    }

    /** What more there is to say of the rows: how many are not another's copy, and how they are split. */
    private static String parts(Value.Fields value) {
        List<String> parts = new ArrayList<>();
        if (number(value, "distinct") < number(value, "examples")) parts.add(text(value, "distinct") + " distinct");
        if (number(value, "test") > 0) parts.add(text(value, "train") + " to train, " + text(value, "test") + " to test");
        return parts.isEmpty() ? "" : " (" + String.join("; ", parts) + ")";
    }

    private static List<String> attribute(Value.Fields value) {
        return List.of(text(value, "method") + (number(value, "steps") > 0 ? ", " + counted(value, "steps", "step") : "") + ": "
                + counted(value, "scored", text(value, "level")) + " scored over " + counted(value, "examples", "example"));
    }

    private List<String> checkScores(Value.Fields value) {
        Table table = new Table("edge", "score", "finite difference", "exact");
        for (Value.Fields item : rows(value, "items")) {
            table.row(text(item, "edge"), text(item, "score"), text(item, "difference"), text(item, "exact"));
        }
        List<String> lines = new ArrayList<>(table.lines());
        String found = "the scores " + (holds(value) ? "are" : "are not") + " the derivatives that " + text(value, "method") + " promises";
        lines.add(prominent.apply(found) + ": off by " + text(value, "worst") + " of the largest score at most, allowed "
                + text(value, "tolerance"));
        boolean ranked = field(value, "spearman") instanceof Value.Number;
        lines.add(ranked
                ? "rank correlation with exact ablation " + text(value, "spearman") + " on this sample"
                : "no rank correlation with exact ablation: on this sample one side's numbers are all equal");
        return lines;
    }

    private static boolean holds(Value.Fields value) {
        return field(value, "holds").equals(new Value.Bool(true));
    }

    private List<String> evaluate(Value.Fields value) {
        return List.of(
                prominent.apply("faithfulness " + sure(value, "faithfulness")) + " with " + counted(value, "edges", "edge") + ", "
                        + counted(value, "nodes", "node") + value.field("neurons").map(it -> ", " + counted(it, "neuron")).orElse(""),
                "metric " + sure(value, "metric") + ", baseline " + sure(value, "baseline") + ", corrupted " + sure(value, "corrupted"));
    }

    private List<String> sweep(Value.Fields value) {
        List<Value.Fields> points = rows(value, "points");
        int half = points.size() / 2;
        String level = text(value, "level") + "s";
        Table table = new Table("asked", level, "signed", "kept", "absolute", "kept");
        for (int i = 0; i < half; i++) {
            Value.Fields signed = points.get(i);
            Value.Fields absolute = points.get(half + i);
            table.row(
                    Rounded.of(100 * number(signed, "fraction")) + "%", text(signed, "size"),
                    sure(signed, "faithfulness"), text(signed, level), sure(absolute, "faithfulness"), text(absolute, level));
        }
        List<String> lines = new ArrayList<>(table.lines());
        boolean areas = field(value, "cpr") instanceof Value.Number;
        lines.add(areas
                ? prominent.apply("CPR " + sure(value, "cpr")) + " (signed), " + prominent.apply("CMD " + sure(value, "cmd")) + " (absolute)"
                : "no areas: they take two sizes at least, all as shares (5%, .05)");
        return lines;
    }

    private List<String> compare(Value.Fields value) {
        List<String> lines = new ArrayList<>();
        lines.add(prominent.apply("Jaccard " + text(value, "jaccard")) + ": " + text(value, "a") + " and " + counted(value, "b", "edge") + ", "
                + text(value, "common") + " in common, " + text(value, "only_a") + " and " + text(value, "only_b") + " in one alone");
        lines.add("nodes: " + count(value, "common_nodes") + " in common, " + count(value, "only_a_nodes") + " and " + count(value, "only_b_nodes")
                + " in one alone" + (field(value, "neurons_jaccard") instanceof Value.Number ? "; Jaccard of neurons " + text(value, "neurons_jaccard") : ""));
        if (field(value, "a_faithfulness") instanceof Value.Number) {
            lines.add("faithfulness " + sure(value, "a_faithfulness") + " and " + sure(value, "b_faithfulness"));
        }
        if (field(value, "spearman") instanceof Value.Number) {
            lines.add("rank correlation of scores " + text(value, "spearman") + ", of their sizes " + text(value, "spearman_abs"));
        }
        List<String> found = new ArrayList<>();
        if (field(value, "a_auc") instanceof Value.Number) found.add("AUC " + text(value, "a_auc") + " of the first's scores for what the second has");
        if (field(value, "b_auc") instanceof Value.Number) found.add("AUC " + text(value, "b_auc") + " of the second's for what the first has");
        if (!found.isEmpty()) lines.add(String.join(", ", found));
        return lines;
    }

    private static String count(Value.Fields value, String nodes) {
        return field(value, nodes) instanceof Value.Nodes set ? grouped(set.nodes().size()) : text(value, nodes);
    }

    /** A number with its interval, where there is one. */
    private static String sure(Value.Fields value, String field) {
        return field(value, field) instanceof Value.Number number
                ? IntervalText.of(number.value(), value.field(field + "_interval").orElse(new Value.None()))
                : text(value, field);
    }

    private static List<String> items(String statement, Value.Fields value) {
        String what = statement.equals("nodes") ? "node" : "edge";
        List<Value.Fields> items = rows(value, "items");
        boolean scored = items.stream().anyMatch(item -> item.field("score").map(s -> s instanceof Value.Number).orElse(false));
        Table table = scored ? new Table(what, "score", "in circuit") : new Table(what, "in circuit");
        double count = number(value, "count");
        boolean asked = items.size() < count;
        int shown = asked ? items.size() : Math.min(what.equals("node") ? NODE_ROWS : EDGE_ROWS, items.size());
        for (Value.Fields item : items.subList(0, shown)) {
            String in = item.field("in_circuit").filter(new Value.Bool(true)::equals).isPresent() ? "yes" : "";
            if (scored) table.row(text(item, what), text(item, "score"), in);
            else table.row(text(item, what), in);
        }
        List<String> lines = new ArrayList<>(table.lines());
        if (shown < count) lines.add("… and " + grouped(count - shown) + " more" + (asked ? "" : order(what, scored)));
        return lines;
    }

    /** How rows of which not all are shown are ordered, and how to see others. */
    private static String order(String what, boolean scored) {
        if (what.equals("node")) return " (in the graph's order)";
        return " (in the graph's order; top=N " + (scored ? "sorts by the size of the score)" : "sets how many)");
    }

    private static String anything(Value.Fields value) {
        return value.fields().entrySet().stream()
                .filter(field -> !PER_EXAMPLE.contains(field.getKey()))
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
        return value.field(name).orElseThrow(() -> new IllegalStateException("the result of " + value.typeName() + " has no " + name));
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

    private static List<Value.Fields> rows(Value.Fields value, String field) {
        List<Value.Fields> rows = new ArrayList<>();
        for (Value item : list(value, field)) if (item instanceof Value.Fields row) rows.add(row);
        return rows;
    }

    /** A token, quoted so that its spaces show. */
    private static String quoted(Value.Fields value, String field) {
        return field(value, field) instanceof Value.Text token ? quote(token.value()) : text(value, field);
    }

    private static String quote(String token) {
        return '"' + token.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n").replace("\t", "\\t") + '"';
    }

    private static String shown(Value value) {
        return switch (value) {
            case Value.Number number -> Rounded.of(number.value());
            case Value.ListOf list -> list.items().stream().map(ResultLines::shown).collect(Collectors.joining(", ", "[", "]"));
            case Value.Fields fields -> anything(fields);
            case Value.Text text -> text.display();
            case Value.Bool bool -> bool.display();
            case Value.None none -> none.display();
            case Value.Nodes nodes -> nodes.display();
            case Value.EdgeSet edges -> edges.display();
            case Value.Function function -> function.display();
        };
    }
}
