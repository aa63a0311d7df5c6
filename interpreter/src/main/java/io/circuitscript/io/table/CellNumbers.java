package io.circuitscript.io.table;

/** Numbers as text, which gives the same number when it is read. */
final class CellNumbers {
    /** Up to here every whole number is a double of its own. */
    static final long LARGEST_WHOLE = 1L << 53;

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

    /**
     * A sign, digits with or without a point, an exponent. Without spaces around it, unlike what pandas takes: " 5" is a token of many tokenizers.
     */
    static boolean isNumber(String text) {
        int start = afterSign(text, 0);
        int point = afterDigits(text, start);
        int end = point;
        boolean digits = point > start;
        if (point < text.length() && text.charAt(point) == '.') {
            end = afterDigits(text, point + 1);
            digits |= end > point + 1;
        }
        if (!digits || end == text.length()) return digits;
        if (text.charAt(end) != 'e' && text.charAt(end) != 'E') return false;
        int exponent = afterSign(text, end + 1);
        int last = afterDigits(text, exponent);
        return last > exponent && last == text.length();
    }

    private static int afterSign(String text, int at) {
        return at < text.length() && (text.charAt(at) == '-' || text.charAt(at) == '+') ? at + 1 : at;
    }

    private static int afterDigits(String text, int from) {
        int at = from;
        while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') at++;
        return at;
    }

    /** @param number for which {@link #isNumber} holds */
    static boolean isInfinite(String number) {
        boolean small = number.length() < 300 && number.indexOf('e') < 0 && number.indexOf('E') < 0;
        return !small && Double.isInfinite(Double.parseDouble(number));
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
