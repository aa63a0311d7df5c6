package io.circuitscript.analysis;

import java.util.Arrays;

/** A number for each of some examples. */
record Values(int[] examples, double[] numbers) {
    static final Values NONE = new Values(new int[0], new double[0]);

    Values and(Values more) {
        int[] allExamples = Arrays.copyOf(examples, examples.length + more.examples.length);
        System.arraycopy(more.examples, 0, allExamples, examples.length, more.examples.length);
        double[] all = Arrays.copyOf(numbers, numbers.length + more.numbers.length);
        System.arraycopy(more.numbers, 0, all, numbers.length, more.numbers.length);
        return new Values(allExamples, all);
    }

    /** The numbers by example. */
    double[] inOrder() {
        double[] ordered = new double[examples.length];
        for (int i = 0; i < examples.length; i++) ordered[examples[i]] = numbers[i];
        return ordered;
    }
}
