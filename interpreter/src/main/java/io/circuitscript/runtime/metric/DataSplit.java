package io.circuitscript.runtime.metric;

import java.util.Locale;

/** A part of the data. Without a split, all rows are for training and none for testing. */
public enum DataSplit {
    TRAIN,
    TEST,
    ALL;

    /** As a script names it. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
