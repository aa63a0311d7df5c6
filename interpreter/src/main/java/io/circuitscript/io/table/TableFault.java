package io.circuitscript.io.table;

import io.circuitscript.source.ErrorCode;
import io.circuitscript.source.UserError;
import java.util.List;
import java.util.Locale;

/**
 * What is wrong with a table or its file, as a user's mistake.
 *
 * @param name what messages call the file
 * @param title what they call its format
 */
record TableFault(String name, TableFormat format, String title) {
    TableFault(String name, TableFormat format) {
        this(name, format, format.title());
    }

    /** The file is not what its format asks for. */
    UserError malformed(String why, String help) {
        return UserError.input(ErrorCode.TABLE_MALFORMED, name + " is not a valid " + title + " file: " + why, help);
    }

    /** One cell cannot be read. @param row from 1 */
    UserError cell(long row, String column, String why, String help) {
        return UserError.input(
                ErrorCode.TABLE_CELL, "row " + row + ", column " + column + " of " + name + ": " + why, help);
    }

    /** Two cells of a column cannot be in one column of this format. */
    UserError mixed(String column, long first, String firstKind, long second, String secondKind) {
        return UserError.input(
                ErrorCode.TABLE_CELL,
                "column " + column + " cannot be written to " + name + ": row " + first + " has " + firstKind + ", row "
                        + second + " has " + secondKind,
                "a column of a Parquet file has one type: make the cells alike, or write .csv or .jsonl");
    }

    UserError column(String column, long row, String why) {
        return UserError.input(
                ErrorCode.TABLE_CELL,
                "column " + column + " cannot be written to " + name + ": row " + row + " has " + why,
                "write .csv or .jsonl, or leave the column out");
    }

    UserError tooLarge(String what, String most) {
        return UserError.input(
                ErrorCode.TABLE_TOO_LARGE,
                name + " has " + what + ": more than " + most,
                "put the rows and columns that are needed into a file of their own");
    }

    UserError ragged(long row, long line, int cells, int columns, List<String> values) {
        return new UserError(
                UserError.Kind.INPUT,
                ErrorCode.DATA_RAGGED_ROW,
                "row " + row + " of " + name + " (line " + line + ") has " + plural(cells, "value")
                        + "; the header has " + plural(columns, "column"),
                List.of("its values: " + String.join(" | ", values)),
                "a value that contains a " + (format == TableFormat.TSV ? "tab" : "comma")
                        + " is written in double quotes");
    }

    UserError duplicate(String column) {
        return UserError.input(
                ErrorCode.DATA_DUPLICATE_COLUMN,
                name + " has two columns named " + column,
                "rename one of them in the file");
    }

    static String plural(long number, String noun) {
        return count(number) + " " + noun + (number == 1 ? "" : "s");
    }

    static String count(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }
}
