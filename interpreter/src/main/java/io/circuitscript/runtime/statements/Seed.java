package io.circuitscript.runtime.statements;

import static io.circuitscript.runtime.Declaration.Argument.required;

import io.circuitscript.runtime.Arguments;
import io.circuitscript.runtime.Declaration;
import io.circuitscript.runtime.Kind;
import io.circuitscript.runtime.State;
import io.circuitscript.runtime.StatementHandler;
import io.circuitscript.runtime.Value;

/** {@code seed}: where chance begins. */
final class Seed implements StatementHandler {
    private static final Declaration DECLARATION = Declaration.of("seed", "sets where chance begins", "seed 7")
            .takes(required("seed", Kind.WHOLE, "any whole number"))
            .build();
    @Override
    public Declaration declaration() {
        return DECLARATION;
    }
    @Override
    public Value run(Arguments arguments, State state) {
        state.setSettings(state.settings().withSeed(arguments.count("seed")));
        return new Value.None();
    }
}
