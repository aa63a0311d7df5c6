package io.circuitscript.runtime;

import java.util.AbstractMap.SimpleImmutableEntry;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;

/** What the statements so far gave, as a report tells it: of each result what fits in a line, and none of its lists. */
public final class Transcript {
    private static final int DIGITS = 5;

    /** A statement as it was written, and its result's fields as text. */
    public record Line(String statement, List<Map.Entry<String, String>> values) {
        public Line {
            values = List.copyOf(values);
        }
    }

    /** Lines of a report that nobody reads to their end; what a loop that runs all night gave before is let go. */
    static final int MOST_LINES = 10_000;

    private static final int LONGEST_TEXT = 2_000;

    private final Deque<Line> lines = new ArrayDeque<>();

    void note(Result result) {
        List<Map.Entry<String, String>> values = new ArrayList<>();
        result.value().fields().forEach((name, value) -> {
            if (name.endsWith("_interval")) return;
            String text = shortened(text(value));
            if (text.isEmpty()) return;
            String interval = result.value().field(name + "_interval").map(Transcript::interval).orElse("");
            values.add(new SimpleImmutableEntry<>(name, text + interval));
        });
        if (lines.size() == MOST_LINES) lines.removeFirst();
        lines.add(new Line(result.text(), values));
    }

    /** Nothing of a list of results: a chart shows it, or a table of its own. */
    private static String text(Value value) {
        return switch (value) {
            case Value.Number number when !number.percent() -> number.value() == Math.rint(number.value())
                    ? NumberText.of(number.value()) : NumberText.significant(number.value(), DIGITS);
            case Value.Number _, Value.Bool _, Value.Text _, Value.Nodes _, Value.EdgeSet _ -> value.display();
            case Value.None _, Value.ListOf _, Value.Fields _, Value.Function _ -> "";
        };
    }

    private static String shortened(String text) {
        return text.length() <= LONGEST_TEXT ? text : text.substring(0, text.offsetByCodePoints(0, LONGEST_TEXT / 2)) + "…";
    }

    private static String interval(Value value) {
        if (!(value instanceof Value.ListOf list) || list.items().size() != 2) return "";
        return " [" + text(list.items().getFirst()) + ", " + text(list.items().getLast()) + "]";
    }

    public List<Line> lines() {
        return List.copyOf(lines);
    }
}
