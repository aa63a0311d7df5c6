package io.circuitscript.task;

/** Numbers by chance that are the same on every machine and in every version: SplitMix64 (Steele, Lea and Flood 2014). */
public final class Draws {
    private long state;

    public Draws(long seed) {
        this.state = seed;
    }

    private long next() {
        state += 0x9e3779b97f4a7c15L;
        long z = (state ^ state >>> 30) * 0xbf58476d1ce4e5b9L;
        z = (z ^ z >>> 27) * 0x94d049bb133111ebL;
        return z ^ z >>> 31;
    }

    /** A whole number from 0 to {@code bound} − 1, each as likely as the others. */
    public int below(int bound) {
        if (bound < 1) throw new IllegalArgumentException("a number below " + bound);
        long excess = Long.remainderUnsigned(-bound, bound); // 2^64 mod bound: what would favour the small ones
        long drawn = next();
        while (Long.compareUnsigned(drawn, excess) < 0) drawn = next();
        return (int) Long.remainderUnsigned(drawn, bound);
    }
}
