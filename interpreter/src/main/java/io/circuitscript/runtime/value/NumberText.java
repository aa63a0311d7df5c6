package io.circuitscript.runtime.value;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;

/** Writes numbers as the shortest text that reads back as the same number. */
public final class NumberText {
    /** From here on whole numbers are no longer exact, and are written with an exponent. */
    private static final double EXACT = 1L << 53;

    private NumberText() {}

    public static String of(double value) {
        if (Double.isNaN(value)) return "nan";
        if (Double.isInfinite(value)) return value > 0 ? "inf" : "-inf";
        if (value == 0) return "0";
        if (value == Math.rint(value) && Math.abs(value) < EXACT) return Long.toString((long) value);
        BigDecimal exact = new BigDecimal(Double.toString(value)).stripTrailingZeros();
        int exponent = exact.precision() - exact.scale() - 1;
        if (exponent >= -5 && exponent < 16) return exact.toPlainString();
        BigDecimal mantissa = exact.movePointLeft(exponent);
        return mantissa.toPlainString() + "e" + exponent;
    }

    /** With at most so many significant digits. */
    static String significant(double value, int digits) {
        if (!Double.isFinite(value)) return of(value);
        return of(new BigDecimal(value)
                .round(new MathContext(digits, RoundingMode.HALF_EVEN))
                .doubleValue());
    }

    /** With that many digits after the point. */
    public static String rounded(double value, int decimals) {
        if (!Double.isFinite(value)) return of(value);
        BigDecimal rounded = new BigDecimal(Double.toString(value)).setScale(decimals, RoundingMode.HALF_EVEN);
        return rounded.signum() == 0 ? rounded.abs().toPlainString() : rounded.toPlainString();
    }

    /** With thousands apart, for messages: {@code 32,491}. */
    public static String count(long value) {
        return String.format(java.util.Locale.ROOT, "%,d", value);
    }
}
