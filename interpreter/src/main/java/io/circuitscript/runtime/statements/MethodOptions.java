package io.circuitscript.runtime.statements;

import io.circuitscript.analysis.methods.AttributionMethod;
import io.circuitscript.analysis.methods.AttributionMethods;
import io.circuitscript.analysis.methods.MethodOption;
import io.circuitscript.analysis.methods.MethodSettings;
import io.circuitscript.runtime.evaluate.Arguments;
import io.circuitscript.runtime.evaluate.Declaration;
import io.circuitscript.runtime.state.State;
import io.circuitscript.runtime.value.AbstractValue;
import io.circuitscript.runtime.value.Mistake;
import io.circuitscript.runtime.value.Value;
import io.circuitscript.source.ErrorCode;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** The options that methods add to {@code attribute}, as a script gives them. */
final class MethodOptions {
    private MethodOptions() {}

    /** Those of all methods, as a statement declares them. */
    static Declaration.Argument[] declared() {
        return AttributionMethods.options().stream()
                .map(MethodOptions::declared)
                .toArray(Declaration.Argument[]::new);
    }

    private static Declaration.Argument declared(MethodOption option) {
        String doc = option.doc() + ", with method=" + String.join(" or ", AttributionMethods.having(option.name()));
        return switch (option) {
            case MethodOption.OfNumber it -> Declaration.Argument.number(it.name(), it.byDefault(), doc);
            case MethodOption.OfCount it ->
                Declaration.Argument.count(it.name(), it.byDefault(), doc).upTo(it.most());
            case MethodOption.OfWord it -> Declaration.Argument.choice(it.name(), it.words(), doc);
            case MethodOption.OfTruth it -> Declaration.Argument.truth(it.name(), it.byDefault(), doc);
        };
    }

    /** That the options which are written are the method's, and in their range, as far as the check knows. */
    static void check(AttributionMethod method, Arguments arguments) {
        for (MethodOption option : AttributionMethods.options()) {
            if (!arguments.given(option.name())) continue;
            Optional<MethodOption> own = method.options().stream()
                    .filter(it -> it.name().equals(option.name()))
                    .findFirst();
            if (own.isEmpty()) throw notHad(method, option.name(), arguments);
            checkRange(own.get(), arguments.abstractValue(option.name()), arguments);
        }
    }

    private static Mistake notHad(AttributionMethod method, String option, Arguments arguments) {
        String own = method.options().stream().map(it -> it.name() + "=").collect(Collectors.joining(", "));
        String having = "with method=" + String.join(" or ", AttributionMethods.having(option));
        return Mistake.form(
                ErrorCode.WRONG_VALUE,
                "the method " + method.word() + " has no option " + option,
                arguments.spanOf(option),
                option + "= goes " + having + (own.isEmpty() ? "" : "; " + method.word() + " has " + own));
    }

    private static void checkRange(MethodOption option, Optional<AbstractValue> value, Arguments arguments) {
        if (!(option instanceof MethodOption.OfNumber wanted)
                || !(value.orElse(null) instanceof Value.Number given)
                || wanted.inRange().test(given.value())) return;
        throw Mistake.form(
                ErrorCode.WRONG_VALUE,
                option.name() + "= takes a number " + wanted.range(),
                arguments.spanOf(option.name()),
                "the default is " + wanted.byDefault());
    }

    /** Those of a method for a run: what is written, else the method's defaults. Options of other methods are passed over. */
    static MethodSettings of(AttributionMethod method, Arguments arguments, State state) {
        Map<String, Object> given = new HashMap<>();
        for (MethodOption option : method.options()) {
            String name = option.name();
            if (!arguments.given(name)) continue;
            checkRange(option, arguments.abstractValue(name), arguments);
            given.put(
                    name,
                    switch (option) {
                        case MethodOption.OfNumber it -> arguments.number(name);
                        case MethodOption.OfCount it -> arguments.count(name);
                        case MethodOption.OfWord it -> arguments.text(name);
                        case MethodOption.OfTruth it -> arguments.truth(name);
                    });
        }
        return new MethodSettings(
                method.options(), given, () -> state.firstDraw().nextLong());
    }
}
