package io.circuitscript.engine.masks;

/** Numbers that are learned, and how (Kingma and Ba 2015; weights decay apart from the gradients, Loshchilov and Hutter 2019). */
public final class Adam {
    private static final double FIRST = 0.9;
    private static final double EPSILON = 1e-8;

    private final double[] values;
    private final double[] mean;
    private final double[] square;
    private final double second;
    private long steps;

    /** @param second how slowly the mean of squares forgets: 0.999 unless a paper has another */
    public Adam(double[] start, double second) {
        this.values = start.clone();
        this.mean = new double[start.length];
        this.square = new double[start.length];
        this.second = second;
    }

    /** As they are now. */
    public double[] values() {
        return values;
    }

    /** One step down along a gradient. @param left what part of a value is left before it */
    public void step(double[] gradient, double rate, double left) {
        steps++;
        double meanCorrection = 1 - StrictMath.pow(FIRST, steps);
        double squareCorrection = Math.sqrt(1 - StrictMath.pow(second, steps));
        for (int i = 0; i < values.length; i++) {
            values[i] *= left;
            mean[i] += (1 - FIRST) * (gradient[i] - mean[i]);
            square[i] = second * square[i] + (1 - second) * gradient[i] * gradient[i];
            values[i] -= rate / meanCorrection * mean[i] / (Math.sqrt(square[i]) / squareCorrection + EPSILON);
        }
    }

    /** Everything that goes on changing, one after the other. */
    public double[] state() {
        int n = values.length;
        double[] state = new double[3 * n + 1];
        System.arraycopy(values, 0, state, 0, n);
        System.arraycopy(mean, 0, state, n, n);
        System.arraycopy(square, 0, state, 2 * n, n);
        state[3 * n] = steps;
        return state;
    }

    /** @throws IllegalArgumentException where it is not the state of so many numbers */
    public void goOnFrom(double[] state) {
        int n = values.length;
        if (state.length != 3 * n + 1) throw new IllegalArgumentException("a state of " + state.length);
        System.arraycopy(state, 0, values, 0, n);
        System.arraycopy(state, n, mean, 0, n);
        System.arraycopy(state, 2 * n, square, 0, n);
        steps = (long) state[3 * n];
    }
}
