package io.circuitscript.task;

import io.circuitscript.engine.torch.Scope;
import io.circuitscript.engine.torch.Tensor;
import io.circuitscript.engine.torch.Torch;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.function.DoubleUnaryOperator;

/**
 * A function of each number by itself, declared once for plain numbers and for what a run gives. A new one is a new constant here; evaluation, the
 * check, metrics, help and completion go by it.
 */
public enum NumberFunction {
    ABS("the number without its sign", Math::abs, (torch, scope, x) -> torch.abs(scope, x)),
    EXP("e to the power of the number", Math::exp, (torch, scope, x) -> torch.exp(scope, x)),
    LOG("the natural logarithm", Math::log, (torch, scope, x) -> torch.log(scope, x)),
    SQRT("the square root", Math::sqrt, (torch, scope, x) -> torch.sqrt(scope, x));

    private interface OfTensor {
        Tensor apply(Torch torch, Scope scope, Tensor x);
    }

    private final String doc;
    private final DoubleUnaryOperator ofNumber;
    private final OfTensor ofTensor;

    /** @param ofTensor the same for each number of a tensor, with its gradient */
    NumberFunction(String doc, DoubleUnaryOperator ofNumber, OfTensor ofTensor) {
        this.doc = doc;
        this.ofNumber = ofNumber;
        this.ofTensor = ofTensor;
    }

    /** The function of a name. */
    public static Optional<NumberFunction> named(String word) {
        return Arrays.stream(values()).filter(it -> it.word().equals(word)).findFirst();
    }

    /** As a script has it. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    public String doc() {
        return doc;
    }

    public double of(double number) {
        return ofNumber.applyAsDouble(number);
    }

    Tensor of(Torch torch, Scope scope, Tensor x) {
        return ofTensor.apply(torch, scope, x);
    }
}
