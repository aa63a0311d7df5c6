package io.circuitscript.runtime.evaluate;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;

/**
 * What a row of the data has besides its columns. These names win: a column of such a name is read as {@code row_in_file}, {@code metric_in_file} and so
 * on, wherever rows are.
 */
public final class RowNames {
    /** Its number in the file, from 1. */
    public static final String ROW = "row";

    /** All of its columns as one record, for names that are no words, by the file's names. */
    public static final String COLUMNS = "columns";

    /** The metric of the model on the clean text. */
    public static final String METRIC = "metric";

    /** The metric of the model on the corrupted text. */
    public static final String CORRUPTED_METRIC = "corrupted_metric";

    /** The metric of the current circuit, where it was evaluated. */
    public static final String CIRCUIT = "circuit";

    /** Those that are numbers. */
    public static final List<String> NUMBERS = List.of(ROW, METRIC, CORRUPTED_METRIC, CIRCUIT);

    private static final String OF_FILE = "_in_file";

    private RowNames() {}

    /** The names by which the columns of the data are read, each with its column, in their order. */
    public static SequencedMap<String, String> ofColumns(List<String> columns) {
        SequencedMap<String, String> names = new LinkedHashMap<>();
        for (String column : columns) {
            String name = column;
            while (isTaken(name) || !name.equals(column) && columns.contains(name)) name += OF_FILE;
            names.put(name, column);
        }
        return names;
    }

    private static boolean isTaken(String name) {
        return NUMBERS.contains(name) || name.equals(COLUMNS);
    }
}
