package io.circuitscript.analysis.statistics;

import java.util.Arrays;
import java.util.function.IntUnaryOperator;

/**
 * Whether two numbers of each example depend on one another: the Hilbert–Schmidt independence criterion (HSIC, Gretton et al. 2007) and its permutation
 * test. HSIC = tr(K H L H) / (n − 1)², with Gaussian kernels K of the first numbers and L of the second, exp(−(a − b)² / 2σ²), and H = I − 1/n. As in the
 * program of Shi et al. 2024, σ is the median of all n² distances |xᵢ − yⱼ|, the lower one of the two in the middle, for both kernels.
 *
 * @param hsic the statistic
 * @param asLarge how many permutations give a statistic at least as large, apart from rounding
 * @param permutations of how many
 */
public record IndependenceTest(double hsic, int asLarge, int permutations) {
    /** Statistics that differ by a smaller share are equal apart from rounding. */
    private static final double ROUNDING = 1e-10;

    /** (1 + as large) / (1 + permutations): what was observed is one of the permutations. */
    public double pValue() {
        return (1.0 + asLarge) / (1.0 + permutations);
    }

    /** The smallest p-value there can be. Few examples have few orders. */
    public static double smallestPValue(int examples, int permutations) {
        double orders = 1;
        for (int i = 2; i <= examples && orders <= permutations; i++) orders *= i;
        return Math.max(1.0 / (1 + permutations), 1 / orders);
    }

    /**
     * @param below draws a whole number from 0 to below its argument
     * @param pause is called before each permutation: to report progress, or to stop by an exception
     */
    public static IndependenceTest of(
            double[] x, double[] y, int permutations, IntUnaryOperator below, Runnable pause) {
        int n = x.length;
        double sigma = width(x, y);
        double[][] first = centred(kernel(x, sigma));
        double[][] second = kernel(y, sigma);
        int[] order = new int[n];
        for (int i = 0; i < n; i++) order[i] = i;
        double observed = hsic(first, second, order);
        int asLarge = 0;
        for (int permutation = 0; permutation < permutations; permutation++) {
            pause.run();
            shuffle(order, below);
            if (hsic(first, second, order) >= observed - ROUNDING * Math.abs(observed)) asLarge++;
        }
        return new IndependenceTest(observed, asLarge, permutations);
    }

    private static double width(double[] x, double[] y) {
        double[] distances = new double[Math.multiplyExact(x.length, y.length)];
        int at = 0;
        for (double a : x) {
            for (double b : y) distances[at++] = Math.abs(a - b);
        }
        Arrays.sort(distances);
        return distances[(distances.length - 1) / 2];
    }

    /** @return {@code [n, n]}; with no width, 1 where two numbers are equal and 0 elsewhere */
    private static double[][] kernel(double[] values, double sigma) {
        int n = values.length;
        double[][] kernel = new double[n][n];
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < n; j++) {
                double distance = values[i] - values[j];
                if (distance == 0) kernel[i][j] = 1;
                else if (sigma > 0) kernel[i][j] = StrictMath.exp(-distance * distance / (2 * sigma * sigma));
            }
        }
        return kernel;
    }

    /** H K H: without the means of rows and columns. */
    private static double[][] centred(double[][] kernel) {
        int n = kernel.length;
        double[] means = new double[n];
        double all = 0;
        for (int i = 0; i < n; i++) {
            for (double value : kernel[i]) means[i] += value;
            all += means[i];
            means[i] /= n;
        }
        all /= (double) n * n;
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < n; j++) kernel[i][j] += all - means[i] - means[j];
        }
        return kernel;
    }

    /** tr(K H L H) / (n − 1)² with one of the kernels centred, which is enough; both are symmetric. @param order of the second's examples */
    private static double hsic(double[][] centred, double[][] second, int[] order) {
        double sum = 0;
        double diagonal = 0;
        for (int i = 0; i < order.length; i++) {
            double[] row = centred[i];
            double[] other = second[order[i]];
            for (int j = 0; j < i; j++) sum += row[j] * other[order[j]];
            diagonal += row[i] * other[order[i]];
        }
        return (2 * sum + diagonal) / ((order.length - 1.0) * (order.length - 1.0));
    }

    private static void shuffle(int[] order, IntUnaryOperator below) {
        for (int last = order.length - 1; last > 0; last--) {
            int other = below.applyAsInt(last + 1);
            int moved = order[last];
            order[last] = order[other];
            order[other] = moved;
        }
    }
}
