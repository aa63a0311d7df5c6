package io.circuitscript.graph;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/**
 * The spans that the rows of some data have, in their fixed order: sets of token positions, of which each position of a row is in exactly one.
 *
 * <p>Also which of them a head's output can depend on, as far as positions decide it: attention moves from earlier positions to later ones. Both
 * hold for any row that the spans are of. Two are equal where their names are.
 */
public final class Spans implements Serializable {
    /** Of a graph whose edges stand for all positions together. */
    public static final Spans NONE = new Spans(List.of(), List.of(), new BitSet());

    /** The beginning-of-sequence token. */
    public static final String BOS = "bos";

    /** The tokens of an answer of several, which follow the text. */
    public static final String ANSWER = "answer";

    /** The last position of the text. */
    public static final String END = "end";

    /** What is in no other span. */
    public static final String REST = "rest";

    private final List<String> names;
    private final List<BitSet> seen;
    private final BitSet read;

    private Spans(List<String> names, List<BitSet> seen, BitSet read) {
        this.names = List.copyOf(names);
        this.seen = seen.stream().map(it -> (BitSet) it.clone()).toList();
        this.read = (BitSet) read.clone();
    }

    /**
     * @param names at least one, all different
     * @param seen for each span, those that have, in some row, a position at or before one of its own
     * @param read the spans with a position after which a metric reads the next token
     */
    public static Spans of(List<String> names, List<BitSet> seen, BitSet read) {
        if (names.isEmpty() || names.size() != seen.size() || read.length() > names.size())
            throw new IllegalArgumentException(names + ", " + seen + ", " + read);
        return new Spans(names, seen, read);
    }

    /** The same of names alone: every span may see every other, and each may be read. What depends on the order of positions keeps too much then. */
    public static Spans inAnyOrder(List<String> names) {
        BitSet all = new BitSet();
        all.set(0, names.size());
        List<BitSet> seen = new ArrayList<>();
        for (int i = 0; i < names.size(); i++) seen.add(all);
        return of(names, seen, all);
    }

    /** All of these and of others, by their names: in any order of positions, since no rows have both. */
    public Spans with(Spans others) {
        List<String> all = new ArrayList<>(names);
        others.names.stream().filter(it -> !names.contains(it)).forEach(all::add);
        return all.size() == names.size() ? this : inAnyOrder(all);
    }

    public List<String> names() {
        return names;
    }

    public int size() {
        return names.size();
    }

    public boolean isNone() {
        return names.isEmpty();
    }

    public String name(int span) {
        return names.get(span);
    }

    /** The span of a name; -1 where none has it. */
    public int named(String name) {
        return names.indexOf(name);
    }

    /** Whether a head's output at a span may depend on its keys and values at another. */
    public boolean sees(int span, int other) {
        return seen.get(span).get(other);
    }

    /** Whether the metric reads the logits at a position of a span. */
    public boolean isRead(int span) {
        return read.get(span);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Spans spans && names.equals(spans.names);
    }

    @Override
    public int hashCode() {
        return names.hashCode();
    }

    @Override
    public String toString() {
        return String.join(", ", names);
    }
}
