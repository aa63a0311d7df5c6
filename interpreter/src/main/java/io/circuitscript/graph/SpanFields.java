package io.circuitscript.graph;

import io.circuitscript.source.ErrorCode;
import io.circuitscript.source.UserError;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What both formats of circuit files ask of their spans. Where something is wrong, the answer says what; it ends a sentence that begins with the file's name. */
final class SpanFields {
    /** More than the positions of a text that is told apart token by token. */
    static final int MOST = 2_048;

    private static final int LONGEST = 200;

    /** Sums in another order than ours differ by less. */
    private static final double TOLERANCE = 1e-9;

    private SpanFields() {}

    /** @throws UserError where what would be written could not be read again */
    static void checkCanBeWritten(Path file, Spans spans) {
        if (spans.isNone()) return;
        faultOfNames(spans.names()).ifPresent(fault -> {
            throw UserError.input(
                    ErrorCode.BAD_CIRCUIT_FILE, file + " cannot be written: " + fault, "give the spans other names");
        });
    }

    static Optional<String> faultOfNames(List<String> names) {
        if (names.isEmpty()) return Optional.of("its spans have no names");
        if (names.size() > MOST)
            return Optional.of("it has " + names.size() + " spans, and " + MOST + " are the most that a file has");
        Map<String, Integer> numbers = new HashMap<>();
        for (String name : names) {
            int number = numbers.size();
            if (name.isBlank()) return Optional.of("the name of its span " + number + " is empty");
            if (name.length() > LONGEST)
                return Optional.of("the name of its span " + number + " is longer than " + LONGEST + " characters");
            if (name.codePoints().anyMatch(SpanFields::isUnprintable))
                return Optional.of("the name of its span " + number + " has a control character");
            if (numbers.put(name, number) != null) return Optional.of("two of its spans have the name " + name);
        }
        return Optional.empty();
    }

    /** What stands in no line of text: also half of a character, which no file can hold. */
    private static boolean isUnprintable(int character) {
        int type = Character.getType(character);
        return Character.isISOControl(character)
                || type == Character.SURROGATE
                || type == Character.LINE_SEPARATOR
                || type == Character.PARAGRAPH_SEPARATOR;
    }

    /** @param seen for each span those that it sees */
    static Optional<String> faultOfSight(List<String> names, List<BitSet> seen) {
        for (int span = 0; span < names.size(); span++) {
            if (!seen.get(span).get(span))
                return Optional.of("its span " + names.get(span)
                        + " does not see itself, and a position always sees its own key and value");
        }
        return Optional.empty();
    }

    /** Numbers and truth values of every edge at every span, twice while they are read. */
    static Optional<String> faultOfSize(ModelGraph graph, int spans) {
        double numbers = (double) graph.edgeIndexBound() * spans;
        if (numbers <= Integer.MAX_VALUE
                && numbers * Double.BYTES <= Runtime.getRuntime().maxMemory() / 4.0) return Optional.empty();
        return Optional.of(graph.edgeCount() + " edges at " + spans + " spans are too many for this machine's memory");
    }

    /**
     * The first edge of which the totals say one thing and the spans another.
     *
     * @param totals of edges; empty where they have no scores that count
     * @param at at spans
     */
    static Optional<String> contradiction(Circuit totals, Optional<double[]> scores, Circuit at, double[] ofSpans) {
        ModelGraph graph = totals.graph();
        ModelGraph spans = at.graph();
        for (int edge = 0; edge < graph.edgeIndexBound(); edge++) {
            if (!graph.exists(edge)) continue;
            int source = graph.sourceOf(edge);
            int slot = graph.slotOf(edge);
            boolean anywhere = at.contains(source, slot);
            if (totals.contains(edge) != anywhere) {
                String name = "edge " + graph.edgeName(edge);
                return Optional.of(
                        anywhere
                                ? name + " is out of the circuit, and its spans have it in"
                                : name + " is in the circuit, and its spans have it nowhere");
            }
            if (scores.isEmpty()) continue;
            double sum = 0;
            double size = 0;
            for (int span = 0; span < spans.perEdge(); span++) {
                double score = ofSpans[spans.edge(source, slot, span)];
                sum += score;
                size += Math.abs(score);
            }
            // Not <=: a sum of infinite size is none.
            if (!(Math.abs(scores.get()[edge] - sum) <= TOLERANCE * size))
                return Optional.of("the score of edge " + graph.edgeName(edge) + " is " + scores.get()[edge]
                        + ", and its scores at spans add up to " + sum);
        }
        return Optional.empty();
    }
}
