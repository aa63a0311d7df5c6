package io.circuitscript.runtime.functions;

import io.circuitscript.runtime.value.AbstractValue;
import io.circuitscript.runtime.value.Mistake;
import io.circuitscript.runtime.value.Type;
import io.circuitscript.runtime.value.Unknown;
import io.circuitscript.runtime.value.Value;
import io.circuitscript.source.ErrorCode;
import io.circuitscript.source.Span;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/**
 * A call of a function of the language, its arguments evaluated. In the check some are not known yet.
 *
 * @param options by name, those that are written
 * @param chance gives what draws at random, a new one each time; nothing in the check
 * @param clock gives the seconds since the run began; nothing in the check
 * @param spans gives the names of the data's spans; nothing in the check
 */
public record FunctionCall(
        LanguageFunction function,
        List<Argument> arguments,
        Map<String, Argument> options,
        Span span,
        Supplier<Optional<RandomGenerator>> chance,
        Supplier<OptionalDouble> clock,
        Supplier<Optional<List<String>>> spans) {

    /** A value and where it is written. */
    public record Argument(AbstractValue value, Span span) {}

    public FunctionCall {
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
            String written = it.value() instanceof Value.Text(String text) ? text : "";
            String help = ForeignWords.help(written).orElse("it is written " + function.usage());
            throw Mistake.value(ErrorCode.WRONG_TYPE, message, it.span(), help);
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
        String help = value.type() == Type.RESULT
                ? "name one of its fields, as r.metric"
                : "it is written " + function.usage();
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

    boolean truth(String option, boolean byDefault) {
        return option(option, Type.TRUTH)
                .map(it -> it instanceof Value.Bool(boolean truth) ? truth : byDefault)
                .orElse(byDefault);
    }

    /** Where an option is written, or else the call. */
    Span placeOf(String option) {
        return options.containsKey(option) ? options.get(option).span() : span;
    }

    /** The fields that an option names, one or a list of them; empty where that is not known. @throws Mistake where it is something else */
    Optional<List<String>> fields(String option) {
        Argument given = options.get(option);
        List<AbstractValue> names = switch (given.value()) {
            case Value.ListOf(List<Value> items) -> List.copyOf(items);
            case AbstractValue one -> List.of(one);
        };
        for (AbstractValue name : names) {
            if (name.type().mayBe(Type.TEXT) || name instanceof Unknown it && it.type() == Type.LIST) continue;
            String message = "`" + option + "` of `" + function.word()
                    + "` takes the name of a field, or a list of names, and this is " + name.phrase();
            throw Mistake.value(ErrorCode.WRONG_TYPE, message, given.span(), quoted(given, name));
        }
        if (names.isEmpty()) {
            String message = "`" + option + "` of `" + function.word() + "` needs the name of a field";
            throw Mistake.value(ErrorCode.WRONG_VALUE, message, given.span(), "it is written " + function.usage());
        }
        if (!(given.value() instanceof Value)) return Optional.empty();
        return Optional.of(
                names.stream().map(name -> ((Value.Text) name).value()).toList());
    }

    /** A word that is also a variable is read as that. */
    private String quoted(Argument given, AbstractValue value) {
        String written = given.span().text();
        boolean variable = written.matches("[\\p{L}_][\\p{L}\\p{N}_-]*") && value.type() != Type.TRUTH;
        return variable
                ? "`" + written + "` is a variable here; for the field write \"" + written + "\""
                : "it is written " + function.usage();
    }
}
