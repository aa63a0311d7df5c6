package io.circuitscript.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.math.BigDecimal;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** Compares printed results: the words exactly, whole numbers too, and rounded numbers but for their last digit. */
final class PrintedNumbers {
    private static final Pattern ROUNDED = Pattern.compile("-?\\d+\\.\\d+(e-?\\d+)?|-?\\d+e-?\\d+");
    private static final Pattern SPACES = Pattern.compile(" +");

    private PrintedNumbers() {}

    static void assertAgree(String expected, String actual, String where) {
        if (words(expected).equals(words(actual))) {
            List<String> ours = numbers(actual);
            List<String> theirs = numbers(expected);
            boolean agree = true;
            for (int i = 0; i < ours.size(); i++) agree &= agree(theirs.get(i), ours.get(i));
            if (agree) return;
        }
        assertEquals(expected, actual, where); // shows both
    }

    /** Whether two numbers differ by one in the last digit of the coarser one at most. */
    static boolean agree(String expected, String actual) {
        BigDecimal a = new BigDecimal(expected);
        BigDecimal b = new BigDecimal(actual);
        BigDecimal unit = a.ulp().max(b.ulp());
        return a.subtract(b).abs().compareTo(unit) <= 0;
    }

    /** Columns move with the length of a number. */
    private static String words(String text) {
        return SPACES.matcher(ROUNDED.matcher(text).replaceAll("#")).replaceAll(" ");
    }

    private static List<String> numbers(String text) {
        return ROUNDED.matcher(text).results().map(MatchResult::group).toList();
    }
}
