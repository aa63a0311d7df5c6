package io.circuitscript.task;

import io.circuitscript.engine.torch.Scope;
import io.circuitscript.engine.torch.Tensor;
import io.circuitscript.engine.torch.Torch;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import java.util.stream.DoubleStream;

/**
 * What makes one number of several, declared once for lists of numbers and for vectors that a run gives. A new one is a new constant here;
 * evaluation, the check, metrics, help and completion go by it.
 */
public enum VectorFunction {
    SUM("the sum", Weight.ONE, 0, true, DoubleStream::sum, (torch, scope, x) -> torch.sumLast(scope, x)),
    MEAN(
            "the mean",
            Weight.SHARE,
            0,
            false,
            numbers -> {
                double[] all = numbers.toArray();
                return DoubleStream.of(all).sum() / all.length;
            },
            (torch, scope, x) -> torch.meanLast(scope, x)),
    MIN(
            "the smallest",
            Weight.NONE,
            Double.POSITIVE_INFINITY,
            false,
            numbers -> numbers.min().orElseThrow(),
            (torch, scope, x) -> torch.minLast(scope, x)),
    MAX(
            "the largest",
            Weight.NONE,
            Double.NEGATIVE_INFINITY,
            false,
            numbers -> numbers.max().orElseThrow(),
            (torch, scope, x) -> torch.maxLast(scope, x));

    /** What each number counts where the function is a weighted sum. */
    enum Weight {
        /** It is no such sum. */
        NONE,
        ONE,
        /** One part in as many as there are. */
        SHARE
    }

    private interface OfTensor {
        Tensor apply(Torch torch, Scope scope, Tensor x);
    }

    private final String doc;
    private final Weight weight;
    private final double neutral;
    private final boolean ofNothing;
    private final ToDoubleFunction<DoubleStream> ofNumbers;
    private final OfTensor ofTensor;

    /**
     * @param neutral what changes nothing among the numbers: it fills up the rows of a table that are shorter than others
     * @param ofNothing whether no numbers at all have a value
     * @param ofTensor from {@code [row, width]} to {@code [row]}
     */
    VectorFunction(
            String doc,
            Weight weight,
            double neutral,
            boolean ofNothing,
            ToDoubleFunction<DoubleStream> ofNumbers,
            OfTensor ofTensor) {
        this.doc = doc;
        this.weight = weight;
        this.neutral = neutral;
        this.ofNothing = ofNothing;
        this.ofNumbers = ofNumbers;
        this.ofTensor = ofTensor;
    }

    /** The function of a name. */
    public static Optional<VectorFunction> named(String word) {
        return Arrays.stream(values()).filter(it -> it.word().equals(word)).findFirst();
    }

    /** As a script has it. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    public String doc() {
        return doc;
    }

    public boolean ofNothing() {
        return ofNothing;
    }

    /** In the order given: the order decides how a sum is rounded. */
    public double of(DoubleStream numbers) {
        return ofNumbers.applyAsDouble(numbers);
    }

    Weight weight() {
        return weight;
    }

    double neutral() {
        return neutral;
    }

    /** {@code [row]} */
    Tensor of(Torch torch, Scope scope, Tensor x) {
        return ofTensor.apply(torch, scope, x);
    }
}
