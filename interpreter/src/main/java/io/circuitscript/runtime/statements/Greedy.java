package io.circuitscript.runtime.statements;

import static io.circuitscript.runtime.Declaration.Argument.required;

import io.circuitscript.analysis.SizeSweep;
import io.circuitscript.runtime.Arguments;
import io.circuitscript.runtime.Declaration;
import io.circuitscript.runtime.Facts;
import io.circuitscript.runtime.Held;
import io.circuitscript.runtime.Kind;
import io.circuitscript.runtime.Need;
import io.circuitscript.runtime.State;
import io.circuitscript.runtime.StatementHandler;
import io.circuitscript.runtime.Value;

/** {@code greedy}: a circuit of so many edges, nodes or neurons, grown by scores. */
final class Greedy implements StatementHandler {
    private static final Declaration DECLARATION =
            CircuitSize.declare("greedy", "grows a circuit from logits, always by the edge, node or neuron of the highest score", "greedy 400")
            .takes(required("edges", Kind.SIZE, "how many edges, nodes or neurons"))
            .options(Levels.options("counted", false))
            .needs(Need.GRAPH, Need.SCORES)
            .build();
    @Override
    public Declaration declaration() {
        return DECLARATION;
    }
    @Override
    public Held check(Arguments arguments, Facts facts) {
        Levels.checkSize(arguments, facts);
        return DECLARATION.resultShape();
    }

    @Override
    public Value run(Arguments arguments, State state) {
        state.setChosen(Levels.choose(arguments, state, SizeSweep.By.GREEDY), Levels.of(arguments));
        return CircuitSize.of("greedy", state);
    }
}
