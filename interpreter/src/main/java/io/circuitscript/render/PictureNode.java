package io.circuitscript.render;

import io.circuitscript.graph.Node;
import java.util.List;
import java.util.stream.Collectors;

/** A node of a picture: a node of the graph, or several heads of a layer that are drawn as one. */
record PictureNode(String name, List<Node> nodes) {
    PictureNode {
        nodes = List.copyOf(nodes);
    }

    /** What it is called by in DOT, where a node's name is its own. */
    static String name(Node node, boolean grouped) {
        return grouped && node.kind() == Node.Kind.HEAD ? "a" + node.layer() : node.name();
    }

    Node first() {
        return nodes.getFirst();
    }

    /** {@code a9.h1} or, of several, {@code a9: h1 h4}; long lists are broken. */
    String label() {
        if (nodes.size() == 1) return first().name();
        StringBuilder label = new StringBuilder("a" + first().layer() + ":");
        for (int i = 0; i < nodes.size(); i++)
            label.append(i > 0 && i % 6 == 0 ? "\\n" : " ")
                    .append('h')
                    .append(nodes.get(i).head());
        return label.toString();
    }

    static List<PictureNode> of(List<Node> row, boolean grouped) {
        return row.stream()
                .collect(Collectors.groupingBy(
                        node -> name(node, grouped), java.util.LinkedHashMap::new, Collectors.toList()))
                .entrySet()
                .stream()
                .map(place -> new PictureNode(place.getKey(), place.getValue()))
                .toList();
    }
}
