package io.circuitscript.graph;

import java.util.BitSet;

/** What two circuits of one graph have in common, and what each has alone. */
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

    /** Jaccard's index: the common edges as a share of all that either has; of two empty circuits 1. */
    public double jaccard() {
        int all = common.cardinality() + onlyFirst.cardinality() + onlySecond.cardinality();
        return all == 0 ? 1 : (double) common.cardinality() / all;
    }
}
