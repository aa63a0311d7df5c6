package io.circuitscript.runtime.statements;

import static io.circuitscript.runtime.evaluate.Declaration.Argument.choice;
import static io.circuitscript.runtime.evaluate.Declaration.Argument.optional;

import io.circuitscript.engine.Ablation;
import io.circuitscript.runtime.evaluate.Arguments;
import io.circuitscript.runtime.evaluate.Declaration;
import io.circuitscript.runtime.evaluate.Kind;
import io.circuitscript.runtime.state.State;
import io.circuitscript.runtime.value.Mistake;
import io.circuitscript.source.ErrorCode;
import java.util.List;
import java.util.Optional;

/** The options {@code with=} and {@code over=}: what an ablated edge carries, and which rows means are taken over. */
final class Ablations {
    private Ablations() {}

    static Declaration.Argument with() {
        return choice("with", List.of("patching", "zero", "mean", "mean-positional"), "what an ablated edge carries");
    }

    static Declaration.Argument over() {
        return optional(
                "over", Kind.INPUT_FILE, "a file whose clean texts are averaged; by default, the training rows");
    }

    /** That {@code over=} stands beside a mean. */
    static void check(Arguments arguments) {
        Optional<String> with = arguments.knownText("with").filter(it -> !it.startsWith("mean"));
        if (!arguments.given("over") || with.isEmpty()) return;
        throw Mistake.form(
                ErrorCode.WRONG_VALUE,
                "with=" + with.get() + " takes no means",
                arguments.spanOf("over"),
                "leave over= out, or write with=mean");
    }

    static Ablation of(Arguments arguments, State state) {
        return switch (arguments.text("with")) {
            case "patching" -> Ablation.PATCHING;
            case "zero" -> Ablation.ZERO;
            case "mean" -> mean(arguments, false, state);
            case "mean-positional" -> mean(arguments, true, state);
            case String other -> throw new IllegalStateException(other);
        };
    }

    private static Ablation mean(Arguments arguments, boolean positional, State state) {
        if (!arguments.given("over")) return state.experiment().mean(positional, Optional.empty());
        return arguments.at("over", () -> state.experiment().mean(positional, Optional.of(arguments.text("over"))));
    }
}
