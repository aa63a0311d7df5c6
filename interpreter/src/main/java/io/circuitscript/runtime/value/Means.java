package io.circuitscript.runtime.value;

import io.circuitscript.source.ErrorCode;
import io.circuitscript.source.UserError;

/** The mean of a metric over examples. */
public final class Means {
    private Means() {}

    /** Summed in the order of the examples, so that it is the same whatever the batches were. */
    public static double of(double[] values) {
        double sum = 0;
        for (int i = 0; i < values.length; i++) {
            if (!Double.isFinite(values[i])) {
                throw UserError.failure(
                        ErrorCode.NOT_FINITE,
                        "the metric of example " + (i + 1) + " is " + NumberText.of(values[i]),
                        "check the formula of the metric");
            }
            sum += values[i];
        }
        return sum / values.length;
    }
}
