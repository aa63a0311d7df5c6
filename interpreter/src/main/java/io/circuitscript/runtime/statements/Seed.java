package io.circuitscript.runtime.statements;

import static io.circuitscript.runtime.evaluate.Declaration.Argument.required;

import io.circuitscript.runtime.evaluate.Arguments;
import io.circuitscript.runtime.evaluate.Declaration;
import io.circuitscript.runtime.evaluate.HelpGroup;
import io.circuitscript.runtime.evaluate.Kind;
import io.circuitscript.runtime.state.State;
import io.circuitscript.runtime.state.StatementHandler;
import io.circuitscript.runtime.value.Value;

/** {@code seed}: sets the random seed. */
final class Seed implements StatementHandler {
    private static final Declaration DECLARATION = Declaration.of("seed", "sets the random seed", "seed 7")
            .takes(required("seed", Kind.WHOLE, "any whole number"))
            .in(HelpGroup.PROGRAMS)
            .build();

    @Override
    public Declaration declaration() {
        return DECLARATION;
    }

    @Override
    public Value run(Arguments arguments, State state) {
        state.setSeed(arguments.count("seed"));
        return new Value.None();
    }
}
