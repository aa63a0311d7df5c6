package io.circuitscript.runtime.value;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.List;

/**
 * Writes a number with its interval, {@code 0.899 [0.868, 0.931]}, with as many decimals as the interval's width
 * justifies.
 */
public final class IntervalText {
    /** A narrower interval, as a share of the number, says no more than the number alone. */
    private static final double NARROW = 1e-5;

    private IntervalText() {}

    /** @param interval both ends, or none */
    public static String of(double number, Value interval) {
        if (!(interval instanceof Value.ListOf(List<Value> ends))
                || !(ends.getFirst() instanceof Value.Number(double low, boolean _))
                || !(ends.getLast() instanceof Value.Number(double high, boolean _))) {
            return RoundedText.of(number);
        }
        double width = high - low;
        if (!Double.isFinite(number) || width <= NARROW * Math.max(Math.abs(low), Math.abs(high)))
            return RoundedText.of(number);
        int decimals = Math.max((int) Math.ceil(-Math.log10(width)) + 1, 0); // two digits of the width
        double largest = Math.max(Math.abs(number), Math.max(Math.abs(low), Math.abs(high)));
        boolean tiny = largest < Math.pow(10, RoundedText.SMALLEST_PLAIN);
        return fixed(number, decimals, tiny) + " [" + fixed(low, decimals, tiny) + ", " + fixed(high, decimals, tiny)
                + "]";
    }

    private static String fixed(double number, int decimals, boolean tiny) {
        BigDecimal rounded = new BigDecimal(number).setScale(decimals, RoundingMode.HALF_EVEN);
        if (tiny) return RoundedText.scientific(rounded);
        return rounded.signum() == 0 ? rounded.abs().toPlainString() : rounded.toPlainString();
    }
}
