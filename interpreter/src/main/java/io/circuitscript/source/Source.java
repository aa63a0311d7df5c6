package io.circuitscript.source;

import java.util.Arrays;

/** A text that was given to us, with the name a message calls it by (`script.circuit`, `<repl:12>`). Offsets are code points. */
public final class Source {
    private final String name;
    private final int[] codePoints;
    private final int[] lineStarts;

    public Source(String name, String text) {
        this.name = name;
        this.codePoints = text.codePoints().toArray();
        this.lineStarts = lineStarts(codePoints);
    }

    private static int[] lineStarts(int[] text) {
        int[] starts = new int[text.length + 1];
        int count = 1;
        for (int i = 0; i < text.length; i++) {
            boolean end = text[i] == '\n' || text[i] == '\r' && (i + 1 == text.length || text[i + 1] != '\n');
            if (end) starts[count++] = i + 1;
        }
        return Arrays.copyOf(starts, count);
    }

    public String name() {
        return name;
    }

    public String text() {
        return text(0, codePoints.length);
    }

    /** The code points from {@code start} (inclusive) to {@code end} (exclusive). */
    public String text(int start, int end) {
        return new String(codePoints, start, end - start);
    }

    public int length() {
        return codePoints.length;
    }

    /** The line of an offset, from 1. */
    public int line(int offset) {
        int at = Arrays.binarySearch(lineStarts, offset);
        return at >= 0 ? at + 1 : -at - 1;
    }

    /** The column of an offset in its line, from 1, in code points. */
    public int column(int offset) {
        return offset - lineStarts[line(offset) - 1] + 1;
    }

    /** How many lines it has; at least one. */
    public int lines() {
        return lineStarts.length;
    }

    /** The offset at which a line (from 1) begins. */
    public int lineStart(int line) {
        return lineStarts[line - 1];
    }

    /** The text of a line (from 1), without its line end. */
    public String lineText(int line) {
        int start = lineStarts[line - 1];
        int end = line < lineStarts.length ? lineStarts[line] : codePoints.length;
        while (end > start && (codePoints[end - 1] == '\n' || codePoints[end - 1] == '\r')) end--;
        return text(start, end);
    }

    @Override
    public String toString() {
        return name;
    }
}
