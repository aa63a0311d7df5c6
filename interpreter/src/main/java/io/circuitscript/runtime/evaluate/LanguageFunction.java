package io.circuitscript.runtime.evaluate;

import io.circuitscript.runtime.value.AbstractValue;
import io.circuitscript.runtime.value.Mistake;
import io.circuitscript.runtime.value.Type;
import io.circuitscript.runtime.value.Unknown;
import io.circuitscript.runtime.value.Value;
import io.circuitscript.source.ErrorCode;
import io.circuitscript.source.Span;
import io.circuitscript.source.Spelling;
import java.util.List;

/**
 * Everything that is to be said of a function of the language, once: evaluation, the check, help and completion go by it.
 *
 * @param usage how it is called: {@code sum(LIST)}
 * @param doc what it gives, in a few words
 * @param example a line that shows it
 * @param most how many arguments it takes at most
 * @param options the names of its options: {@code by} of {@code sort(rows, by="size")}
 * @param evaluation what it does; null for one that only metrics have
 */
public record LanguageFunction(
        String word,
        String usage,
        String doc,
        String example,
        int least,
        int most,
        List<String> options,
        Evaluation evaluation) {

    /** What a function makes of its arguments: a value, or, in the check, what is known of it. */
    interface Evaluation {
        AbstractValue of(FunctionCall call);
    }

    /** What a function of numbers does with arguments that are of the right types, all of them known. */
    interface Body {
        Value apply(LanguageFunction function, List<Value> arguments, Span span);
    }

    /** What arguments a function that gives a number takes. */
    public enum Takes {
        NUMBERS("numbers", Type.NUMBER),
        /** A list of numbers as the only argument, or numbers. */
        NUMBERS_OR_A_LIST("numbers", Type.NUMBER, Type.LIST),
        WHAT_HAS_ITEMS("a list, a text or a set", Type.LIST, Type.TEXT, Type.NODES, Type.EDGES);

        private final String phrase;
        private final Type[] types;

        Takes(String phrase, Type... types) {
            this.phrase = phrase;
            this.types = types;
        }

        private Type[] types(int arguments) {
            return this == NUMBERS_OR_A_LIST && arguments > 1 ? NUMBERS.types : types;
        }
    }

    public LanguageFunction {
        options = List.copyOf(options);
    }

    /** One that gives a number, or a list of numbers, and has no options. */
    LanguageFunction(
            String word, String usage, String doc, String example, int least, int most, Takes takes, Body body) {
        this(
                word,
                usage,
                doc,
                example,
                least,
                most,
                List.of(),
                call -> call.function().ofNumbers(call, takes, body));
    }

    /** One that reads a run, in a metric alone. */
    static LanguageFunction ofMetrics(String word, String argument, String doc, String example) {
        return new LanguageFunction(word, word + "(" + argument + ")", doc, example, 1, 1, List.of(), null);
    }

    AbstractValue call(FunctionCall call) {
        int given = call.arguments().size();
        if (given < least || given > most) {
            String message = "`" + word + "` takes " + wanted();
            throw Mistake.form(ErrorCode.WRONG_ARGUMENTS, message, call.span(), "it is written " + usage);
        }
        return evaluation.of(call);
    }

    private String wanted() {
        if (most == Integer.MAX_VALUE) return "a list, or several numbers";
        if (least == most) return least == 1 ? "one value" : least == 2 ? "two values" : least + " values";
        return least == 1 && most == 2 ? "one value or two" : least + " to " + most + " values";
    }

    /** @throws Mistake where it has no such option */
    void checkOption(String name, Span span) {
        if (options.contains(name)) return;
        if (options.isEmpty())
            throw Mistake.form(ErrorCode.UNKNOWN_OPTION, "`" + word + "` takes no options", span, "");
        List<String> near = Spelling.nearest(name, options, 1);
        String all = "its options are " + String.join("=, ", options) + "=";
        throw Mistake.form(
                ErrorCode.UNKNOWN_OPTION,
                "`" + word + "` has no option `" + name + "`",
                span,
                near.isEmpty() ? all : "did you mean " + near.getFirst() + "=? " + all);
    }

    private AbstractValue ofNumbers(FunctionCall call, Takes takes, Body body) {
        for (FunctionCall.Argument argument : call.arguments()) {
            if (!argument.value().type().mayBe(takes.types(call.arguments().size())))
                throw wrong(argument.value(), argument.span(), takes.phrase);
        }
        if (!call.isKnown()) return Unknown.of(Type.NUMBER);
        List<Value> known =
                call.arguments().stream().map(it -> (Value) it.value()).toList();
        return body.apply(this, known, call.span());
    }

    Mistake wrong(AbstractValue argument, Span span, String takes) {
        String help = argument.type() == Type.RESULT ? "name one of its fields, as r.metric" : "";
        return Mistake.value(
                ErrorCode.WRONG_TYPE,
                "`" + word + "` takes " + takes + ", and this is " + argument.phrase(),
                span,
                help);
    }

    double number(Value value, Span span) {
        if (value instanceof Value.Number n) return n.value();
        throw wrong(value, span, Takes.NUMBERS.phrase);
    }
}
