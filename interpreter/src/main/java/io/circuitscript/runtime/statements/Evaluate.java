package io.circuitscript.runtime.statements;

import io.circuitscript.engine.Ablation;
import io.circuitscript.graph.Circuit;
import io.circuitscript.runtime.evaluate.Arguments;
import io.circuitscript.runtime.evaluate.Declaration;
import io.circuitscript.runtime.evaluate.HelpGroup;
import io.circuitscript.runtime.evaluate.Need;
import io.circuitscript.runtime.metric.DataSplit;
import io.circuitscript.runtime.state.Facts;
import io.circuitscript.runtime.state.State;
import io.circuitscript.runtime.state.StatementHandler;
import io.circuitscript.runtime.value.AbstractValue;
import io.circuitscript.runtime.value.ResultFields;
import io.circuitscript.runtime.value.ResultText;
import io.circuitscript.runtime.value.Value;
import java.util.List;

/** {@code evaluate}: runs the circuit with every edge outside it ablated. */
final class Evaluate implements StatementHandler {
    private static final Declaration DECLARATION = FaithfulnessReference.declare(Declaration.of(
                            "evaluate", "runs the circuit with every edge outside it ablated", "evaluate with=zero")
                    .options(Ablations.with(), Ablations.over(), DataSplits.on()))
            .needs(Need.MODEL, Need.DATA, Need.METRIC)
            .in(HelpGroup.TESTING)
            .shown(Evaluate::lines)
            .build();

    @Override
    public Declaration declaration() {
        return DECLARATION;
    }

    @Override
    public AbstractValue check(Arguments arguments, Facts facts) {
        Ablations.check(arguments);
        DataSplits.check(arguments, facts);
        return DECLARATION.resultShape();
    }

    @Override
    public Value run(Arguments arguments, State state) {
        Ablation ablation = Ablations.of(arguments, state);
        DataSplit split = DataSplits.of(arguments);
        Circuit circuit = state.current().circuit();
        // As `prune` would leave it: under zero and mean a dead end would change the numbers.
        Circuit pruned = circuit.pruned();
        ResultWarnings.ofCircuit(circuit, pruned, arguments.span(), state);
        FaithfulnessReference reference = FaithfulnessReference.of(ablation, split, state);
        double[] values = state.experiment().analyses(split).evaluate(pruned, ablation, state.runOptions());
        state.experiment().noteFaithfulness(reference.faithfulness(values));
        return reference
                .put(ResultFields.of("evaluate"), circuit, values, reference.draws(List.of(values)), 0)
                .done();
    }

    private static List<String> lines(Value.Fields value, ResultText text) {
        String neurons = value.field("neurons")
                .map(it -> ", " + ResultText.counted(it, "neuron"))
                .orElse("");
        return List.of(
                text.prominent("faithfulness " + ResultText.sure(value, "faithfulness")) + " with "
                        + ResultText.counted(value, "edges", "edge") + ", "
                        + ResultText.counted(value, "nodes", "node") + neurons,
                "metric " + ResultText.sure(value, "metric") + ", baseline " + ResultText.sure(value, "baseline")
                        + ", corrupted " + ResultText.sure(value, "corrupted"));
    }
}
