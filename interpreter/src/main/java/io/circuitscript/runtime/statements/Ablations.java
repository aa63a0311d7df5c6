package io.circuitscript.runtime.statements;

import static io.circuitscript.runtime.Declaration.Argument.choice;

import io.circuitscript.engine.Ablation;
import io.circuitscript.runtime.Arguments;
import io.circuitscript.runtime.Declaration;
import java.util.List;
import java.util.Locale;

/** The option {@code with=}: what an ablated edge carries. */
final class Ablations {
    private Ablations() {}

    static Declaration.Argument with() {
        return choice("with", List.of("patching", "zero"), List.of("mean", "mean-positional"), "what an ablated edge carries");
    }

    static Ablation of(Arguments arguments) {
        return Ablation.valueOf(arguments.text("with").toUpperCase(Locale.ROOT));
    }
}
