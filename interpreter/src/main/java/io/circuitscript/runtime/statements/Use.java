package io.circuitscript.runtime.statements;

import static io.circuitscript.runtime.evaluate.Declaration.Argument.required;

import io.circuitscript.runtime.evaluate.Arguments;
import io.circuitscript.runtime.evaluate.Declaration;
import io.circuitscript.runtime.evaluate.HelpGroup;
import io.circuitscript.runtime.evaluate.Kind;
import io.circuitscript.runtime.evaluate.Need;
import io.circuitscript.runtime.evaluate.Offers;
import io.circuitscript.runtime.state.Facts;
import io.circuitscript.runtime.state.State;
import io.circuitscript.runtime.state.StatementHandler;
import io.circuitscript.runtime.value.AbstractValue;
import io.circuitscript.runtime.value.Value;

/** {@code use}: goes back to a named circuit. */
final class Use implements StatementHandler {
    private static final Declaration DECLARATION = CircuitSize.declare(
                    "use", "goes back to a named circuit, and to its scores", "keep whole\ngreedy 40\nuse whole")
            .takes(required("circuit", Kind.NAME, "which circuit").offering(Offers.CIRCUITS))
            .needs(Need.GRAPH)
            .provides(Need.SCORES, Need.EDGE_SCORES, Need.NODE_SCORES)
            .in(HelpGroup.BY_HAND)
            .build();

    @Override
    public Declaration declaration() {
        return DECLARATION;
    }

    @Override
    public AbstractValue check(Arguments arguments, Facts facts) {
        NamedCircuits.check("circuit", arguments, facts);
        facts.setScores(Facts.Known.MAYBE, Facts.Known.MAYBE); // as they were when it was named
        return DECLARATION.resultShape();
    }

    @Override
    public Value run(Arguments arguments, State state) {
        state.setCurrent(state.named().get(arguments.text("circuit")));
        return CircuitSize.of("use", state);
    }
}
