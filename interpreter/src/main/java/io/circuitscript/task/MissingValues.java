package io.circuitscript.task;

import java.util.Set;

/** How a value that is missing is written. */
public final class MissingValues {
    /** By pandas, by its version, its settings and the column's type. */
    private static final Set<String> WRITTEN = Set.of("", "nan", "NaN", "None", "<NA>", "null", "NaT");

    private MissingValues() {}

    /** Whether an answer is missing. With a space in front, as " None", it is a word. */
    public static boolean isMissing(String value) {
        return WRITTEN.contains(value);
    }
}
