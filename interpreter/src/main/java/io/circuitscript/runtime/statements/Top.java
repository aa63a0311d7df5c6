package io.circuitscript.runtime.statements;

import static io.circuitscript.runtime.evaluate.Declaration.Argument.required;

import io.circuitscript.analysis.circuits.SizeSweep;
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

/** {@code top}: a circuit of so many edges, chosen by scores. */
final class Top implements StatementHandler {
    private static final Declaration DECLARATION = CircuitSize.declare(
                    "top", "keeps the edges, nodes or neurons with the largest scores", "top 400")
            .takes(required("edges", Kind.SIZE, "how many edges, nodes or neurons"))
            .options(SelectionOptions.declare("counted", true))
            .needs(Need.GRAPH, Need.SCORES)
            .in(HelpGroup.FINDING)
            .build();

    @Override
    public Declaration declaration() {
        return DECLARATION;
    }

    @Override
    public AbstractValue check(Arguments arguments, Facts facts) {
        SelectionOptions.checkCount(arguments, facts);
        return DECLARATION.resultShape();
    }

    @Override
    public Value run(Arguments arguments, State state) {
        SelectionOptions.of(arguments, state).chooseCount(arguments, state, SizeSweep.By.TOP);
        return CircuitSize.of("top", state);
    }
}
