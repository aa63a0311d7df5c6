package io.circuitscript.runtime.metric;

import java.util.Locale;

/** A part of the data. Without a split the first is everything and the second nothing. */
public enum DataSplit {
    TRAIN,
    TEST,
    ALL;

    /** As a script names it. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
