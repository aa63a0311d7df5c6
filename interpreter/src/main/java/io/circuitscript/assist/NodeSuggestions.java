package io.circuitscript.assist;

import io.circuitscript.graph.ModelGraph;
import io.circuitscript.graph.Node;
import io.circuitscript.graph.NodeNames;
import io.circuitscript.graph.Slot;
import io.circuitscript.runtime.value.AbstractValue;
import io.circuitscript.runtime.value.Value;
import io.circuitscript.syntax.Lexeme;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** Suggests nodes of the model, and those that an edge can lead to. */
final class NodeSuggestions {
    /** Beyond so many, the ports of heads are offered only once a head is named. */
    private static final int MOST_SLOTS = 60;

    private final SessionKnowledge knowledge;

    NodeSuggestions(SessionKnowledge knowledge) {
        this.knowledge = knowledge;
    }

    List<Suggestion> all() {
        return knowledge.graph().map(graph -> names(graph.nodes())).orElse(List.of());
    }

    private static List<Suggestion> names(Collection<Node> nodes) {
        return nodes.stream().map(node -> Suggestion.open(node.name(), "")).toList();
    }

    /**
     * Where edges from a set of nodes can lead, each end by its name: only what exists.
     *
     * @param from what stands before the arrow
     * @param prefix of the end, as far as it is typed
     */
    List<Suggestion> targets(Lexeme from, String prefix) {
        if (knowledge.graph().isEmpty()) return List.of();
        ModelGraph graph = knowledge.graph().get();
        Collection<Node> sources = sources(graph, from.text());
        List<Slot> slots = new ArrayList<>();
        List<Node> nodes = new ArrayList<>();
        for (Node node : graph.nodes()) {
            List<Slot> reached = graph.slots(node).stream()
                    .filter(slot -> !graph.edgesBetween(sources, List.of(slot)).isEmpty())
                    .toList();
            if (reached.isEmpty() || !node.name().startsWith(nodeOf(prefix)) && !prefix.startsWith(node.name()))
                continue;
            nodes.add(node);
            slots.addAll(reached);
        }
        boolean ports = slots.size() <= MOST_SLOTS || !prefix.equals(nodeOf(prefix));
        List<Suggestion> offers = new ArrayList<>();
        for (Node node : nodes) {
            offers.add(Suggestion.of(node.name(), ""));
            if (!ports && !prefix.equals(node.name())) continue;
            for (Slot slot : slots)
                if (slot.node().equals(node) && slot.port() != Slot.Port.WHOLE)
                    offers.add(Suggestion.of(slot.name(), ""));
        }
        return offers;
    }

    private static String nodeOf(String prefix) {
        int port = prefix.indexOf('<');
        return port < 0 ? prefix : prefix.substring(0, port);
    }

    /** The nodes that a text means; all where that takes more than a look. */
    private Collection<Node> sources(ModelGraph graph, String text) {
        AbstractValue value = knowledge.variables().get(text);
        if (value instanceof Value.Nodes nodes) return nodes.nodes();
        String name = text.replace("\"", "");
        return NodeNames.match(graph, name) instanceof NodeNames.Match.Found(List<Node> nodes) ? nodes : graph.nodes();
    }
}
