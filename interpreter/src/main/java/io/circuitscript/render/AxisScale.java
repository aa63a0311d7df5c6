package io.circuitscript.render;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;

/**
 * Maps numbers to positions along an axis.
 *
 * @param low, high the numbers at its ends
 * @param from, to the places of these
 */
record AxisScale(double low, double high, boolean logarithmic, double from, double to) {
    private static final int MOST_TICKS = 8;

    /** From {@code least} to {@code most} and a little beyond, so that nothing lies on the frame. */
    static AxisScale linear(double least, double most, double from, double to) {
        double margin = most > least ? 0.04 * (most - least) : Math.max(1e-9, 0.1 * Math.abs(most));
        return new AxisScale(least - margin, most + margin, false, from, to);
    }

    /** @param least above 0 */
    static AxisScale logarithmic(double least, double most, double from, double to) {
        double margin = Math.pow(Math.max(most / least, 1.5), 0.03);
        return new AxisScale(least / margin, most * margin, true, from, to);
    }

    double place(double number) {
        double share = logarithmic ? Math.log(number / low) / Math.log(high / low) : (number - low) / (high - low);
        return from + share * (to - from);
    }

    /** Round numbers between its ends. */
    List<Double> ticks() {
        List<Double> all = logarithmic ? logarithmicTicks() : List.of();
        return all.size() >= 3 ? all : linearTicks();
    }

    private List<Double> linearTicks() {
        double raw = (high - low) / MOST_TICKS;
        double power = Math.pow(10, Math.floor(Math.log10(raw)));
        double step = 10 * power;
        for (double candidate : new double[] {power, 2 * power, 5 * power}) {
            if (candidate >= raw) {
                step = candidate;
                break;
            }
        }
        List<Double> ticks = new ArrayList<>();
        for (long i = (long) Math.ceil(low / step); i * step <= high; i++) ticks.add(tidy(i * step));
        return ticks;
    }

    /** 1, 2 and 5 of each decade, or where there are many decades some of their beginnings. */
    private List<Double> logarithmicTicks() {
        int first = (int) Math.floor(Math.log10(low));
        int last = (int) Math.ceil(Math.log10(high));
        int every = Math.max(1, (last - first) / MOST_TICKS);
        int[] steps = Math.log10(high / low) <= 4 ? new int[] {1, 2, 5} : new int[] {1};
        List<Double> ticks = new ArrayList<>();
        for (int decade = first; decade <= last; decade += every) {
            for (int step : steps) {
                double tick = tidy(step * Math.pow(10, decade));
                if (tick >= low && tick <= high) ticks.add(tick);
            }
        }
        return ticks;
    }

    private static double tidy(double number) {
        return new BigDecimal(number)
                .round(new MathContext(10, RoundingMode.HALF_EVEN))
                .doubleValue();
    }

    /** A tick's number as text: where even the largest is small, or the smallest step large, every one as {@code 2e−5}. */
    String label(double tick) {
        double most = Math.max(Math.abs(low), Math.abs(high));
        return !logarithmic && (most < 1e-3 || most >= 1e6) ? scientific(tick) : text(tick);
    }

    /** A number as text, as {@code 0.05} or {@code 2e−5}, with U+2212 for a minus. */
    static String text(double number) {
        double size = Math.abs(number);
        if (size != 0 && (size < 1e-4 || size >= 1e7)) return scientific(number);
        return minus(rounded(number).toPlainString());
    }

    private static String scientific(double number) {
        if (number == 0) return "0";
        BigDecimal rounded = rounded(number);
        int exponent = rounded.precision() - rounded.scale() - 1;
        return minus(rounded.scaleByPowerOfTen(-exponent).toPlainString() + "e" + exponent);
    }

    private static BigDecimal rounded(double number) {
        return new BigDecimal(number)
                .round(new MathContext(6, RoundingMode.HALF_EVEN))
                .stripTrailingZeros();
    }

    private static String minus(String number) {
        return number.replace('-', '\u2212');
    }
}
