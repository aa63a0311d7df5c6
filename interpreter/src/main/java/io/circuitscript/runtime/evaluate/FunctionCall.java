package io.circuitscript.runtime.evaluate;

import io.circuitscript.runtime.value.AbstractValue;
import io.circuitscript.runtime.value.Mistake;
import io.circuitscript.runtime.value.Type;
import io.circuitscript.runtime.value.Value;
import io.circuitscript.source.ErrorCode;
import io.circuitscript.source.Span;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * A call of a function of the language, its arguments evaluated. In the check some are not known yet.
 *
 * @param options by name, those that are written
 * @param chance what draws at random; empty in the check
 */
record FunctionCall(
        LanguageFunction function,
        List<Argument> arguments,
        Map<String, Argument> options,
        Span span,
        Optional<RandomGenerator> chance) {

    /** A value and where it is written. */
    record Argument(AbstractValue value, Span span) {}

    FunctionCall {
        arguments = List.copyOf(arguments);
        options = new LinkedHashMap<>(options);
    }

    /** Whether all that was given is known. */
    boolean isKnown() {
        return arguments.stream().allMatch(it -> it.value() instanceof Value)
                && options.values().stream().allMatch(it -> it.value() instanceof Value);
    }

    boolean has(int argument) {
        return argument < arguments.size();
    }

    Argument at(int argument) {
        return arguments.get(argument);
    }

    /** @throws Mistake where it surely is of another type */
    AbstractValue of(int argument, Type type) {
        return checked(at(argument), type);
    }

    /** An option. @throws Mistake where it surely is of another type */
    Optional<AbstractValue> option(String name, Type type) {
        return Optional.ofNullable(options.get(name)).map(it -> {
            if (it.value().type().mayBe(type)) return it.value();
            String message = "`" + name + "` of `" + function.word() + "` takes " + type.phrase() + ", and this is "
                    + it.value().phrase();
            throw Mistake.value(ErrorCode.WRONG_TYPE, message, it.span(), "as in " + function.example());
        });
    }

    private AbstractValue checked(Argument argument, Type type) {
        if (argument.value().type().mayBe(type)) return argument.value();
        throw wrong(type.phrase(), argument);
    }

    Mistake wrong(String takes, Argument argument) {
        return wrong(takes, argument.value(), argument.span());
    }

    Mistake wrong(String takes, AbstractValue value, Span at) {
        String help =
                value.type() == Type.RESULT ? "name one of its fields, as r.metric" : "as in " + function.example();
        return Mistake.value(
                ErrorCode.WRONG_TYPE,
                "`" + function.word() + "` takes " + takes + ", and this is " + value.phrase(),
                at,
                help);
    }

    /** The items of a list that is known. */
    List<Value> items(int argument) {
        return ((Value.ListOf) of(argument, Type.LIST)).items();
    }

    String text(int argument) {
        return ((Value.Text) of(argument, Type.TEXT)).value();
    }

    double number(int argument) {
        return ((Value.Number) of(argument, Type.NUMBER)).value();
    }

    /** A whole number from 0 to a largest. */
    int count(int argument, int most) {
        double number = number(argument);
        if (number == Math.rint(number) && number >= 0 && number <= most) return (int) number;
        String message = "`" + function.word() + "` takes a whole number from 0 to " + most + ", not "
                + ((Value) at(argument).value()).display();
        throw Mistake.value(ErrorCode.WRONG_ARGUMENTS, message, at(argument).span(), "");
    }

    boolean truth(String option, boolean byDefault) {
        return option(option, Type.TRUTH).map(it -> ((Value.Bool) it).value()).orElse(byDefault);
    }

    Optional<String> text(String option) {
        return option(option, Type.TEXT).map(it -> ((Value.Text) it).value());
    }
}
