package io.circuitscript.runtime.statements;

import static io.circuitscript.runtime.Declaration.Argument.required;
import static io.circuitscript.runtime.Declaration.Argument.truth;

import io.circuitscript.graph.Selection;
import io.circuitscript.runtime.Arguments;
import io.circuitscript.runtime.Declaration;
import io.circuitscript.runtime.Facts;
import io.circuitscript.runtime.Held;
import io.circuitscript.runtime.Kind;
import io.circuitscript.runtime.Need;
import io.circuitscript.runtime.State;
import io.circuitscript.runtime.StatementHandler;
import io.circuitscript.runtime.Type;
import io.circuitscript.runtime.Value;
import java.util.Optional;

/** {@code greedy}: a circuit of so many edges, chosen by scores. */
final class Greedy implements StatementHandler {
    private static final Declaration DECLARATION =
            Declaration.of("greedy", "grows a circuit from logits, always by the edge of the highest score", "greedy 400")
            .takes(required("edges", Kind.SIZE, "how many edges"))
            .options(truth("abs", false, "whether the size of a score counts, rather than its sign"))
            .gives("edges", Type.NUMBER)
            .gives("nodes", Type.NUMBER)
            .needs(Need.GRAPH, Need.SCORES)
            .build();
    @Override
    public Declaration declaration() {
        return DECLARATION;
    }
    @Override
    public Held check(Arguments arguments, Facts facts) {
        arguments.size("edges", facts.graph());
        return DECLARATION.resultShape();
    }

    @Override
    public Value run(Arguments arguments, State state) {
        int size = arguments.size("edges", Optional.of(state.graph())).orElseThrow();
        state.setCircuit(arguments.at("edges", () -> Selection.greedy(state.scores(), size, arguments.truth("abs"))));
        return CircuitSize.of("greedy", state);
    }
}
