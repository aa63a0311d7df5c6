package io.circuitscript.io.table;

import java.util.regex.Pattern;

/** Numbers as text, which gives the same number when it is read. */
final class CellNumbers {
    /** Up to here every whole number is a double of its own. */
    static final long LARGEST_WHOLE = 1L << 53;

    private static final Pattern NUMBER =
            Pattern.compile("[+-]?+(?:[0-9]++(?:\\.[0-9]*+)?+|\\.[0-9]++)(?:[eE][+-]?+[0-9]++)?+");

    private CellNumbers() {}

    static String text(double number) {
        if (isWhole(number)) return Long.toString((long) number);
        if (number == 0) return "-0";
        String text = Double.toString(number);
        return text.contains(".0E") ? text.replace(".0E", "E") : text;
    }

    /** That a whole number of a file can hold it; minus zero is none. */
    static boolean isWhole(double number) {
        return number == Math.rint(number) && Math.abs(number) <= LARGEST_WHOLE && (number != 0 || 1 / number > 0);
    }

    /** Without spaces around it, unlike what pandas takes: " 5" is a token of many tokenizers. */
    static boolean isNumber(String text) {
        if (text.isEmpty() || text.charAt(0) > '9') return false;
        return NUMBER.matcher(text).matches();
    }

    /** That it is written as a whole number, and too large to be one here. */
    static boolean isWide(String number) {
        if (number.length() < 16) return false;
        for (int i = 0; i < number.length(); i++) {
            char c = number.charAt(i);
            if ((c < '0' || c > '9') && i > 0) return false;
        }
        return Math.abs(Double.parseDouble(number)) >= LARGEST_WHOLE && !isExact(number);
    }

    private static boolean isExact(String digits) {
        try {
            return Math.abs(Long.parseLong(digits)) <= LARGEST_WHOLE;
        } catch (NumberFormatException longer) {
            return false;
        }
    }
}
