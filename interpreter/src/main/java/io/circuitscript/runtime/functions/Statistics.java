package io.circuitscript.runtime.functions;

import io.circuitscript.runtime.functions.LanguageFunction.Takes;
import io.circuitscript.runtime.value.AbstractValue;
import io.circuitscript.runtime.value.Mistake;
import io.circuitscript.runtime.value.NumberText;
import io.circuitscript.runtime.value.Operators;
import io.circuitscript.runtime.value.Type;
import io.circuitscript.runtime.value.Value;
import io.circuitscript.source.ErrorCode;
import io.circuitscript.source.Span;
import java.util.Arrays;
import java.util.List;

/** Functions of numbers that no metric has: {@code median}, {@code std}, {@code quantile}, {@code mod}. */
final class Statistics {
    static final List<LanguageFunction> ALL = List.of(
            new LanguageFunction(
                    "median",
                    "median(LIST)",
                    "the middle number of a list, or of several numbers; the mean of the two in the middle where their count is even",
                    "print median([5, 1, 3]), median(4, 1, 2, 3)",
                    1,
                    Integer.MAX_VALUE,
                    Takes.NUMBERS_OR_A_LIST,
                    Statistics::median),
            new LanguageFunction(
                    "std",
                    "std(LIST)",
                    "the standard deviation of a list, or of several numbers, with n - 1 in the denominator",
                    "print std([1, 2, 3, 4])",
                    1,
                    Integer.MAX_VALUE,
                    Takes.NUMBERS_OR_A_LIST,
                    Statistics::std),
            new LanguageFunction(
                    "quantile",
                    "quantile(LIST, 0.95)",
                    "the number that a share of the list lies below, interpolated linearly between two items; a list of shares gives a list",
                    "print quantile(1..100, 0.95), quantile(1..5, [0, 25%, 1])",
                    2,
                    2,
                    Statistics::quantile),
            new LanguageFunction(
                    "mod",
                    "mod(X, 5)",
                    "the remainder of a division, with the sign of the divisor; of each item where X is a list",
                    "print mod(7, 5), mod(-1, 5), mod([5, 6], 5)",
                    2,
                    2,
                    Takes.EACH,
                    Statistics::mod));

    private static final double HALF = 0.5;

    private Statistics() {}

    private static Value median(LanguageFunction function, List<Value> arguments, Span span) {
        double[] sorted = function.numbers(arguments, span);
        if (sorted.length == 0) throw function.ofNothing(span);
        Arrays.sort(sorted);
        double low = sorted[(sorted.length - 1) / 2];
        double high = sorted[sorted.length / 2];
        return Operators.finite(low + (high - low) / 2, function.word(), span);
    }

    private static Value std(LanguageFunction function, List<Value> arguments, Span span) {
        double[] numbers = function.numbers(arguments, span);
        if (numbers.length < 2) {
            String has = numbers.length == 0 ? "this list is empty" : "there is only one";
            throw Mistake.value(ErrorCode.EMPTY_LIST, "`std` needs at least two numbers, and " + has, span, "");
        }
        double mean = Arrays.stream(numbers).sum() / numbers.length;
        double squares =
                Arrays.stream(numbers).map(it -> (it - mean) * (it - mean)).sum();
        return Operators.finite(Math.sqrt(squares / (numbers.length - 1)), function.word(), span);
    }

    private static AbstractValue quantile(FunctionCall call) {
        LanguageFunction function = call.function();
        AbstractValue list = call.of(0, Type.LIST);
        AbstractValue share = call.at(1).value();
        if (!share.type().mayBe(Type.NUMBER, Type.LIST)) throw call.wrong("a share, or a list of shares", call.at(1));
        if (!call.isKnown()) return LanguageFunction.eachLike(share, Type.NUMBER);
        double[] sorted = function.numbers(List.of((Value) list), call.at(0).span());
        if (sorted.length == 0) throw function.ofNothing(call.at(0).span());
        Arrays.sort(sorted);
        Span place = call.at(1).span();
        return function.each((Value) share, it -> quantile(sorted, checked(it, place)), place);
    }

    private static double checked(double share, Span span) {
        if (share >= 0 && share <= 1) return share;
        boolean percent = share > 1 && share <= 100;
        throw Mistake.value(
                ErrorCode.WRONG_VALUE,
                "`quantile` takes a share from 0 to 1, not " + NumberText.of(share),
                span,
                percent ? "write " + NumberText.of(share) + "%" : "");
    }

    /** As numpy's default, whose rounding it has too: from the nearer of the two items. */
    private static double quantile(double[] sorted, double share) {
        double at = share * (sorted.length - 1);
        int below = (int) Math.floor(at);
        double low = sorted[below];
        double high = sorted[Math.min(below + 1, sorted.length - 1)];
        double rest = at - below;
        return rest < HALF ? low + (high - low) * rest : high - (high - low) * (1 - rest);
    }

    private static Value mod(LanguageFunction function, List<Value> arguments, Span span) {
        double divisor = function.number(arguments.getLast(), span);
        if (divisor == 0) throw Mistake.value(ErrorCode.DIVISION_BY_ZERO, "this divides by zero", span, "");
        return function.each(arguments.getFirst(), it -> mod(it, divisor), span);
    }

    private static double mod(double number, double divisor) {
        double rest = number % divisor;
        if (rest == 0) return 0;
        return rest < 0 == divisor < 0 ? rest : rest + divisor;
    }
}
