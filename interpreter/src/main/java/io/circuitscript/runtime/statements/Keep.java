package io.circuitscript.runtime.statements;

import static io.circuitscript.runtime.Declaration.Argument.required;

import io.circuitscript.runtime.Arguments;
import io.circuitscript.runtime.Declaration;
import io.circuitscript.runtime.Facts;
import io.circuitscript.runtime.Held;
import io.circuitscript.runtime.Kind;
import io.circuitscript.runtime.Need;
import io.circuitscript.runtime.State;
import io.circuitscript.runtime.StatementHandler;
import io.circuitscript.runtime.Value;

/** {@code keep}: names the current circuit. */
final class Keep implements StatementHandler {
    private static final Declaration DECLARATION = CircuitSize.declare("keep", "names the current circuit, with its scores", "keep found")
            .takes(required("circuit", Kind.NAME, "its name"))
            .needs(Need.GRAPH)
            .build();
    @Override
    public Declaration declaration() {
        return DECLARATION;
    }
    @Override
    public Held check(Arguments arguments, Facts facts) {
        arguments.knownText("circuit").ifPresentOrElse(facts::addCircuit, facts::mayAddCircuits);
        return DECLARATION.resultShape();
    }

    @Override
    public Value run(Arguments arguments, State state) {
        state.named().put(arguments.text("circuit"), state.current());
        return CircuitSize.of("keep", state);
    }
}
