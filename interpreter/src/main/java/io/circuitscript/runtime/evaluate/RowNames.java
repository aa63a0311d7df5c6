package io.circuitscript.runtime.evaluate;

import java.util.List;

/** What a row of the data has besides its columns. */
public final class RowNames {
    /** Its number in the file, from 1. A column of that name wins. */
    public static final String ROW = "row";

    /** All of its columns as one record, for names that are no words. A column of that name wins. */
    public static final String COLUMNS = "columns";

    /** The metric of the model on the clean text. */
    public static final String METRIC = "metric";

    /** The metric of the model on the corrupted text. */
    public static final String CORRUPTED_METRIC = "corrupted_metric";

    /** The metric of the current circuit, where it was evaluated. */
    public static final String CIRCUIT = "circuit";

    /** Those that are numbers. */
    public static final List<String> NUMBERS = List.of(ROW, METRIC, CORRUPTED_METRIC, CIRCUIT);

    private RowNames() {}
}
