package io.circuitscript.engine;

import io.circuitscript.engine.torch.Scope;
import io.circuitscript.engine.torch.Tensor;
import io.circuitscript.engine.torch.Torch;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** The positions of all rows of a batch, n of them, in the order of their spans and within a span row after row: each span is a range of places. */
final class SpanPlaces {
    /**
     * The places of some spans.
     *
     * @param spans whose they are, in order; those without a position are left out
     * @param positions which position each place is, {@code [place]}
     * @param starts where each span begins among all places, and {@code sizes} how many it has
     * @param places of them among all places, {@code [place]}
     */
    record Places(int[] spans, Tensor positions, int[] starts, int[] sizes, Tensor places) {}

    private final Torch torch;

    /** The positions of each span. */
    private final List<int[]> positions = new ArrayList<>();

    /** Where each span begins. */
    private final int[] starts;

    private final Places everywhere;
    private final Tensor placeOf;

    /**
     * @param scope owns the tensors
     * @param spanOf the span of each position, below {@code spans}
     */
    SpanPlaces(Torch torch, Scope scope, int[] spanOf, int spans) {
        this.torch = torch;
        this.starts = new int[spans];
        int start = 0;
        for (int span = 0; span < spans; span++) {
            int it = span;
            positions.add(IntStream.range(0, spanOf.length)
                    .filter(i -> spanOf[i] == it)
                    .toArray());
            starts[span] = start;
            start += positions.get(span).length;
        }
        if (start < spanOf.length) throw new IllegalArgumentException("positions of more spans than " + spans);
        everywhere = of(scope, IntStream.range(0, spans).toArray());
        int[] places = new int[spanOf.length];
        int place = 0;
        for (int[] some : positions) for (int position : some) places[position] = place++;
        placeOf = longs(scope, Arrays.stream(places));
    }

    Places everywhere() {
        return everywhere;
    }

    /** The place of each position, {@code [n]}. */
    Tensor placeOf() {
        return placeOf;
    }

    Places of(Scope scope, int[] spans) {
        int[] some = Arrays.stream(spans).filter(span -> size(span) > 0).toArray();
        return new Places(
                some,
                longs(scope, Arrays.stream(some).flatMap(span -> Arrays.stream(positions.get(span)))),
                Arrays.stream(some).map(span -> starts[span]).toArray(),
                Arrays.stream(some).map(this::size).toArray(),
                longs(
                        scope,
                        Arrays.stream(some).flatMap(span -> IntStream.range(starts[span], starts[span] + size(span)))));
    }

    private int size(int span) {
        return positions.get(span).length;
    }

    private Tensor longs(Scope scope, IntStream values) {
        long[] array = values.asLongStream().toArray();
        return torch.longs(scope, array, array.length);
    }
}
