package io.circuitscript.io.table;

import java.time.Duration;

/** Counts what is read, so that a file cannot fill the memory. */
final class ItemBudget {
    private static final int CHARACTERS_AN_ITEM = 16;

    private final TableFault fault;
    private final TableLimits limits;
    private final int mostRows;
    private final Runnable asked;
    private final long start = System.nanoTime();
    private long items;
    private long unpacked;

    ItemBudget(TableFault fault, TableLimits limits) {
        this(fault, limits, Integer.MAX_VALUE, () -> {});
    }

    /**
     * @param mostRows so many are wanted
     * @param asked between rows; throws where the user has cancelled
     */
    ItemBudget(TableFault fault, TableLimits limits, int mostRows, Runnable asked) {
        this.fault = fault;
        this.limits = limits;
        this.mostRows = mostRows;
        this.asked = asked;
    }

    /** Whether another row is wanted where there are so many. */
    boolean wantsMore(int rows) {
        asked.run();
        return rows < mostRows;
    }

    TableFault fault() {
        return fault;
    }

    int depth() {
        return limits.depth();
    }

    /** Before they are made. */
    void take(long more) {
        items += more;
        if (more < 0 || items > limits.items()) {
            throw fault.tooLarge(
                    "too many cells", TableFault.count(limits.items()) + ", texts and lists counted by length");
        }
    }

    void takeText(long characters) {
        take(characters / CHARACTERS_AN_ITEM);
    }

    void unpack(long bytes) {
        unpacked += bytes;
        if (bytes < 0 || unpacked > limits.unpacked())
            throw fault.tooLarge(
                    "too much in it once it is decompressed", TableFault.count(limits.unpacked()) + " bytes");
    }

    /** Where a file can make the work longer than its size, as by stating large numbers again and again. */
    void checkTime(Duration most) {
        if (System.nanoTime() - start > most.toNanos())
            throw fault.tooLarge("too much work in it", TableFault.count(most.toSeconds()) + " seconds");
    }

    RuntimeException tooDeep() {
        return fault.tooLarge("lists or records deep in one another", limits.depth() + " levels");
    }
}
