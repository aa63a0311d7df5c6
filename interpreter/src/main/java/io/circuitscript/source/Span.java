package io.circuitscript.source;

/** A half-open stretch of a source, {@code [start, end)}, in code points. */
public record Span(Source source, int start, int end) {
    public Span {
        if (start < 0 || end < start || end > source.length()) {
            throw new IllegalArgumentException("span " + start + ".." + end + " of " + source.length());
        }
    }

    public String text() {
        return source.text(start, end);
    }

    /** The line of the first character, from 1. */
    public int line() {
        return source.line(start);
    }

    /** The column of the first character, from 1. */
    public int column() {
        return source.column(start);
    }

    /** The smallest span that holds both. */
    public Span to(Span other) {
        return new Span(source, Math.min(start, other.start), Math.max(end, other.end));
    }
}
