package io.circuitscript.task;

import java.io.Serializable;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A clean and a corrupted text of equal token length, with what else its row says.
 *
 * @param row the row's number in the file, from 1, not counting the header
 * @param clean token ids, beginning-of-sequence token included
 * @param columns every column of the row by name, in order, texts as they stand in the file
 * @param fields the parts of the clean text that have names, where spans come from
 * @param spans the span of each position, by number, where the data have spans and these were asked for; else empty
 */
public record Pair(
        int row,
        String cleanText,
        String corruptedText,
        int[] clean,
        int[] corrupted,
        Map<String, String> columns,
        List<SpanField> fields,
        int[] spans)
        implements Serializable {
    private static final int[] NO_SPANS = {};

    /** Of data without spans. */
    public Pair(
            int row,
            String cleanText,
            String corruptedText,
            int[] clean,
            int[] corrupted,
            Map<String, String> columns) {
        this(row, cleanText, corruptedText, clean, corrupted, columns, List.of(), NO_SPANS);
    }

    public Pair {
        if (clean.length != corrupted.length)
            throw new IllegalArgumentException("row " + row + ": token lengths differ");
        columns = Collections.unmodifiableMap(new LinkedHashMap<>(columns));
        fields = List.copyOf(fields);
    }

    /** The same row with fields. */
    public Pair withFields(List<SpanField> ofText) {
        return new Pair(row, cleanText, corruptedText, clean, corrupted, columns, ofText, spans);
    }

    /** The same row with spans. */
    public Pair withSpans(int[] ofPositions) {
        return new Pair(row, cleanText, corruptedText, clean, corrupted, columns, fields, ofPositions);
    }

    /** What the model reads of a pair. */
    public record Texts(String clean, String corrupted) {}

    public Texts texts() {
        return new Texts(cleanText, corruptedText);
    }

    public int length() {
        return clean.length;
    }
}
