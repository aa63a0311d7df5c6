package io.circuitscript.runtime.statements;

import static io.circuitscript.runtime.evaluate.Declaration.Argument.optional;

import io.circuitscript.graph.Circuit;
import io.circuitscript.graph.ModelGraph;
import io.circuitscript.graph.Scores;
import io.circuitscript.runtime.evaluate.Arguments;
import io.circuitscript.runtime.evaluate.Declaration;
import io.circuitscript.runtime.evaluate.HelpGroup;
import io.circuitscript.runtime.evaluate.Kind;
import io.circuitscript.runtime.evaluate.Need;
import io.circuitscript.runtime.state.Level;
import io.circuitscript.runtime.state.ScoredCircuit;
import io.circuitscript.runtime.state.State;
import io.circuitscript.runtime.state.StatementHandler;
import io.circuitscript.runtime.value.ResultFields;
import io.circuitscript.runtime.value.Type;
import io.circuitscript.runtime.value.Value;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** {@code edges}: lists edges. */
final class ListEdges implements StatementHandler {
    /** More rows than these are cut where nobody asked for a number of them. */
    private static final int MOST_ROWS = 20;

    private static final Declaration DECLARATION = Declaration.of(
                    "edges", "lists edges, with their scores if there are any", "edges m* -> logits top=10")
            .takes(optional("edges", Kind.EDGES, "which edges; by default all"))
            .options(optional("top", Kind.COUNT, "how many: only those with the largest scores"))
            .gives("count", Type.NUMBER)
            .gives("items", Type.LIST)
            .needs(Need.GRAPH)
            .in(HelpGroup.LOOKING)
            .shown(ListedItems.view(
                    "edge",
                    MOST_ROWS,
                    "in the graph's order; top=N sets how many",
                    "in the graph's order; top=N sorts by the size of the score"))
            .table("items")
            .items("`items` of edges", "edge", "score", "in_circuit")
            .build();

    @Override
    public Declaration declaration() {
        return DECLARATION;
    }

    @Override
    public Value run(Arguments arguments, State state) {
        ScoredCircuit current = shown(arguments, state.current());
        ModelGraph graph = current.circuit().graph();
        BitSet edges = arguments.given("edges")
                ? EdgesOfCircuit.of("edges", arguments, current.circuit()).edges()
                : Circuit.full(graph).edges();
        Stream<Integer> shown = edges.stream().boxed();
        if (arguments.given("top")) {
            Optional<Scores> scores = current.ofCircuit();
            // Stable: of equal scores the earlier edge comes first.
            if (scores.isPresent())
                shown = shown.sorted(Comparator.comparingDouble(
                        edge -> -Math.abs(scores.get().of(edge))));
            shown = shown.limit(arguments.count("top"));
        }
        List<Value> items = shown.<Value>map(edge -> item(edge, current)).toList();
        return ResultFields.of("edges")
                .put("count", edges.cardinality())
                .put("items", new Value.ListOf(items))
                .done();
    }

    /** The current circuit at spans, where those are named, or edges at spans were scored and chosen. */
    private static ScoredCircuit shown(Arguments arguments, ScoredCircuit current) {
        boolean named =
                arguments.given("edges") && arguments.edges("edges").graph().hasSpans();
        if (named)
            return current.with(
                    EdgesOfCircuit.of("edges", arguments, current.circuit()).circuit());
        return current.level() == Level.POSITION ? current.with(current.atScoredSpans()) : current;
    }

    private static Value.Fields item(int edge, ScoredCircuit circuit) {
        ModelGraph graph = circuit.circuit().graph();
        ResultFields fields = ResultFields.entry().put("edge", graph.edgeName(edge));
        if (graph.hasSpans()) fields.put("span", graph.spans().name(graph.spanOf(edge)));
        return fields.put(
                        "score",
                        circuit.ofCircuit()
                                .<Value>map(scores -> new Value.Number(scores.of(edge)))
                                .orElse(new Value.None()))
                .put("in_circuit", circuit.circuit().contains(edge))
                .done();
    }
}
