package io.circuitscript.runtime.state;

import io.circuitscript.runtime.value.IntervalText;
import io.circuitscript.runtime.value.NumberText;
import io.circuitscript.runtime.value.Result;
import io.circuitscript.runtime.value.ResultFields;
import io.circuitscript.runtime.value.ResultTable;
import io.circuitscript.runtime.value.Value;
import io.circuitscript.runtime.value.ValuePreview;
import io.circuitscript.runtime.value.ValueView;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/** The results so far as a report shows them: each result's fields and its table. */
public final class Transcript {
    /**
     * A statement as it was written, and its result.
     *
     * @param values the result's fields, but those of the table
     */
    public record Line(String statement, List<Field> values, Optional<ResultTable> table) {
        public Line {
            values = List.copyOf(values);
        }

        private long characters() {
            long fields = values.stream()
                    .mapToLong(it -> it.text().length() + it.whole().length())
                    .sum();
            return fields
                    + table.stream()
                            .flatMap(it -> it.rows().stream())
                            .flatMap(List::stream)
                            .mapToLong(String::length)
                            .sum();
        }
    }

    /** @param whole what {@code text} counts, as the edges of a set; empty where the text is all there is */
    public record Field(String name, String text, String whole) {}

    /** Lines of a report that nobody reads to their end; what a loop that runs all night gave before is let go. */
    static final int MOST_LINES = 10_000;

    /** The same bound for lines with much in them. */
    private static final long MOST_CHARACTERS = 8_000_000;

    private static final int LONGEST_TEXT = 2_000;
    private static final int MOST_ROWS = 200;

    /** A larger set is a number, and its members beside it. */
    private static final int FEW = 12;

    private static final int LONGEST_LIST = 200;

    private final Deque<Line> lines = new ArrayDeque<>();
    private long characters;

    public void note(Result result) {
        Optional<ResultTable> table = result.view().table(result.value(), MOST_ROWS);
        List<Field> values = new ArrayList<>();
        result.value().fields().forEach((name, value) -> {
            if (name.endsWith("_interval") || ResultFields.PER_EXAMPLE.contains(name)) return;
            if (result.view() instanceof ValueView && table.isPresent()) return;
            Value interval = result.value().field(name + "_interval").orElse(new Value.None());
            Field field = field(name, value, interval, result.statement().equals("print"));
            if (!field.text().isEmpty()) values.add(field);
        });
        Line line = new Line(result.text(), values, table);
        lines.add(line);
        characters += line.characters();
        while (lines.size() > MOST_LINES || characters > MOST_CHARACTERS && lines.size() > 1)
            characters -= lines.removeFirst().characters();
    }

    /** @param shown whether the script asked to see the value, whatever it is */
    private static Field field(String name, Value value, Value interval, boolean shown) {
        return switch (value) {
            case Value.Number number
            when !number.percent() -> new Field(name, IntervalText.of(number.value(), interval), "");
            case Value.Nodes nodes
            when nodes.nodes().size() > FEW -> folded(name, nodes.nodes().size(), "nodes", value);
            case Value.EdgeSet edges
            when edges.edges().cardinality() > FEW -> folded(name, edges.edges().cardinality(), "edges", value);
            case Value.Number _, Value.Bool _, Value.Text _, Value.Nodes _, Value.EdgeSet _ ->
                new Field(name, shortened(value.display(), LONGEST_TEXT), "");
            case Value.ListOf list
            when shown || plain(list) ->
                new Field(name, shortened(ValuePreview.of(list, LONGEST_LIST), LONGEST_TEXT), "");
            case Value.Fields fields
            when shown -> new Field(name, shortened(ValuePreview.of(fields, LONGEST_LIST), LONGEST_TEXT), "");
            case Value.None _, Value.ListOf _, Value.Fields _, Value.Function _ -> new Field(name, "", "");
        };
    }

    private static Field folded(String name, int size, String what, Value set) {
        return new Field(name, NumberText.count(size) + " " + what, shortened(set.repr(), 10 * LONGEST_TEXT));
    }

    /** Nothing of a list of results or of lists: a table or a chart shows it. */
    private static boolean plain(Value.ListOf list) {
        return list.items().stream().noneMatch(it -> it instanceof Value.Fields || it instanceof Value.ListOf);
    }

    private static String shortened(String text, int longest) {
        return text.length() <= longest ? text : text.substring(0, text.offsetByCodePoints(0, longest / 2)) + "…";
    }

    public List<Line> lines() {
        return List.copyOf(lines);
    }
}
