package io.circuitscript.runtime.statements;

import io.circuitscript.engine.Ablation;
import io.circuitscript.graph.Circuit;
import io.circuitscript.runtime.Arguments;
import io.circuitscript.runtime.Declaration;
import io.circuitscript.runtime.Facts;
import io.circuitscript.runtime.Held;
import io.circuitscript.runtime.Need;
import io.circuitscript.runtime.Part;
import io.circuitscript.runtime.ResultFields;
import io.circuitscript.runtime.State;
import io.circuitscript.runtime.StatementHandler;
import io.circuitscript.runtime.Value;
import java.util.List;

/** {@code evaluate}: runs the circuit with every edge outside it ablated. */
final class Evaluate implements StatementHandler {
    private static final Declaration DECLARATION = Yardstick.declare(
            Declaration.of("evaluate", "runs the circuit with every edge outside it ablated", "evaluate with=zero")
            .options(Ablations.with(), Ablations.over(), Parts.on()))
            .needs(Need.MODEL, Need.DATA, Need.METRIC)
            .build();
    @Override
    public Declaration declaration() {
        return DECLARATION;
    }

    @Override
    public Held check(Arguments arguments, Facts facts) {
        Ablations.check(arguments);
        Parts.check(arguments, facts);
        return DECLARATION.resultShape();
    }

    @Override
    public Value run(Arguments arguments, State state) {
        Ablation ablation = Ablations.of(arguments, state);
        Part part = Parts.of(arguments);
        Circuit circuit = state.current().circuit();
        // As `prune` would leave it: under zero and mean a dead end would change the numbers.
        Circuit pruned = circuit.pruned();
        Doubts.ofCircuit(circuit, pruned, arguments.span(), state);
        Yardstick yardstick = Yardstick.of(ablation, part, state);
        double[] values = state.experiment().analyses(part).evaluate(pruned, ablation, state.runOptions());
        state.experiment().noteFaithfulness(yardstick.faithfulness(values));
        return yardstick.put(ResultFields.of("evaluate"), circuit, values, yardstick.draws(List.of(values)), 0).done();
    }
}
