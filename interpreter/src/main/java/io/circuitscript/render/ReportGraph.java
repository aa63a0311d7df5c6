package io.circuitscript.render;

import io.circuitscript.graph.Circuit;
import io.circuitscript.graph.ModelGraph;
import io.circuitscript.graph.Node;
import io.circuitscript.graph.Scores;
import io.circuitscript.graph.Spans;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The circuit of a report, as data for the page's own script: its strongest edges first, then the strongest edges
 * outside it, so that a reader can add more.
 */
public record ReportGraph(Circuit circuit, Optional<Scores> scores) {
    /** The most edges of a page. With more, it is slow, and nobody can tell them apart. */
    static final int MOST = 1_500;

    /** How many edges outside the circuit are added. */
    static final int MORE = 200;

    private static final String LOGITS = "logits";

    /** Edge numbers in the order of the page's slider. */
    List<Integer> edges() {
        List<Integer> inside = strongest(circuit).limit(MOST).toList();
        int room = scores.isEmpty() ? 0 : Math.min(MORE, MOST - inside.size());
        Circuit others = Circuit.full(circuit.graph()).without(circuit.edges());
        return Stream.concat(inside.stream(), strongest(others).limit(room)).toList();
    }

    private Stream<Integer> strongest(Circuit of) {
        Stream<Integer> all = of.edges().stream().boxed();
        return scores.map(it -> all.sorted(Comparator.comparingDouble((Integer edge) -> -Math.abs(it.of(edge)))))
                .orElse(all);
    }

    /**
     * {@code {size, nodes: [{name, kind, layer, row}], edges: [[from, to, port, score, inside]]}}: nodes' names hold no character that JSON or HTML minds.
     *
     * <p>Of a circuit over spans an edge has its span's number besides; {@code spans} has their names, {@code sees} the spans that each of them sees, and {@code
     * whole}, with its own size and edges, the same circuit without spans.
     */
    String json() {
        String nodes = circuit.graph().nodes().stream().map(this::node).collect(Collectors.joining(","));
        String json = "{" + sizeAndEdges("\"nodes\":[" + nodes + "],");
        Spans spans = circuit.graph().spans();
        if (spans.isNone()) return json + "}";
        String names = spans.names().stream().map(ReportGraph::quoted).collect(Collectors.joining(","));
        String sees = IntStream.range(0, spans.size())
                .mapToObj(span -> IntStream.range(0, spans.size())
                        .filter(other -> spans.sees(span, other))
                        .mapToObj(String::valueOf)
                        .collect(Collectors.joining(",", "[", "]")))
                .collect(Collectors.joining(","));
        ReportGraph whole = new ReportGraph(circuit.withoutSpans(), scores.map(Scores::overSpans));
        return json + ",\"spans\":[" + names + "],\"sees\":[" + sees + "],\"whole\":{" + whole.sizeAndEdges("") + "}}";
    }

    /** @param between what stands between the two */
    private String sizeAndEdges(String between) {
        List<Integer> edges = edges();
        String lines = edges.stream().map(edge -> line(circuit.graph(), edge)).collect(Collectors.joining(","));
        long inside = edges.stream().filter(circuit::contains).count();
        // Of a large circuit the strongest edges are shown first.
        return "\"size\":" + Math.min(inside, 400) + "," + between + "\"edges\":[" + lines + "]";
    }

    /** A span's name in JSON in a page: with nothing that ends a string, or a script. */
    private static String quoted(String name) {
        StringBuilder text = new StringBuilder("\"");
        SpanColumns.inOrder(name).chars().forEach(c -> {
            boolean plain = c >= ' ' && c < 0x7F && c != '"' && c != '\\' && c != '<' && c != '>' && c != '&';
            text.append(plain ? String.valueOf((char) c) : String.format(Locale.ROOT, "\\u%04X", c));
        });
        return text.append('"').toString();
    }

    private String node(Node node) {
        String kind = switch (node.kind()) {
            case INPUT -> "input";
            case HEAD -> "head";
            case MLP -> "mlp";
            case LOGITS -> LOGITS;
        };
        return "{\"name\":\"" + node.name() + "\",\"kind\":\"" + kind + "\",\"layer\":" + layer(node) + ",\"row\":"
                + LayerRows.of(circuit.graph(), node) + "}";
    }

    /** The layer that the page's margin names: none for the two ends. */
    private static int layer(Node node) {
        return switch (node.kind()) {
            case INPUT, LOGITS -> -1;
            case HEAD, MLP -> node.layer();
        };
    }

    private String line(ModelGraph graph, int edge) {
        int to = graph.sourceOfSlot(graph.slotOf(edge));
        int port = graph.slotAt(graph.slotOf(edge)).port().ordinal();
        return IntStream.of(graph.sourceOf(edge), to < 0 ? graph.sources() : to, port)
                        .mapToObj(String::valueOf)
                        .collect(Collectors.joining(",", "[", ","))
                + scores.map(it -> String.valueOf(it.of(edge))).orElse("null") + "," + (circuit.contains(edge) ? 1 : 0)
                + (graph.hasSpans() ? "," + graph.spanOf(edge) : "") + "]";
    }
}
