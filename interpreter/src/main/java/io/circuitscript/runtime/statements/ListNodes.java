package io.circuitscript.runtime.statements;

import static io.circuitscript.runtime.evaluate.Declaration.Argument.optional;

import io.circuitscript.graph.Node;
import io.circuitscript.graph.NodeScores;
import io.circuitscript.runtime.evaluate.Arguments;
import io.circuitscript.runtime.evaluate.Declaration;
import io.circuitscript.runtime.evaluate.HelpGroup;
import io.circuitscript.runtime.evaluate.Kind;
import io.circuitscript.runtime.evaluate.Need;
import io.circuitscript.runtime.state.State;
import io.circuitscript.runtime.state.StatementHandler;
import io.circuitscript.runtime.value.ResultFields;
import io.circuitscript.runtime.value.Type;
import io.circuitscript.runtime.value.Value;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** {@code nodes}: lists nodes. */
final class ListNodes implements StatementHandler {
    /** More rows than these are cut where nobody asked for a number of them. */
    private static final int MOST_ROWS = 200;

    private static final Declaration DECLARATION = Declaration.of(
                    "nodes",
                    "lists nodes, their scores if there are any, and which are in the circuit",
                    "nodes a3.h* top=2")
            .takes(optional("nodes", Kind.NODES, "which nodes; by default all"))
            .options(optional("top", Kind.COUNT, "how many: only those with the largest scores"))
            .gives("count", Type.NUMBER)
            .gives("items", Type.LIST)
            .needs(Need.GRAPH)
            .in(HelpGroup.LOOKING)
            .shown(ListedItems.view("node", MOST_ROWS, "in the graph's order", "in the graph's order"))
            .table("items")
            .items("`items` of nodes", "node", "score", "in_circuit")
            .build();

    @Override
    public Declaration declaration() {
        return DECLARATION;
    }

    @Override
    public Value run(Arguments arguments, State state) {
        // `logits` is where edges end, and is counted nowhere.
        List<Node> nodes = (arguments.given("nodes")
                        ? arguments.nodes("nodes").nodes().stream()
                        : state.graph().nodes().stream())
                .filter(node -> node.kind() != Node.Kind.LOGITS)
                .toList();
        var kept = new java.util.HashSet<>(state.current().circuit().nodes());
        List<Node> shown = nodes;
        if (arguments.given("top")) {
            Optional<NodeScores> scores = state.current().nodeScores();
            // Stable: of equal scores the earlier node comes first.
            if (scores.isPresent()) {
                shown = nodes.stream()
                        .sorted(Comparator.comparingDouble(
                                node -> -Math.abs(scores.get().of(state.graph().source(node)))))
                        .toList();
            }
            shown = shown.subList(0, Math.min(arguments.count("top"), shown.size()));
        }
        List<Value> items = new ArrayList<>();
        for (Node node : shown) {
            items.add(ResultFields.entry()
                    .put("node", node.name())
                    .put("score", score(node, state))
                    .put("in_circuit", kept.contains(node))
                    .done());
        }
        return ResultFields.of("nodes")
                .put("count", nodes.size())
                .put("items", new Value.ListOf(items))
                .done();
    }

    private static Value score(Node node, State state) {
        return state.current()
                .nodeScores()
                .<Value>map(it -> new Value.Number(it.of(state.graph().source(node))))
                .orElse(new Value.None());
    }
}
