package io.circuitscript.analysis;

import java.util.function.DoubleUnaryOperator;

/**
 * Faithfulness by the fraction of the edges that was asked for, and the two areas that the MIB benchmark (Mueller et al. 2025) makes of it: by
 * trapezoids, between the smallest fraction and the largest, nothing before or after.
 *
 * @param fractions in ascending order
 * @param faithfulness of each
 */
public record Curve(double[] fractions, double[] faithfulness) {
    public Curve {
        if (fractions.length != faithfulness.length)
            throw new IllegalArgumentException(fractions.length + " and " + faithfulness.length);
    }

    /** CPR where the circuits were chosen by signed scores: how much of the model's doing small circuits have. */
    public double area() {
        return area(value -> value);
    }

    /** CMD where they were chosen by absolute scores: how far from the model they are, be it below or above. */
    public double distance() {
        return area(value -> Math.abs(1 - value));
    }

    private double area(DoubleUnaryOperator height) {
        double area = 0;
        for (int i = 1; i < fractions.length; i++) {
            double heights = height.applyAsDouble(faithfulness[i - 1]) + height.applyAsDouble(faithfulness[i]);
            area += (fractions[i] - fractions[i - 1]) * heights / 2;
        }
        return area;
    }
}
