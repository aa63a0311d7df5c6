package io.circuitscript.runtime.statements;

import static io.circuitscript.runtime.evaluate.Declaration.Argument.count;
import static io.circuitscript.runtime.evaluate.Declaration.Argument.optional;

import io.circuitscript.analysis.circuits.Completeness;
import io.circuitscript.engine.Ablation;
import io.circuitscript.graph.Circuit;
import io.circuitscript.graph.Node;
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
import io.circuitscript.runtime.value.Mistake;
import io.circuitscript.runtime.value.ResultFields;
import io.circuitscript.runtime.value.ResultText;
import io.circuitscript.runtime.value.Sets;
import io.circuitscript.runtime.value.Type;
import io.circuitscript.runtime.value.Value;
import io.circuitscript.source.ErrorCode;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** {@code complete}: whether the circuit without some of its nodes does what the model does without them. */
final class Complete implements StatementHandler {
    private static final String NODES = "nodes";
    private static final String DIFFERENCE = "difference";

    /** More subsets than anybody needs. */
    private static final int MOST = 10_000;

    private static final Declaration DECLARATION = Declaration.of(
                    "complete",
                    "ablates random subsets of the circuit's nodes, in the circuit and in the whole model, and compares the metric",
                    "complete count=20 nodes=a*.h*")
            .options(
                    count("count", 100, "how many random subsets").upTo(MOST),
                    optional(
                            NODES,
                            Kind.NODES,
                            "the nodes of the circuit that subsets are drawn from; by default, all heads and MLPs"),
                    Ablations.with(),
                    Ablations.over(),
                    DataSplits.on())
            .gives("mean", Type.NUMBER)
            .gives("largest", Type.NUMBER)
            .gives("largest_nodes", Type.NODES)
            .gives("all", Type.NUMBER)
            .gives("all_circuit", Type.NUMBER)
            .gives("all_model", Type.NUMBER)
            .gives("metric", Type.NUMBER)
            .gives("baseline", Type.NUMBER)
            .gives(NODES, Type.NODES)
            .gives("count", Type.NUMBER)
            .gives("subsets", Type.LIST)
            .gives("examples", Type.NUMBER)
            .needs(Need.MODEL, Need.DATA, Need.METRIC)
            .in(HelpGroup.TESTING)
            .shown(Complete::lines)
            .table("subsets")
            .items("`subsets` of complete", "nodes", "size", "circuit", "model", DIFFERENCE)
            .build();

    /** A subset with what is left without it. @param circuit, model the metric of the circuit, and of the model */
    private record Measured(List<Node> nodes, double circuit, double model) {
        static Measured of(Completeness.Case it) {
            return new Measured(it.without(), Means.of(it.circuit()), Means.of(it.model()));
        }

        double difference() {
            return Math.abs(circuit - model);
        }
    }

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
        Circuit circuit = state.current().circuit().pruned();
        List<Node> nodes = nodes(circuit, arguments);
        if (circuit.edgeCount() == circuit.graph().edgeCount() && !circuit.takesNodesApart())
            state.sayOnce(
                    arguments.span(), "the circuit is the whole model: without any of its nodes both are the same");
        List<List<Node>> subsets = new ArrayList<>(List.of(List.of(), nodes));
        subsets.addAll(Completeness.subsets(
                nodes, arguments.count("count"), state.settings().seed()));
        Ablation ablation = Ablations.of(arguments, state);
        DataSplit split = DataSplits.of(arguments);
        double[] empty = state.experiment().corrupted(ablation, split);
        List<Completeness.Case> cases = Completeness.of(
                state.experiment().analyses(split), circuit, subsets, ablation, empty, state.runOptions());
        List<Measured> all = cases.stream().map(Measured::of).toList();
        return result(circuit, nodes, all).put("examples", empty.length).done();
    }

    /** Heads and MLPs: without `input`, nothing is left to compare. */
    private static List<Node> nodes(Circuit circuit, Arguments arguments) {
        List<Node> all = circuit.nodes().stream()
                .filter(node -> node.kind() != Node.Kind.INPUT)
                .toList();
        if (all.isEmpty())
            throw Mistake.value(
                    ErrorCode.EMPTY_CIRCUIT,
                    "the circuit has no heads and no MLPs without its dead ends, so that there is nothing to take away",
                    arguments.span(),
                    "choose a circuit first, as greedy 40");
        if (!arguments.given(NODES)) return all;
        List<Node> wanted = circuit.nodes().stream()
                .filter(node -> arguments.nodes(NODES).nodes().contains(node))
                .toList();
        if (wanted.isEmpty())
            throw Mistake.value(
                    ErrorCode.EMPTY_CIRCUIT,
                    "none of these nodes is in the circuit",
                    arguments.spanOf(NODES),
                    "`nodes` shows which are, once dead ends are pruned");
        return wanted;
    }

    private static ResultFields result(Circuit circuit, List<Node> nodes, List<Measured> all) {
        Measured none = all.getFirst();
        Measured every = all.get(1);
        List<Measured> random = all.subList(2, all.size());
        Measured largest = random.getFirst();
        for (Measured it : random) if (it.difference() > largest.difference()) largest = it;
        return ResultFields.of("complete")
                .put(
                        "mean",
                        Means.of(random.stream()
                                .mapToDouble(Measured::difference)
                                .toArray()))
                .put("largest", largest.difference())
                .put("largest_nodes", Sets.nodes(circuit.graph(), largest.nodes()))
                .put("all", every.difference())
                .put("all_circuit", every.circuit())
                .put("all_model", every.model())
                .put("metric", none.circuit())
                .put("baseline", none.model())
                .put(NODES, Sets.nodes(circuit.graph(), nodes))
                .put("count", random.size())
                .put(
                        "subsets",
                        new Value.ListOf(
                                random.stream().map(it -> entry(circuit, it)).toList()));
    }

    private static Value entry(Circuit circuit, Measured subset) {
        return ResultFields.entry()
                .put("nodes", Sets.nodes(circuit.graph(), subset.nodes()))
                .put("size", subset.nodes().size())
                .put("circuit", subset.circuit())
                .put("model", subset.model())
                .put(DIFFERENCE, subset.difference())
                .done();
    }

    private static List<String> lines(Value.Fields value, ResultText text) {
        Set<Node> largest = ((Value.Nodes) ResultText.field(value, "largest_nodes")).nodes();
        return List.of(
                text.prominent("mean difference " + ResultText.text(value, "mean")) + " of circuit and model without "
                        + ResultText.counted(value, "count", "random subset") + " of "
                        + ResultText.counted(value, NODES, "node"),
                "largest " + ResultText.text(value, "largest") + ", without "
                        + (largest.isEmpty() ? "none" : ResultText.text(value, "largest_nodes")),
                "without all of them " + ResultText.text(value, "all") + ": circuit "
                        + ResultText.text(value, "all_circuit") + ", model " + ResultText.text(value, "all_model"),
                "without none: circuit " + ResultText.text(value, "metric") + ", model "
                        + ResultText.text(value, "baseline"));
    }
}
