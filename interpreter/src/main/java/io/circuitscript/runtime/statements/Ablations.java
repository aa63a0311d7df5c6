package io.circuitscript.runtime.statements;

import static io.circuitscript.runtime.evaluate.Declaration.Argument.choice;
import static io.circuitscript.runtime.evaluate.Declaration.Argument.optional;

import io.circuitscript.engine.Ablation;
import io.circuitscript.graph.Circuit;
import io.circuitscript.runtime.evaluate.Arguments;
import io.circuitscript.runtime.evaluate.Declaration;
import io.circuitscript.runtime.evaluate.Kind;
import io.circuitscript.runtime.state.State;
import io.circuitscript.runtime.value.Mistake;
import io.circuitscript.source.ErrorCode;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/** The options {@code with=} and {@code over=}: what an ablated edge carries, and which rows means are taken over. */
final class Ablations {
    private static final List<String> FIXED = List.of("patching", "zero", "mean", "mean-positional");
    private static final String OPTIMAL = "optimal";
    private static final String DOC = "what an ablated edge carries";

    private Ablations() {}

    static Declaration.Argument with() {
        return choice("with", FIXED, DOC);
    }

    /** Where constants may be learned. */
    static Declaration.Argument withOptimal() {
        return choice("with", Stream.concat(FIXED.stream(), Stream.of(OPTIMAL)).toList(), DOC);
    }

    static Declaration.Argument over() {
        return optional(
                "over", Kind.INPUT_FILE, "a file whose clean texts are averaged; by default, the training rows");
    }

    /** That {@code over=} stands beside a mean. */
    static void check(Arguments arguments) {
        Optional<String> with = arguments.knownText("with").filter(it -> !it.startsWith("mean"));
        if (!arguments.given("over") || with.isEmpty()) return;
        String what = with.get().equals(OPTIMAL)
                ? "with=optimal learns its constants on the training rows"
                : "with=" + with.get() + " takes no means";
        throw Mistake.form(
                ErrorCode.WRONG_VALUE, what, arguments.spanOf("over"), "leave over= out, or write with=mean");
    }

    /** What an ablated edge of a circuit carries, which is asked for as it runs: pruned. */
    static Function<Circuit, Ablation> ofCircuits(Arguments arguments, State state) {
        if (arguments.text("with").equals(OPTIMAL)) return state.experiment().optimal()::of;
        Ablation same = of(arguments, state);
        return circuit -> same;
    }

    /** What an ablated edge carries where edges or nodes are ablated one by one, as scores mean it. */
    static Ablation ofScores(Arguments arguments, State state) {
        if (arguments.text("with").equals(OPTIMAL))
            return state.experiment().optimal().ofEachSource();
        return of(arguments, state);
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
