package io.circuitscript.render;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.circuitscript.graph.ByName;
import io.circuitscript.graph.Circuit;
import io.circuitscript.graph.ModelGraph;
import io.circuitscript.graph.Scores;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import org.junit.jupiter.api.Test;

class CircuitPictureTest {
    private static final ModelGraph GRAPH = new ModelGraph(2, 2, false);
    private static final Map<String, Double> EDGES = Map.of(
            "input->a0.h1<q>", 0.5,
            "input->a0.h1<v>", 0.25,
            "input->a0.h1<k>", -0.125,
            "a0.h1->m0", 2.0,
            "m0->logits", 1.0,
            "input->m1", 0.02,
            "m1->logits", -0.08);

    static Circuit circuit() {
        Circuit circuit = Circuit.empty(GRAPH);
        for (String edge : EDGES.keySet()) circuit = circuit.with(ByName.edges(GRAPH, edge));
        return circuit;
    }

    static Scores scores() {
        double[] values = new double[GRAPH.edgeIndexBound()];
        EDGES.forEach((edge, score) -> values[ByName.edges(GRAPH, edge).nextSetBit(0)] = score);
        return new Scores(GRAPH, values);
    }

    static String dot() {
        return CircuitPicture.dot(circuit(), Optional.of(scores()), caption("greedy 7"));
    }

    private static Caption caption(String method) {
        return new Caption("demo", "greater-than", 7, 4, OptionalDouble.of(-0.25), method);
    }

    @Test
    void aSmallCircuitLooksAsItDid() throws IOException {
        try (InputStream in = CircuitPictureTest.class.getResourceAsStream("/pictures/small.dot")) {
            assertEquals(new String(in.readAllBytes(), StandardCharsets.UTF_8), dot());
        }
    }

    @Test
    void thePortsOfOnePairRunSideBySideAndANegativeScoreIsDashed() {
        String both = dot().lines()
                .filter(l -> l.contains("\"input\" -> \"a0.h1\"") && !l.contains("dashed"))
                .findFirst()
                .orElseThrow();
        assertTrue(both.matches(".*color=\"#D55E00..:#0072B2..\".*"), both);
        String negative = dot().lines()
                .filter(l -> l.contains("\"input\" -> \"a0.h1\"") && l.contains("dashed"))
                .findFirst()
                .orElseThrow();
        assertTrue(negative.matches(".*color=\"#009E73..\".*"), negative);
    }

    @Test
    void theStrongestEdgeIsDrawnLastAndWidest() {
        String last = dot().lines()
                .filter(l -> l.contains(" -> ") && l.contains("penwidth"))
                .reduce((a, b) -> b)
                .orElseThrow();
        assertTrue(last.contains("\"a0.h1\" -> \"m0\"") && last.contains("penwidth=4.50"), last);
    }

    @Test
    void theTitleSaysTheNumbersAndMarksUpNothingOfTheUsers() {
        assertTrue(dot().contains("greedy 7 · 7 edges · 4 nodes · faithfulness \u22120.250"));
        String odd = CircuitPicture.dot(
                circuit(), Optional.empty(), new Caption("a<b>&\"c\"", "", 1, 1, OptionalDouble.empty(), ""));
        assertTrue(odd.contains("a&lt;b&gt;&amp;&quot;c&quot;<"), odd);
        assertTrue(odd.contains(">1 edge · 1 node<"), odd);
    }

    @Test
    void withoutScoresNothingSpeaksOfThem() {
        String dot = CircuitPicture.dot(circuit(), Optional.empty(), caption(""));
        assertFalse(dot.contains("score") || dot.contains("dashed"));
    }

    @Test
    void bySignShowsSignsAndNoPorts() {
        String dot = CircuitPicture.dot(
                circuit(),
                Optional.of(scores()),
                caption(""),
                new PictureStyle(EdgeColour.SIGN, false, false, Set.of()));
        assertTrue(dot.contains("positive score") && dot.contains("negative score"));
        assertFalse(dot.contains("dashed"));
        String negative = dot.lines()
                .filter(l -> l.contains("\"m1\" -> \"logits\""))
                .findFirst()
                .orElseThrow();
        assertTrue(negative.contains(Palette.NEGATIVE), negative);
    }

    @Test
    void headsAndMlpOfOneLayerShareARowWhereTheyRunSideBySide() {
        ModelGraph parallel = new ModelGraph(1, 1, true);
        String dot = CircuitPicture.dot(Circuit.full(parallel), Optional.empty(), caption(""));
        assertTrue(
                dot.lines().anyMatch(l -> l.contains("rank=same") && l.contains("\"a0.h0\"") && l.contains("\"m0\"")));
    }

    @Test
    void headsStandInTheOrderOfTheirNumbersAndALayerIsNamedOnce() {
        ModelGraph twoDigits = new ModelGraph(1, 11, false);
        String dot = CircuitPicture.dot(Circuit.full(twoDigits), Optional.empty(), caption(""));
        String order = dot.lines()
                .filter(l -> l.contains("\"row0\" -> \"a0.h0\""))
                .findFirst()
                .orElseThrow();
        assertTrue(order.contains("\"a0.h9\" -> \"a0.h10\" [style=invis]"), order);
        assertEquals(1, dot.lines().filter(l -> l.contains("\"layer 0\"")).count());
    }
}
