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

/** {@code greedy}: a circuit of so many edges, nodes or neurons, grown by scores. */
final class Greedy implements StatementHandler {
    private static final Declaration DECLARATION = CircuitSize.declare(
                    "greedy",
                    "grows a circuit from logits, each time by the edge, node or neuron with the highest score",
                    "greedy 400")
            .takes(required("edges", Kind.SIZE, "how many edges, nodes or neurons"))
            .options(SelectionOptions.declare("counted", false))
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
        SelectionOptions selection = SelectionOptions.of(arguments, state);
        selection.chooseCount(arguments, state, SizeSweep.By.GREEDY);
        if (!selection.absolute() && !state.current().origin().signed()) {
            String method = state.current().origin().method().orElseThrow();
            state.sayOnce(
                    arguments.span(),
                    "scores by " + method
                            + " have no sign: greedy cannot tell an edge whose ablation helps from one whose ablation hurts; graddrop=false keeps signs");
        }
        return CircuitSize.of("greedy", state);
    }
}
