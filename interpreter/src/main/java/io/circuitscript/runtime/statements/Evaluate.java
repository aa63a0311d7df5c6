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
import io.circuitscript.runtime.value.ResultTable;
import io.circuitscript.runtime.value.ResultText;
import io.circuitscript.runtime.value.Value;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** {@code evaluate}: runs the circuit with every edge outside it ablated. */
final class Evaluate implements StatementHandler {
    private static final Declaration DECLARATION = Groups.declare(FaithfulnessReference.declare(Declaration.of(
                            "evaluate", "runs the circuit with every edge outside it ablated", "evaluate with=zero")
                    .options(Ablations.withOptimal(), Ablations.over(), DataSplits.on(), Groups.per())))
            .needs(Need.MODEL, Need.DATA, Need.METRIC)
            .in(HelpGroup.TESTING)
            .shown(Groups.view(
                    Evaluate::lines,
                    result -> List.of("faithfulness", "metric", "baseline", "corrupted"),
                    (part, result) -> List.of(
                            Groups.cell(part, "faithfulness"),
                            ResultTable.cell(part, "metric"),
                            ResultTable.cell(part, "baseline"),
                            ResultTable.cell(part, "corrupted"))))
            .table(Groups.GROUPS)
            .items(
                    "`groups` of evaluate",
                    "group",
                    "examples",
                    "metric",
                    "baseline",
                    "corrupted",
                    "faithfulness",
                    "metric_interval",
                    "baseline_interval",
                    "corrupted_interval",
                    "faithfulness_interval")
            .build();

    @Override
    public Declaration declaration() {
        return DECLARATION;
    }

    @Override
    public AbstractValue check(Arguments arguments, Facts facts) {
        Ablations.check(arguments);
        DataSplits.check(arguments, facts);
        return Groups.shape(DECLARATION, arguments);
    }

    @Override
    public Value run(Arguments arguments, State state) {
        Function<Circuit, Ablation> ablations = Ablations.ofCircuits(arguments, state);
        DataSplit split = DataSplits.of(arguments);
        Optional<Groups> groups = Groups.of(arguments, split, state);
        Circuit circuit = state.current().circuit();
        // As `prune` would leave it: under zero and mean a dead end would change the numbers.
        Circuit pruned = circuit.pruned();
        ResultWarnings.ofCircuit(circuit, pruned, arguments.span(), state);
        FaithfulnessReference reference = FaithfulnessReference.of(ablations, split, state);
        Ablation ablation = ablations.apply(pruned);
        double[] values = pruned.edgeCount() == 0
                ? reference.empty()
                : state.experiment().analyses(split).evaluate(pruned, ablation, state.runOptions());
        state.experiment().noteFaithfulness(reference.faithfulness(values), arguments.text("with"));
        state.experiment().noteEvaluated(split, ablation, values);
        ResultFields result =
                reference.put(ResultFields.of("evaluate"), circuit, values, reference.draws(List.of(values)), 0);
        groups.ifPresent(it -> {
            it.tell(reference, state);
            it.put(result, (group, fields) -> {
                FaithfulnessReference of = reference.over(group.examples());
                double[] some = Groups.of(values, group.examples());
                return of.putGroup(fields, some, of.draws(List.of(some)), 0);
            });
        });
        return result.done();
    }

    private static List<String> lines(Value.Fields value, ResultText text) {
        String more = CircuitSize.more(value);
        return List.of(
                text.prominent("faithfulness " + ResultText.sure(value, "faithfulness")) + " with "
                        + ResultText.counted(value, "edges", "edge") + ", "
                        + ResultText.counted(value, "nodes", "node") + more,
                "metric " + ResultText.sure(value, "metric") + ", baseline " + ResultText.sure(value, "baseline")
                        + ", corrupted " + ResultText.sure(value, "corrupted"));
    }
}
