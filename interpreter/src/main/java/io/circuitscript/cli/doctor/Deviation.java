package io.circuitscript.cli.doctor;

import io.circuitscript.graph.ModelGraph;
import java.util.Locale;
import java.util.function.IntFunction;

/** How far numbers are from those they are compared with: the worst of them, by how much of what it may be off it is. */
final class Deviation {
    private final Tolerance tolerance;
    private double error;
    private double allowed;
    private double worst = -1;
    private boolean remarked;
    private String remark = "nothing was compared";

    Deviation(Tolerance tolerance) {
        this.tolerance = tolerance;
    }

    /** Adds the metric of each example. */
    void metric(String what, double[] expected, double[] found) {
        double unit = tolerance.half() ? Math.max(1, largest(expected)) : 1;
        compare(what, expected, found, unit, tolerance.metric(), example -> "example " + (example + 1));
    }

    /** Adds scores by edge number. @param expected NaN where there is no value */
    void scores(String what, ModelGraph graph, double[] expected, double[] found) {
        compare(what, expected, found, largest(expected), tolerance.scores(), graph::edgeName);
    }

    private static double largest(double[] values) {
        double largest = 0;
        for (double value : values) if (Math.abs(value) > largest) largest = Math.abs(value);
        return largest;
    }

    private void compare(
            String what, double[] expected, double[] found, double unit, double most, IntFunction<String> name) {
        if (found.length != expected.length)
            throw new IllegalStateException(what + ": " + found.length + " numbers instead of " + expected.length);
        for (int i = 0; i < expected.length; i++) {
            if (Double.isNaN(expected[i])) continue;
            double off = Math.abs(found[i] - expected[i]) / unit;
            if (Double.isNaN(off)) off = Double.POSITIVE_INFINITY;
            if (off / most <= worst) continue;
            worst = off / most;
            error = off;
            allowed = most;
            remark = String.format(
                    Locale.ROOT, "%s, %s: %.9g instead of %.9g", what, name.apply(i), found[i], expected[i]);
        }
    }

    boolean isAllowed() {
        return worst >= 0 && worst <= 1;
    }

    /** Of the worst, in the unit of {@link #allowed}. */
    double error() {
        return error;
    }

    double allowed() {
        return allowed;
    }

    /** What a person should know: of wrong numbers which is the worst, what it is, and what it should be. */
    String remark() {
        if (!remarked && isAllowed()) return "";
        return remark;
    }

    /** Says something of numbers that may be right. */
    void remark(String words) {
        if (!isAllowed()) return;
        remark = words;
        remarked = true;
    }

    /** Nothing could be computed. */
    void fail(String why) {
        worst = Double.POSITIVE_INFINITY;
        error = Double.POSITIVE_INFINITY;
        remark = why;
    }
}
