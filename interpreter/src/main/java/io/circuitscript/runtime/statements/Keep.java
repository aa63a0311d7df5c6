package io.circuitscript.runtime.statements;

import static io.circuitscript.runtime.evaluate.Declaration.Argument.required;

import io.circuitscript.runtime.evaluate.Arguments;
import io.circuitscript.runtime.evaluate.Declaration;
import io.circuitscript.runtime.evaluate.HelpGroup;
import io.circuitscript.runtime.evaluate.Kind;
import io.circuitscript.runtime.evaluate.Need;
import io.circuitscript.runtime.state.Facts;
import io.circuitscript.runtime.state.State;
import io.circuitscript.runtime.state.StatementHandler;
import io.circuitscript.runtime.value.AbstractValue;
import io.circuitscript.runtime.value.Value;

/** {@code keep}: names the current circuit. */
final class Keep implements StatementHandler {
    private static final Declaration DECLARATION = CircuitSize.declare(
                    "keep", "names the current circuit, with its scores", "keep found")
            .takes(required("circuit", Kind.NAME, "its name"))
            .needs(Need.GRAPH)
            .in(HelpGroup.BY_HAND)
            .namesCircuit()
            .build();

    @Override
    public Declaration declaration() {
        return DECLARATION;
    }

    @Override
    public AbstractValue check(Arguments arguments, Facts facts) {
        arguments.knownText("circuit").ifPresentOrElse(facts::addCircuit, facts::mayAddCircuits);
        return DECLARATION.resultShape();
    }

    @Override
    public Value run(Arguments arguments, State state) {
        state.named().put(arguments.text("circuit"), state.current());
        return CircuitSize.of("keep", state);
    }
}
