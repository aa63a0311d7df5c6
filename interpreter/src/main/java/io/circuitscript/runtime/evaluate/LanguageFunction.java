package io.circuitscript.runtime.evaluate;

import io.circuitscript.runtime.value.AbstractValue;
import io.circuitscript.runtime.value.Mistake;
import io.circuitscript.runtime.value.Type;
import io.circuitscript.runtime.value.Unknown;
import io.circuitscript.runtime.value.Value;
import io.circuitscript.source.ErrorCode;
import io.circuitscript.source.Span;
import io.circuitscript.syntax.Expression;
import java.util.ArrayList;
import java.util.List;

/**
 * Everything that is to be said of a function of the language, once: evaluation, the check, help and completion go by it.
 *
 * @param usage how it is called: {@code sum(LIST)}
 * @param doc what it gives, in a few words
 * @param example a line that shows it
 * @param most how many arguments it takes at most
 * @param body what it does; null for one that only metrics have
 */
public record LanguageFunction(
        String word, String usage, String doc, String example, int least, int most, Takes takes, Body body) {
    /** What a function does with arguments that are of the right types, all of them known. */
    interface Body {
        Value apply(LanguageFunction function, List<Value> arguments, Span span);
    }

    /** What arguments a function takes. */
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

    /** One that reads a run, in a metric alone. */
    static LanguageFunction ofMetrics(String word, String argument, String doc, String example) {
        return new LanguageFunction(word, word + "(" + argument + ")", doc, example, 1, 1, Takes.NUMBERS, null);
    }

    AbstractValue call(List<AbstractValue> arguments, Expression.Call call) {
        if (arguments.size() < least || arguments.size() > most) {
            String several = most == 2 ? "one value or two" : "a list, or several numbers";
            String wanted = least == most ? "one value" : several;
            throw Mistake.form(ErrorCode.WRONG_ARGUMENTS, "`" + word + "` takes " + wanted, call.span(), "");
        }
        List<Value> known = new ArrayList<>();
        for (int i = 0; i < arguments.size(); i++) {
            AbstractValue argument = arguments.get(i);
            if (!argument.type().mayBe(takes.types(arguments.size())))
                throw wrong(argument, call.arguments().get(i).span());
            if (argument instanceof Value value) known.add(value);
        }
        if (known.size() < arguments.size()) return Unknown.of(Type.NUMBER);
        return body.apply(this, known, call.span());
    }

    Mistake wrong(AbstractValue argument, Span span) {
        String help = argument.type() == Type.RESULT ? "name one of its fields, as r.metric" : "";
        return Mistake.value(
                ErrorCode.WRONG_TYPE,
                "`" + word + "` takes " + takes.phrase + ", and this is " + argument.phrase(),
                span,
                help);
    }

    double number(Value value, Span span) {
        if (value instanceof Value.Number n) return n.value();
        throw wrong(value, span);
    }
}
