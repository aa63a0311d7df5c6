package io.circuitscript.runtime.statements;

import static io.circuitscript.runtime.Declaration.Argument.choice;

import io.circuitscript.engine.Ablation;
import io.circuitscript.graph.Circuit;
import io.circuitscript.runtime.Arguments;
import io.circuitscript.runtime.Declaration;
import io.circuitscript.runtime.Means;
import io.circuitscript.runtime.Need;
import io.circuitscript.runtime.ResultFields;
import io.circuitscript.runtime.State;
import io.circuitscript.runtime.StatementHandler;
import io.circuitscript.runtime.Type;
import io.circuitscript.runtime.Value;
import io.circuitscript.source.UserError;
import java.util.List;

/** {@code evaluate}: runs the circuit with every edge outside it ablated. */
final class Evaluate implements StatementHandler {
    private static final Declaration DECLARATION =
            Declaration.of("evaluate", "runs the circuit with every edge outside it ablated", "evaluate with=zero")
            .options(Ablations.with(), choice("on", List.of("train"), List.of("test", "all"), "which part of the data"))
            .gives("metric", Type.NUMBER)
            .gives("baseline", Type.NUMBER)
            .gives("corrupted", Type.NUMBER)
            .gives("faithfulness", Type.NUMBER)
            .gives("edges", Type.NUMBER)
            .gives("nodes", Type.NUMBER)
            .gives("values", Type.LIST)
            .needs(Need.MODEL, Need.DATA, Need.METRIC)
            .build();
    @Override
    public Declaration declaration() {
        return DECLARATION;
    }
    @Override
    public Value run(Arguments arguments, State state) {
        Ablation ablation = Ablations.of(arguments);
        Circuit circuit = state.current().circuit();
        double model = Means.of(state.baseline().clean());
        double corrupted = state.corrupted(ablation);
        // As `prune` would leave it: under zero and mean a dead end would change the numbers.
        Circuit pruned = circuit.pruned();
        Doubts.ofCircuit(circuit, pruned, arguments.span(), state);
        Doubts.ofBaseline(model, corrupted, ablation == Ablation.PATCHING ? "on corrupted ones" : "with every edge ablated", arguments.span(), state);
        double[] values = state.analyses().evaluate(pruned, ablation, state.runOptions());
        double metric = Means.of(values);
        double faithfulness = faithfulness(metric, model, corrupted);
        state.noteFaithfulness(faithfulness);
        return ResultFields.of("evaluate")
                .put("metric", metric)
                .put("baseline", model)
                .put("corrupted", corrupted)
                .put("faithfulness", faithfulness)
                .put("edges", circuit.edgeCount())
                .put("nodes", circuit.nodeCount())
                .put("values", values)
                .done();
    }

    private static double faithfulness(double circuit, double model, double corrupted) {
        if (model == corrupted) {
            throw UserError.failure(
                    "no-faithfulness",
                    "faithfulness has no value: the model's metric and the empty circuit's are both " + new Value.Number(model).display(),
                    "the data must make a difference to the model: `baseline` shows both");
        }
        return (circuit - corrupted) / (model - corrupted);
    }
}
