package io.circuitscript.runtime.value;

import io.circuitscript.graph.ModelGraph;
import io.circuitscript.graph.Node;
import io.circuitscript.graph.Slot;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Values as text. */
public final class ValueText {
    /** A set or list longer than this is cut short for display. */
    private static final int SHOWN = 20;

    private ValueText() {}

    static String repr(Value value) {
        return switch (value) {
            case Value.Text text -> quoted(text.value());
            case Value.ListOf list ->
                list.items().stream().map(ValueText::repr).collect(Collectors.joining(", ", "[", "]"));
            case Value.Fields it
            when it.isRecord() ->
                it.fields().entrySet().stream()
                        .map(e -> fieldName(e.getKey()) + "=" + repr(e.getValue()))
                        .collect(Collectors.joining(", ", "(", ")"));
            case Value.Fields fields ->
                fields.fields().entrySet().stream()
                        .map(e -> e.getKey() + ": " + repr(e.getValue()))
                        .collect(Collectors.joining(", ", "{", "}"));
            case Value.Nodes nodes ->
                set(nodeNames(nodes), Integer.MAX_VALUE, nodes.nodes().size(), "nodes");
            case Value.EdgeSet edges ->
                set(edgeNames(edges), Integer.MAX_VALUE, edges.edges().cardinality(), "edges");
            case Value.Number n -> n.percent() ? percent(n.value()) : NumberText.of(n.value());
            case Value.Bool b -> Boolean.toString(b.value());
            case Value.None _ -> "none";
            case Value.Function f -> "def " + f.definition().name();
        };
    }

    static String fieldName(String name) {
        return name.matches("[\\p{L}\\p{M}\\p{Nd}_-]+") ? name : quoted(name);
    }

    /** As it may stand behind {@code @}. */
    public static String spanName(String name) {
        return name.matches("[\\p{L}\\p{M}\\p{Nd}_]+([.-][\\p{L}\\p{M}\\p{Nd}_]+)*") ? name : quoted(name);
    }

    static String display(Value value) {
        return switch (value) {
            case Value.Text text -> text.value();
            case Value.Nodes nodes -> set(nodeNames(nodes), SHOWN, nodes.nodes().size(), "nodes");
            case Value.EdgeSet edges ->
                set(edgeNames(edges), SHOWN, edges.edges().cardinality(), "edges");
            case Value.Number _, Value.Bool _, Value.None _, Value.ListOf _, Value.Fields _, Value.Function _ ->
                repr(value);
        };
    }

    private static String percent(double share) {
        return NumberText.of(new java.math.BigDecimal(Double.toString(share))
                        .movePointRight(2)
                        .doubleValue()) + "%";
    }

    /** One name stands alone; several stand in braces. */
    private static String set(Stream<String> names, int shown, int size, String what) {
        if (size == 1) return names.findFirst().orElseThrow();
        if (size <= shown) return names.collect(Collectors.joining(", ", "{", "}"));
        return names.limit(shown)
                .collect(Collectors.joining(", ", "{", ", … " + NumberText.count(size) + " " + what + " in all}"));
    }

    private static Stream<String> nodeNames(Value.Nodes nodes) {
        return nodes.nodes().stream().map(node -> node.name() + ports(nodes, node));
    }

    /** The ports meant of a node, where they are not all that it has. */
    private static String ports(Value.Nodes nodes, Node node) {
        List<Slot> all = nodes.graph().slots(node);
        List<Slot> meant = all.stream().filter(nodes.slots()::contains).toList();
        if (meant.size() == all.size()) return "";
        return meant.stream()
                .map(s -> s.port().name().toLowerCase(java.util.Locale.ROOT))
                .collect(Collectors.joining("", "<", ">"));
    }

    private static Stream<String> edgeNames(Value.EdgeSet edges) {
        ModelGraph graph = edges.graph();
        if (!graph.hasSpans()) return edges.edges().stream().mapToObj(graph::edgeName);
        ModelGraph whole = graph.withoutSpans();
        return edges.edges().stream()
                .mapToObj(edge -> whole.edgeName(edge / graph.perEdge()) + "@"
                        + spanName(graph.spans().name(graph.spanOf(edge))));
    }

    /** What {@link #quoted} made its text of; any other text as it is. */
    static String unquoted(String text) {
        if (text.length() < 2 || !text.startsWith("\"") || !text.endsWith("\"")) return text;
        String inside = text.substring(1, text.length() - 1);
        StringBuilder plain = new StringBuilder();
        for (int i = 0; i < inside.length(); i++) {
            char c = inside.charAt(i);
            boolean pair = c == '\\' || (c == '{' || c == '}') && i + 1 < inside.length() && inside.charAt(i + 1) == c;
            if (!pair || i + 1 == inside.length()) {
                plain.append(c);
                continue;
            }
            char next = inside.charAt(++i);
            plain.append(c != '\\' ? c : next == 'n' ? '\n' : next == 't' ? '\t' : next);
        }
        return plain.toString();
    }

    public static String quoted(String text) {
        StringBuilder quoted = new StringBuilder("\"");
        text.codePoints().forEach(c -> {
            switch (c) {
                case '"' -> quoted.append("\\\"");
                case '\\' -> quoted.append("\\\\");
                case '\n' -> quoted.append("\\n");
                case '\t' -> quoted.append("\\t");
                case '{' -> quoted.append("{{");
                case '}' -> quoted.append("}}");
                default -> quoted.appendCodePoint(c);
            }
        });
        return quoted.append('"').toString();
    }
}
