package io.circuitscript.render;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.circuitscript.graph.ByName;
import io.circuitscript.graph.Circuit;
import io.circuitscript.graph.ModelGraph;
import io.circuitscript.graph.Scores;
import io.circuitscript.graph.Spans;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Pictures of circuits over spans, and their graph in a report. */
class SpanPictureTest {
    private static final Caption CAPTION =
            new Caption("demo", "ioi", 6, 4, OptionalDouble.empty(), "", "EAP", "6 edges at 3 spans");

    /** The path of a name: read at S2 by a head whose output is used at the end. */
    private static final Map<String, Double> EDGES = Map.of(
            "input->a1.h0<v>@S2", 0.5,
            "input->a1.h0<k>@S2", -0.25,
            "input->a1.h0<k>@end", 0.125,
            "a1.h0->m1@end", 2.0,
            "m1->logits@end", 1.0,
            "input->m0@bos", 0.02);

    private static ModelGraph graph(String... names) {
        List<BitSet> seen = new ArrayList<>();
        for (int i = 0; i < names.length; i++) seen.add(upTo(i + 1));
        BitSet read = new BitSet();
        read.set(names.length - 1);
        return new ModelGraph(2, 2, false).at(Spans.of(List.of(names), seen, read));
    }

    private static BitSet upTo(int end) {
        BitSet set = new BitSet();
        set.set(0, end);
        return set;
    }

    private static int edge(ModelGraph graph, String name) {
        int at = name.indexOf('@');
        int whole = ByName.edges(graph.withoutSpans(), name.substring(0, at)).nextSetBit(0);
        return whole * graph.perEdge() + graph.spans().named(name.substring(at + 1));
    }

    private static final ModelGraph GRAPH = graph("bos", "first", "S2", "end");

    private static Circuit circuit() {
        BitSet edges = new BitSet();
        EDGES.keySet().forEach(name -> edges.set(edge(GRAPH, name)));
        return new Circuit(GRAPH, edges);
    }

    private static Scores scores() {
        double[] values = new double[GRAPH.edgeIndexBound()];
        EDGES.forEach((name, score) -> values[edge(GRAPH, name)] = score);
        return new Scores(GRAPH, values);
    }

    private static String dot(PictureStyle style) {
        return CircuitPicture.dot(circuit(), Optional.of(scores()), CAPTION, style);
    }

    private static String svg(PictureStyle style) {
        return GridPicture.svg(circuit(), Optional.of(scores()), CAPTION, style);
    }

    @Test
    void aSmallCircuitLooksAsItDid() throws IOException {
        for (String name : List.of("spans.dot", "spans.svg")) {
            try (InputStream in = SpanPictureTest.class.getResourceAsStream("/pictures/" + name)) {
                String now = name.endsWith("dot") ? dot(PictureStyle.PLAIN) : svg(PictureStyle.PLAIN);
                assertEquals(new String(in.readAllBytes(), StandardCharsets.UTF_8), now);
            }
        }
    }

    @Test
    void anEdgeStaysInItsColumnAndAttentionLeadsToWhereTheOutputIsUsed() {
        String dot = dot(PictureStyle.PLAIN);
        assertTrue(dot.contains("\"input@2\" -> \"a1.h0@2\" ["), dot);
        assertTrue(dot.contains("\"input@3\" -> \"a1.h0@3\" ["), dot);
        assertTrue(dot.contains("\"a1.h0@3\" -> \"m1@3\" ["), dot);
        List<String> moves =
                dot.lines().filter(it -> it.contains(": attention from")).toList();
        assertEquals(1, moves.size(), dot);
        assertTrue(moves.getFirst().contains("\"a1.h0@2\" -> \"a1.h0@3\" ["), moves.toString());
        assertTrue(moves.getFirst().contains("a1.h0: attention from S2 to end"), moves.toString());
        assertEquals(6, CircuitPicture.lines(circuit(), Optional.of(scores()), PictureStyle.PLAIN) - moves.size());
        // The head is hollow where it is only read.
        assertTrue(node(dot, "a1.h0@2").contains("fillcolor=\"#FFFFFF\""), dot);
        assertFalse(node(dot, "a1.h0@3").contains("fillcolor=\"#FFFFFF\""), dot);
    }

    private static String node(String dot, String name) {
        var found = Pattern.compile("\"" + name + "\" \\[[^]]*]").matcher(dot);
        assertTrue(found.find(), name + " in " + dot);
        return found.group();
    }

    @Test
    void columnsStandInTheOrderOfSpansAndEmptyOnesAreLeftOut() {
        String dot = dot(PictureStyle.PLAIN);
        String headings = dot.lines()
                .filter(it -> it.contains("\"heading0\" ->"))
                .findFirst()
                .orElseThrow();
        assertTrue(
                headings.matches(".*\"heading0\" -> \"\\|2.5\" -> \"heading2\" -> \"\\|3.5\" -> \"heading3\" .*"),
                headings);
        assertFalse(dot.contains("\"first\""), dot);
        String svg = svg(PictureStyle.PLAIN);
        assertEquals(
                List.of("bos", "S2", "end"),
                Pattern.compile("font-size=\"13\"[^>]*text-anchor=\"middle\">([^<]*)<")
                        .matcher(svg)
                        .results()
                        .map(it -> it.group(1))
                        .toList());
        List<Double> places = Pattern.compile("<text x=\"([0-9.]+)\"[^>]*>(input)</text>")
                .matcher(svg)
                .results()
                .map(it -> Double.valueOf(it.group(1)))
                .toList();
        assertEquals(3, places.size(), "input stands in each column");
        assertTrue(places.get(0) < places.get(1) && places.get(1) < places.get(2), places.toString());
    }

    @Test
    void pointingAtAnEdgeTellsItsNameAndScore() {
        for (String picture : List.of(
                dot(PictureStyle.PLAIN),
                svg(PictureStyle.PLAIN).replace("&gt;", ">").replace("&lt;", "<"))) {
            assertTrue(picture.contains("a1.h0->m1@end 2.00"), picture);
            assertTrue(picture.contains("input->a1.h0<k>@S2 \u22120.250"), picture);
        }
    }

    @Test
    void groupsLabelsAndMarksWorkInColumnsToo() {
        PictureStyle style = new PictureStyle(EdgeColour.PORT, true, true, Set.of("a1.h0"));
        assertTrue(dot(style).contains("\"a1@2\" -> \"a1@3\" ["));
        assertTrue(node(dot(style), "a1@3").contains("penwidth=3"));
        assertTrue(dot(style).contains("v 0.50"));
        String svg = svg(style);
        assertTrue(svg.contains(">a1</text>") && !svg.contains(">a1.h0</text>"), svg);
        assertTrue(svg.contains("stroke-width=\"3\""), svg);
        assertEquals(
                6, Pattern.compile("font-size=\"9\"").matcher(svg).results().count());
    }

    @Test
    void aSpansNameIsTextWhateverItIs() throws IOException {
        ModelGraph odd = graph("<b>&amp;", "a \"q\"\\", "x\u202Ey\u2067", "n".repeat(150));
        BitSet edges = new BitSet();
        for (int span = 0; span < 4; span++)
            edges.set(edge(odd, "input->m0@" + odd.spans().name(span)));
        Circuit circuit = new Circuit(odd, edges);
        String dot = CircuitPicture.dot(circuit, Optional.empty(), CAPTION);
        assertTrue(dot.contains("label=\"<b>&amp;amp;\""), dot);
        assertTrue(dot.contains("label=\"a\u00A0\\\"q\\\"\\\\\""), dot);
        String svg = GridPicture.svg(circuit, Optional.empty(), CAPTION, PictureStyle.PLAIN);
        assertTrue(svg.contains(">&lt;b&gt;&amp;amp;</text>"), svg);
        assertTrue(svg.contains("n…</text>") && svg.contains("<title>" + "n".repeat(150)), svg);
        String json = new ReportGraph(circuit, Optional.empty()).json();
        JsonNode read = new ObjectMapper().readTree(json);
        assertEquals("<b>&amp;", read.get("spans").get(0).asText());
        assertEquals("a \"q\"\\", read.get("spans").get(1).asText());
        for (String text : List.of(dot, svg, json))
            assertFalse(text.chars().anyMatch(c -> c == 0x202E || c == 0x2067), "what turns letters around");
        assertFalse(json.contains("<"), "nothing ends the script that holds it");
    }

    @Test
    void noEdgesIsAPictureToo() {
        Circuit none = Circuit.empty(GRAPH);
        assertTrue(GridPicture.svg(none, Optional.empty(), CAPTION, PictureStyle.PLAIN)
                .contains(">first</text>"));
        assertTrue(CircuitPicture.dot(none, Optional.empty(), CAPTION).contains("heading1"));
    }

    @Test
    void aReportsGraphHasEveryEdgeAtASpanAndTheCircuitWithoutSpans() throws IOException {
        JsonNode json = new ObjectMapper().readTree(new ReportGraph(circuit(), Optional.of(scores())).json());
        assertEquals(6, json.get("size").asInt());
        assertEquals(5, json.get("whole").get("size").asInt());
        assertEquals(4, json.get("spans").size());
        assertEquals("[0,1,2]", json.get("sees").get(2).toString());
        JsonNode strongest = json.get("edges").get(0);
        assertEquals(2.0, strongest.get(3).asDouble());
        assertEquals(3, strongest.get(5).asInt(), "its span");
        String whole = new ReportGraph(circuit().withoutSpans(), Optional.of(scores().overSpans())).json();
        assertEquals(
                new ObjectMapper().readTree(whole).get("edges"),
                json.get("whole").get("edges"));
        assertFalse(whole.contains("spans"));
    }

    /** The weak edges of a large circuit are left out, as without spans. */
    @Test
    void aLargeCircuitHasItsStrongestEdges() {
        ModelGraph large = new ModelGraph(12, 12, false).at(Spans.inAnyOrder(List.of("a", "b")));
        double[] values = new double[large.edgeIndexBound()];
        Circuit full = Circuit.full(large);
        full.edges().stream().forEach(edge -> values[edge] = Math.sin(edge + 1));
        String svg = GridPicture.svg(full, Optional.of(new Scores(large, values)), CAPTION, PictureStyle.PLAIN);
        assertTrue(svg.contains("the strongest 3,000 are drawn"));
        List<MatchResult> size = Pattern.compile("viewBox=\"0 0 ([0-9.]+) ([0-9.]+)\"")
                .matcher(svg)
                .results()
                .toList();
        assertTrue(
                Double.parseDouble(size.getFirst().group(1)) < 2 * 13 * 66 + 200,
                size.getFirst().group());
    }
}
