package io.circuitscript.task;

import io.circuitscript.graph.Spans;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What spans are called. */
public final class SpanNames {
    /** They have a meaning of their own in all data, and are no fields. */
    private static final Set<String> OWN = Set.of(Spans.BOS, Spans.ANSWER, Spans.END, Spans.REST);

    private SpanNames() {}

    public static boolean isOwn(String name) {
        return OWN.contains(name);
    }

    /** In the order of messages. */
    public static List<String> own() {
        return List.of(Spans.BOS, Spans.REST, Spans.END, Spans.ANSWER);
    }

    /** What a script may call the spans of data with such fields. Not all of them need occur. */
    public static List<String> possible(List<String> fields) {
        List<String> names = new ArrayList<>(List.of(Spans.BOS));
        fields.stream().filter(it -> !isOwn(it)).forEach(names::add);
        names.addAll(List.of(Spans.REST, Spans.END, Spans.ANSWER));
        return names;
    }

    /** The same names, a name that was there before with a number: {@code century}, {@code century.1}, {@code century.2}. */
    public static List<String> numbered(List<String> names) {
        Map<String, Integer> before = new HashMap<>();
        List<String> numbered = new ArrayList<>();
        for (String name : names) {
            int count = before.merge(name, 1, Integer::sum) - 1;
            numbered.add(count == 0 ? name : name + "." + count);
        }
        return numbered;
    }

    /** The span of a position where each has its own. */
    public static String ofToken(int position) {
        return "t" + position;
    }
}
