package io.circuitscript.runtime.value;

import io.circuitscript.source.QuotedText;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * The rows of a result under headings, as a terminal and a report show them. Tokens are quoted and numbers rounded.
 *
 * @param all how many rows there are, of which these are the first
 */
public record ResultTable(List<String> headings, List<List<String>> rows, int all) {
    public ResultTable {
        headings = List.copyOf(headings);
        rows = rows.stream().map(List::copyOf).toList();
    }

    /**
     * The table of a result; empty where it has none.
     *
     * @param statement whose result it is
     * @param most how many rows are wanted
     */
    public static Optional<ResultTable> of(String statement, Value.Fields result, int most) {
        return Optional.ofNullable(
                switch (statement) {
                    case "predict" -> tokens(entries(result, "top"), most);
                    case "generate" -> tokens(entries(result, "tokens"), most);
                    case "nodes" -> items("node", result, most);
                    case "edges" -> items("edge", result, most);
                    case "check-scores" -> checked(entries(result, "items"), most);
                    case "sweep" -> swept(entries(result, "points"), cell(result, "level") + "s", most);
                    default -> null;
                });
    }

    private static ResultTable tokens(List<Value.Fields> tokens, int most) {
        return of(
                List.of("token", "id", "probability"),
                tokens,
                most,
                it -> List.of(quoted(it, "token"), cell(it, "id"), cell(it, "prob")));
    }

    private static ResultTable items(String what, Value.Fields result, int most) {
        List<Value.Fields> items = entries(result, "items");
        boolean scored = items.stream()
                .anyMatch(item ->
                        item.field("score").map(Value.Number.class::isInstance).orElse(false));
        ResultTable shown = scored
                ? of(
                        List.of(what, "score", "in circuit"),
                        items,
                        most,
                        it -> List.of(cell(it, what), cell(it, "score"), inCircuit(it)))
                : of(List.of(what, "in circuit"), items, most, it -> List.of(cell(it, what), inCircuit(it)));
        return new ResultTable(shown.headings(), shown.rows(), (int)
                ((Value.Number) result.field("count").orElseThrow()).value());
    }

    private static String inCircuit(Value.Fields item) {
        return item.field("in_circuit").filter(new Value.Bool(true)::equals).isPresent() ? "yes" : "";
    }

    private static ResultTable checked(List<Value.Fields> items, int most) {
        return of(
                List.of("edge", "score", "finite difference", "exact"),
                items,
                most,
                it -> List.of(cell(it, "edge"), cell(it, "score"), cell(it, "difference"), cell(it, "exact")));
    }

    /** A row a size: what signed scores chose, and beside it what absolute ones did. */
    private static ResultTable swept(List<Value.Fields> points, String what, int most) {
        int half = points.size() / 2;
        List<String> headings =
                List.of("asked", what, "faithfulness, signed", "kept", "faithfulness, absolute", "kept");
        List<List<String>> rows = new ArrayList<>();
        for (int i = 0; i < Math.min(half, most); i++) {
            Value.Fields signed = points.get(i);
            Value.Fields absolute = points.get(half + i);
            String share = signed.field("fraction")
                    .map(it -> RoundedText.of(100 * ((Value.Number) it).value()) + "%")
                    .orElse("");
            rows.add(List.of(
                    share,
                    cell(signed, "size"),
                    sure(signed, "faithfulness"),
                    cell(signed, what),
                    sure(absolute, "faithfulness"),
                    cell(absolute, what)));
        }
        return new ResultTable(headings, rows, half);
    }

    private static ResultTable of(
            List<String> headings, List<Value.Fields> entries, int most, Function<Value.Fields, List<String>> row) {
        return new ResultTable(headings, entries.stream().limit(most).map(row).toList(), entries.size());
    }

    private static List<Value.Fields> entries(Value.Fields result, String field) {
        return result.field(field)
                .map(it -> ((Value.ListOf) it)
                        .items().stream().map(Value.Fields.class::cast).toList())
                .orElse(List.of());
    }

    private static String quoted(Value.Fields entry, String field) {
        return QuotedText.of(cell(entry, field));
    }

    private static String cell(Value.Fields entry, String field) {
        Value value = entry.field(field).orElseThrow(() -> new IllegalStateException("an entry without " + field));
        return value instanceof Value.Number number ? RoundedText.of(number.value()) : value.display();
    }

    /** A number with its interval, where there is one. */
    private static String sure(Value.Fields entry, String field) {
        return IntervalText.of(
                ((Value.Number) entry.field(field).orElseThrow()).value(),
                entry.field(field + "_interval").orElse(new Value.None()));
    }
}
