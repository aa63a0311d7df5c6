package io.circuitscript.task;

import io.circuitscript.source.ErrorCode;
import io.circuitscript.source.QuotedText;
import io.circuitscript.source.UserError;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** Columns of years: whole numbers from 0 to 99, the two digits that a text of the greater-than task ends before. */
public final class Years {
    private static final Pattern NUMBER = Pattern.compile("[0-9]{1,15}(\\.[0-9]{1,15})?([eE][-+]?[0-9]{1,2})?");

    private Years() {}

    /** @throws UserError where a row has no such year in a column */
    public static void require(Pairs pairs, String column) {
        Optional<Pair> wrong = pairs.pairs().stream()
                .filter(pair -> !isYear(pair.columns().get(column)))
                .findFirst();
        if (wrong.isEmpty()) return;
        String value = wrong.get().columns().get(column);
        throw new UserError(
                UserError.Kind.INPUT,
                ErrorCode.YEAR_OUT_OF_RANGE,
                "the column " + pairs.fileColumn(column) + " has " + shown(value) + " in row "
                        + wrong.get().row() + " of " + pairs.name()
                        + ", but a year must be a whole number from 0 to 99",
                List.of("prob_diff compares the probabilities of the years 00 … 99 after it and before it"),
                "give the two digits of the year, as 41 for 1741; where the column holds something else, name a metric, or the columns that hold the"
                        + " answers: correct=COLUMN incorrect=COLUMN");
    }

    /** Why a column that nobody named is not taken for years; empty where it is. */
    public static Optional<String> doubt(Pairs pairs, String column) {
        for (Pair pair : pairs.pairs()) {
            String value = pair.columns().get(column);
            String row = " in row " + pair.row();
            if (!isYear(value))
                return Optional.of("it has " + shown(value) + row + ", which is not a number from 0 to 99");
            if (!endsInDigit(pair.cleanText()) || !endsInDigit(pair.corruptedText()))
                return Optional.of("the texts" + row + " do not end in a digit");
        }
        return Optional.empty();
    }

    private static boolean isYear(String value) {
        if (!NUMBER.matcher(value.strip()).matches()) return false;
        double number = Double.parseDouble(value.strip());
        return number == Math.rint(number) && number >= 0 && number <= 99;
    }

    private static String shown(String value) {
        return NUMBER.matcher(value).matches() ? value : QuotedText.of(value);
    }

    private static boolean endsInDigit(String text) {
        String end = text.stripTrailing();
        return !end.isEmpty() && end.charAt(end.length() - 1) >= '0' && end.charAt(end.length() - 1) <= '9';
    }
}
