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

/** {@code threshold}: a circuit of the edges whose score reaches a value. */
final class Threshold implements StatementHandler {
    private static final Declaration DECLARATION = CircuitSize.declare(
                    "threshold", "keeps the edges, nodes or neurons whose score is at least SCORE", "threshold 0.01")
            .takes(required("score", Kind.NUMBER, "the lowest score to keep"))
            .options(SelectionOptions.declare("chosen", true))
            .needs(Need.GRAPH, Need.SCORES)
            .in(HelpGroup.FINDING)
            .build();

    @Override
    public Declaration declaration() {
        return DECLARATION;
    }

    @Override
    public AbstractValue check(Arguments arguments, Facts facts) {
        Levels.checkScored(arguments, facts);
        return DECLARATION.resultShape();
    }

    @Override
    public Value run(Arguments arguments, State state) {
        SelectionOptions.of(arguments, state).chooseAtLeast(arguments, state);
        return CircuitSize.of("threshold", state);
    }
}
