package io.circuitscript.engine;

import java.io.Serializable;
import java.util.List;

/**
 * What a metric reads after one example's text, beside the next token: the texts that are put behind it, each in a row of its own, and the points at
 * which logits are read. Point 0 is the last position of the example's own text.
 *
 * @param sequences token ids that are put behind the clean and behind the corrupted text alike; one empty sequence where nothing is read but the
 *     next token
 * @param points in order; each of them once
 */
public record Continuations(List<List<Integer>> sequences, List<Point> points) implements Serializable {
    /** Nothing is put behind the text. */
    public static final Continuations NONE = new Continuations(List.of(List.of()), List.of(new Point(0, 0)));

    /** Where logits are read: after the first {@code after} tokens of a sequence. */
    public record Point(int sequence, int after) implements Serializable {}

    public Continuations {
        sequences = sequences.stream().map(List::copyOf).toList();
        points = List.copyOf(points);
        if (sequences.isEmpty() || points.isEmpty() || points.getFirst().after() != 0)
            throw new IllegalArgumentException("the first point is the end of the text");
    }

    /** How many tokens the longest sequence adds. */
    public int longest() {
        return sequences.stream().mapToInt(List::size).max().orElseThrow();
    }

    /** Whether only the next token is read. */
    boolean plain() {
        return sequences.size() == 1 && points.size() == 1 && longest() == 0;
    }
}
