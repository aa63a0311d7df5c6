package io.circuitscript.runtime.evaluate;

import java.util.Set;

/** What completion offers for an argument, beyond what the argument's kind and its allowed values tell. */
public enum Offers {
    NOTHING_MORE,
    CIRCUITS,
    METRICS,
    TASKS,
    /** The columns of the file that the statement names. */
    COLUMNS,
    /** Besides the data's columns, what every row has: its number and its metric in the runs so far. */
    ROW_NUMBERS,
    /** Models by name, and folders. */
    MODELS,
    DEVICES,
    TABLES("csv", "tsv", "jsonl", "parquet"),
    CIRCUIT_FILES("json");

    private final Set<String> endings;

    Offers(String... endings) {
        this.endings = Set.of(endings);
    }

    /** The endings of the files that are offered; empty: files of any ending. */
    public Set<String> endings() {
        return endings;
    }
}
