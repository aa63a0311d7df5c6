package io.circuitscript.engine;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Which rows and which read points a batch has: for each example one row for each of its {@link Continuations}' sequences. Where only the next token is
 * read, a row is an example and a point its last position.
 */
final class BatchLayout {
    /** A sequence of an example. */
    private record Row(int example, int sequence) {}

    private final List<Continuations> of;
    private final List<Row> rows = new ArrayList<>();

    /** The first row of each example. */
    private final int[] firstRow;

    /** How many points there are of the examples before each; at the end, of all. */
    private final int[] pointsBefore;

    private final boolean plain;

    BatchLayout(List<Continuations> of) {
        this.of = List.copyOf(of);
        firstRow = new int[of.size()];
        pointsBefore = new int[of.size() + 1];
        for (int example = 0; example < of.size(); example++) {
            firstRow[example] = rows.size();
            int sequences = of.get(example).sequences().size();
            for (int sequence = 0; sequence < sequences; sequence++) rows.add(new Row(example, sequence));
            pointsBefore[example + 1] =
                    pointsBefore[example] + of.get(example).points().size();
        }
        plain = of.stream().allMatch(Continuations::plain);
    }

    boolean plain() {
        return plain;
    }

    int examples() {
        return of.size();
    }

    int rows() {
        return rows.size();
    }

    /** Whose row each is. */
    long[] exampleOfRow() {
        return rows.stream().mapToLong(Row::example).toArray();
    }

    int points() {
        return pointsBefore[of.size()];
    }

    /** The first point of an example. */
    int firstPoint(int example) {
        return pointsBefore[example];
    }

    /** Which example each point is of. */
    long[] exampleOfPoint() {
        long[] of = new long[points()];
        for (int example = 0; example < examples(); example++)
            Arrays.fill(of, pointsBefore[example], pointsBefore[example + 1], example);
        return of;
    }

    /** Each example's text, once for each of its sequences, with the sequence behind it. */
    List<int[]> extended(List<int[]> texts) {
        if (plain) return texts;
        return rows.stream()
                .map(row -> IntStream.concat(
                                IntStream.of(texts.get(row.example)),
                                sequence(row).stream().mapToInt(id -> id))
                        .toArray())
                .toList();
    }

    private List<Integer> sequence(Row row) {
        return of.get(row.example).sequences().get(row.sequence);
    }

    /**
     * Each point as a place among the rows' positions, row after row.
     *
     * @param texts of the examples
     * @param start the first position of the rows' window, and {@code width} how many positions it has
     */
    long[] places(List<int[]> texts, int start, int width) {
        long[] places = new long[points()];
        for (int example = 0; example < examples(); example++) {
            List<Continuations.Point> points = of.get(example).points();
            int end = texts.get(example).length - 1 - start;
            for (int i = 0; i < points.size(); i++) {
                int row = firstRow[example] + points.get(i).sequence();
                places[pointsBefore[example] + i] =
                        (long) row * width + end + points.get(i).after();
            }
        }
        return places;
    }

    /**
     * The span of each position of the rows' window, row after row; past a row's end that of what follows the text.
     *
     * @param spans of each example
     */
    int[] spans(List<TextSpans> spans, int start, int width) {
        int[] of = new int[rows() * width];
        for (int i = 0; i < of.length; i++)
            of[i] = spans.get(rows.get(i / width).example).of(start + i % width);
        return of;
    }

    /** The span of each point. texts: of the examples, and spans alike */
    int[] pointSpans(List<int[]> texts, List<TextSpans> spans) {
        int[] of = new int[points()];
        for (int example = 0; example < examples(); example++) {
            int end = texts.get(example).length - 1;
            for (int point = pointsBefore[example]; point < pointsBefore[example + 1]; point++) {
                int after = this.of
                        .get(example)
                        .points()
                        .get(point - pointsBefore[example])
                        .after();
                of[point] = spans.get(example).of(end + after);
            }
        }
        return of;
    }

    /** The places among the rows' positions that are not padding. texts: of the examples */
    BitSet real(List<int[]> texts, int start, int width) {
        BitSet real = new BitSet();
        for (int i = 0; i < rows.size(); i++) {
            Row row = rows.get(i);
            int length = texts.get(row.example).length + sequence(row).size() - start;
            real.set(i * width, i * width + length);
        }
        return real;
    }

    /**
     * Which positions of the rows count in a mean over positions: of each example every distinct one once, so that neither padding counts nor a text
     * again that stands in several rows.
     *
     * @return {@code [row, pos]}, from position 0 on
     */
    double[] counted(List<int[]> texts, int width) {
        double[] counted = new double[rows() * width];
        for (int i = 0; i < rows.size(); i++) {
            Row row = rows.get(i);
            int text = texts.get(row.example).length;
            int shared = row.sequence == 0 ? 0 : text + sharedWithEarlier(row);
            for (int at = shared; at < text + sequence(row).size(); at++) counted[i * width + at] = 1;
        }
        return counted;
    }

    /** How many tokens of a row's sequence an earlier row of the example begins with. */
    private int sharedWithEarlier(Row row) {
        List<Integer> mine = sequence(row);
        int most = 0;
        for (int earlier = 0; earlier < row.sequence; earlier++) {
            List<Integer> other = of.get(row.example).sequences().get(earlier);
            int same = 0;
            while (same < Math.min(mine.size(), other.size()) && mine.get(same).equals(other.get(same))) same++;
            most = Math.max(most, same);
        }
        return most;
    }
}
