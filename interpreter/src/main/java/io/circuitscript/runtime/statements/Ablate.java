package io.circuitscript.runtime.statements;

import static io.circuitscript.runtime.evaluate.Declaration.Argument.required;

import io.circuitscript.analysis.Bootstrap;
import io.circuitscript.engine.Ablation;
import io.circuitscript.graph.Circuit;
import io.circuitscript.graph.ModelGraph;
import io.circuitscript.runtime.evaluate.Arguments;
import io.circuitscript.runtime.evaluate.Declaration;
import io.circuitscript.runtime.evaluate.HelpGroup;
import io.circuitscript.runtime.evaluate.Kind;
import io.circuitscript.runtime.evaluate.Need;
import io.circuitscript.runtime.metric.DataSplit;
import io.circuitscript.runtime.state.Facts;
import io.circuitscript.runtime.state.State;
import io.circuitscript.runtime.state.StatementHandler;
import io.circuitscript.runtime.value.AbstractValue;
import io.circuitscript.runtime.value.Means;
import io.circuitscript.runtime.value.ResultFields;
import io.circuitscript.runtime.value.ResultTable;
import io.circuitscript.runtime.value.ResultText;
import io.circuitscript.runtime.value.Type;
import io.circuitscript.runtime.value.Value;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;

/** {@code ablate}: the metric with some edges ablated and everything else intact. */
final class Ablate implements StatementHandler {
    private static final Declaration DECLARATION = Groups.declare(Declaration.of(
                            "ablate",
                            "shows the metric with these edges ablated and all else intact",
                            "ablate m3->logits")
                    .takes(required("edges", Kind.EDGES, "what to ablate; a node stands for all edges that leave it"))
                    .options(Ablations.withOptimal(), Ablations.over(), DataSplits.on(), Groups.per())
                    .gives("edges", Type.NUMBER)
                    .gives("metric", Type.NUMBER)
                    .gives("baseline", Type.NUMBER)
                    .gives("change", Type.NUMBER)
                    .gives("values", Type.LIST)
                    .gives("examples", Type.NUMBER)
                    .gives("metric_interval", Type.ANY)
                    .gives("baseline_interval", Type.ANY)
                    .gives("change_interval", Type.ANY))
            .needs(Need.MODEL, Need.DATA, Need.METRIC)
            .in(HelpGroup.LOOKING)
            .shown(Groups.view(
                    Ablate::lines,
                    result -> List.of("change", "metric", "baseline"),
                    (part, result) -> List.of(
                            Groups.cell(part, "change"),
                            ResultTable.cell(part, "metric"),
                            ResultTable.cell(part, "baseline"))))
            .table(Groups.GROUPS)
            .items(
                    "`groups` of ablate",
                    "group",
                    "examples",
                    "metric",
                    "baseline",
                    "change",
                    "metric_interval",
                    "baseline_interval",
                    "change_interval")
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
        Value.EdgeSet ablated = arguments.edges("edges");
        ModelGraph graph = ablated.graph().hasSpans()
                ? ablated.graph().at(state.experiment().spans())
                : ablated.graph();
        BitSet edges = arguments.at("edges", () -> ablated.graph().edgesOn(graph, ablated.edges()));
        Circuit rest = Circuit.full(graph).without(edges);
        DataSplit split = DataSplits.of(arguments);
        Optional<Groups> groups = Groups.of(arguments, split, state);
        double[] intact = state.experiment().baseline(split).clean();
        if (edges.isEmpty()) state.sayOnce(arguments.span(), "no edge is ablated: the set is empty");
        double[] values = edges.isEmpty() ? intact : ablated(rest, split, arguments, state);
        long seed = state.settings().seed();
        ResultFields result = ResultFields.of("ablate").put("edges", edges.cardinality());
        putMeans(result, values, intact).put("values", values).put("examples", values.length);
        putIntervals(result, values, intact, seed);
        groups.ifPresent(it -> it.put(result, (group, fields) -> {
            double[] some = Groups.of(values, group.examples());
            double[] before = Groups.of(intact, group.examples());
            return putIntervals(putMeans(fields, some, before), some, before, seed);
        }));
        return result.done();
    }

    private static double[] ablated(Circuit rest, DataSplit split, Arguments arguments, State state) {
        Ablation ablation = Ablations.ofCircuits(arguments, state).apply(rest);
        return state.experiment().analyses(split).evaluate(rest, ablation, state.runOptions());
    }

    private static ResultFields putMeans(ResultFields fields, double[] values, double[] intact) {
        double metric = Means.of(values);
        double baseline = Means.of(intact);
        return fields.put("metric", metric).put("baseline", baseline).put("change", metric - baseline);
    }

    private static ResultFields putIntervals(ResultFields fields, double[] values, double[] intact, long seed) {
        Bootstrap draws = Bootstrap.of(List.of(values, intact), seed);
        return fields.put("metric_interval", FaithfulnessReference.shown(draws.interval(means -> means[0])))
                .put("baseline_interval", FaithfulnessReference.shown(draws.interval(means -> means[1])))
                .put("change_interval", FaithfulnessReference.shown(draws.interval(means -> means[0] - means[1])));
    }

    private static List<String> lines(Value.Fields value, ResultText text) {
        String sign = ResultText.number(value, "change") > 0 ? "+" : "";
        return List.of(text.prominent("change " + sign + ResultText.sure(value, "change")) + ": metric "
                + ResultText.sure(value, "metric") + ", baseline " + ResultText.sure(value, "baseline") + "; "
                + ResultText.counted(value, "edges", "edge"));
    }
}
