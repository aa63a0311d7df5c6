package io.circuitscript.cli;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;

/** Numbers as a person reads them in a table: five significant digits, whole numbers in full. */
final class Rounded {
    private static final MathContext DIGITS = new MathContext(5, RoundingMode.HALF_EVEN);
    private static final double LARGEST_WHOLE = 1e15;

    private Rounded() {}

    static String of(double value) {
        if (!Double.isFinite(value)) return Double.toString(value);
        if (value == Math.rint(value) && Math.abs(value) < LARGEST_WHOLE) return Long.toString((long) value);
        BigDecimal rounded = new BigDecimal(value).round(DIGITS).stripTrailingZeros();
        int exponent = rounded.precision() - rounded.scale() - 1;
        if (exponent >= -5 && exponent < 15) return rounded.toPlainString();
        return rounded.movePointLeft(exponent).toPlainString() + "e" + exponent;
    }
}
