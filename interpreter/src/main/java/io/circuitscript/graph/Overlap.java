package io.circuitscript.graph;

import java.util.BitSet;
import java.util.OptionalDouble;

/** The edges that two circuits of a graph share, and those that only one of them has. */
public record Overlap(BitSet common, BitSet onlyFirst, BitSet onlySecond) {

    public static Overlap of(Circuit first, Circuit second) {
        BitSet common = first.edges();
        common.and(second.edges());
        BitSet onlyFirst = first.edges();
        onlyFirst.andNot(common);
        BitSet onlySecond = second.edges();
        onlySecond.andNot(common);
        return new Overlap(common, onlyFirst, onlySecond);
    }

    /** Jaccard's index of the neurons of two circuits of which one at least chooses them: a node that does not has all of its own. Else empty. */
    public static OptionalDouble ofNeurons(Circuit first, Circuit second) {
        int width = Math.max(first.width(), second.width());
        if (width == 0 || first.choosesNeurons() && second.choosesNeurons() && first.width() != second.width())
            return OptionalDouble.empty();
        BitSet either = neurons(first, width);
        BitSet both = (BitSet) either.clone();
        both.and(neurons(second, width));
        either.or(neurons(second, width));
        return OptionalDouble.of(either.isEmpty() ? 1 : (double) both.cardinality() / either.cardinality());
    }

    private static BitSet neurons(Circuit circuit, int width) {
        if (circuit.choosesNeurons()) return circuit.chosenNeurons();
        BitSet all = new BitSet();
        circuit.touchedSources().stream().forEach(source -> all.set(source * width, (source + 1) * width));
        return all;
    }

    /** Jaccard's index: the common edges as a share of all that either has; of two empty circuits 1. */
    public double jaccard() {
        int all = common.cardinality() + onlyFirst.cardinality() + onlySecond.cardinality();
        return all == 0 ? 1 : (double) common.cardinality() / all;
    }
}
