package io.circuitscript.runtime.value;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;

/** Numbers as a person reads them in a table: five significant digits, whole numbers in full. */
public final class RoundedText {
    private static final MathContext DIGITS = new MathContext(5, RoundingMode.HALF_EVEN);
    private static final double LARGEST_WHOLE = 1e15;

    /** Below 1e-5 a number has an exponent. */
    static final int SMALLEST_PLAIN = -5;

    private RoundedText() {}

    public static String of(double value) {
        if (!Double.isFinite(value)) return Double.toString(value);
        if (value == Math.rint(value) && Math.abs(value) < LARGEST_WHOLE) return Long.toString((long) value);
        BigDecimal rounded = new BigDecimal(value).round(DIGITS).stripTrailingZeros();
        int exponent = exponent(rounded);
        return exponent >= SMALLEST_PLAIN && exponent < 15 ? rounded.toPlainString() : scientific(rounded);
    }

    /** {@code -1.4e-11}: zeros after the point would fill a column and hide how small a number is. */
    static String scientific(BigDecimal number) {
        if (number.signum() == 0) return "0";
        BigDecimal digits = number.stripTrailingZeros();
        return digits.movePointLeft(exponent(digits)).toPlainString() + "e" + exponent(digits);
    }

    private static int exponent(BigDecimal number) {
        return number.precision() - number.scale() - 1;
    }
}
