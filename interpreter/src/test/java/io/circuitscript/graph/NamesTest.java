package io.circuitscript.graph;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.circuitscript.source.ErrorCode;
import io.circuitscript.source.NodeNotation;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NamesTest {
    private static final ModelGraph DEMO = new ModelGraph(4, 4, false);
    private static final ModelGraph GPT2 = new ModelGraph(12, 12, false);
    private static final ModelGraph PARALLEL = new ModelGraph(4, 4, true);

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "input | input",
                "logits | logits",
                "m3 | m3",
                "a1.h2 | a1.h2",
                "m* | m0 m1 m2 m3",
                "a2.h* | a2.h0 a2.h1 a2.h2 a2.h3",
                "a*.h3 | a0.h3 a1.h3 a2.h3 a3.h3",
                "m1..m3 | m1 m2 m3",
                "m2..m2 | m2",
                "a1.h2..a2.h1 | a1.h2 a1.h3 a2.h0 a2.h1"
            })
    void aWordMeansTheseNodes(String word, String names) {
        assertEquals(names, ByName.nodes(DEMO, word).stream().map(Node::name).collect(Collectors.joining(" ")));
    }

    @Test
    void aStarAloneIsEveryNode() {
        assertEquals(DEMO.nodes(), ByName.nodes(DEMO, "*"));
        assertEquals(16, ByName.nodes(DEMO, "a*.h*").size());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "m10 | m10 is not in this model: it has 4 layers, m0 … m3 | m3",
                "a9.h1 | a9.h1 is not in this model: it has 4 layers, a0.h0 … a3.h3 | a3.h1",
                "a1.h20 | a1.h20 is not in this model: a layer has 4 heads, a1.h0 … a1.h3 | a1.h3",
                "a9.h* | a9.h* matches no node of this model: it has 4 layers, a0.h0 … a3.h3 | a3.h*",
                "a*.h9 | a*.h9 matches no node of this model: a layer has 4 heads, a0.h0 … a0.h3 | a*.h3",
                "m0..m9 | m9 is not in this model: it has 4 layers, m0 … m3 | m3",
                "m3..m1 | m3..m1 contains no nodes: m3 comes after m1 | m1..m3",
                "m0..a1.h1 | m0..a1.h1 is not a valid range of nodes: its ends are of different kinds | ''",
                "m0..mx | m0..mx is not a valid range of nodes: mx is not a node | m0,m1,m2",
                "logit | logit is not a node: this model has input, m0 … m3, a0.h0 … a3.h3 and logits | logits",
                "mlp3 | mlp3 is not a node: this model has input, m0 … m3, a0.h0 … a3.h3 and logits | m3",
                "a1h2 | a1h2 is not a node: this model has input, m0 … m3, a0.h0 … a3.h3 and logits | a1.h2",
                "L1H2 | L1H2 is not a node: this model has input, m0 … m3, a0.h0 … a3.h3 and logits | a1.h2",
                "a2 | a2 is not a node: this model has input, m0 … m3, a0.h0 … a3.h3 and logits | a2.h*,m2",
                "m03 | m03 is not a node: this model has input, m0 … m3, a0.h0 … a3.h3 and logits | m3,m0",
                "m1* | m1* is not a valid pattern: * stands for a whole number, as in m*, a0.h* and a*.h0, or alone for every node | m1",
                "m99999999999 | m99999999999 is not a node: this model has input, m0 … m3, a0.h0 … a3.h3 and logits | ''"
            })
    void aWordThatMeansNoNodeSaysWhyAndWhatIsNear(String word, String message, String nearest) {
        UnresolvedName why = assertInstanceOf(NodeNames.Match.Nothing.class, NodeNames.match(DEMO, word))
                .why();
        assertEquals(message, why.message());
        assertEquals(nearest, String.join(",", why.nearest()));
        assertEquals(ErrorCode.UNKNOWN_NODE, why.toError().code());
    }

    @ParameterizedTest
    @ValueSource(strings = {"input", "logits", "m3", "a1", "a1.h2", "m99"})
    void wordsThatReadAsANodeAreTaken(String word) {
        assertTrue(NodeNotation.readsAsNode(word));
    }

    @ParameterizedTest
    @ValueSource(strings = {"low", "m", "mid", "a", "a1.h", "naive.faithfulness", "a1b", "inputs"})
    void otherWordsAreFree(String word) {
        assertFalse(NodeNotation.readsAsNode(word));
        assertFalse(NodeNames.readsAsPattern(word));
    }

    @ParameterizedTest
    @ValueSource(strings = {"q", "v", "qk", "vq", "kvq"})
    void portsAreNamedInAnyOrder(String letters) {
        assertTrue(NodeNotation.readsAsPorts(letters));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "x", "qq", "Q", "q k"})
    void otherLettersAreNoPorts(String letters) {
        assertFalse(NodeNotation.readsAsPorts(letters));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "m10->m9 | m10->m9 is not a valid edge: m10 comes after m9 | m9->m10,m10->m11,m8->m9",
                "m3->a3.h0 | m3->a3.h0 is not a valid edge: m3 comes after a3.h0 | a3.h0->m3,m3->a4.h0,m2->a3.h0",
                "m3->a3.h0<v> | m3->a3.h0<v> is not a valid edge: m3 comes after a3.h0 | a3.h0->m3,m3->a4.h0<v>,m2->a3.h0<v>",
                "a1.h0->a1.h2<q> | a1.h0->a1.h2<q> is not a valid edge: heads of one layer run side by side | a1.h0->a2.h2<q>,a0.h0->a1.h2<q>,input->a1.h2<q>",
                "m0->m1<q> | m0->m1<q> is not a valid edge: an MLP has no ports | m0->m1,m0->m2,input->m1",
                "m0->logits<v> | m0->logits<v> is not a valid edge: logits has no ports | m0->logits,m11->logits,input->logits",
                "logits->m3 | logits->m3 is not a valid edge: logits has no outgoing edges | m3->logits,m2->m3,input->m3",
                "m3->input | m3->input is not a valid edge: input has no incoming edges | input->m3,m3->m4",
                "m3->m3 | m3->m3 is not a valid edge: an edge runs from a node to a later one | m3->m4,m2->m3,input->m3",
                "m3->m12 | m12 is not in this model: it has 12 layers, m0 … m11 | m11",
                "m*->a0.h0 | m*->a0.h0 contains no edges: none runs from m* to a0.h0 | ''",
                "m0->a1.h2<x> | m0->a1.h2<x> is not a valid edge: a head's ports are <q>, <k>, <v>, or several as <qk> | ''",
                "m0 | m0 is not a valid edge: an edge is written m0->logits | ''"
            })
    void anEdgeThatCannotBeSaysWhyAndWhatIsNear(String edge, String message, String nearest) {
        UnresolvedName why = assertInstanceOf(EdgeNames.Match.Nothing.class, EdgeNames.match(GPT2, edge))
                .why();
        assertEquals(message, why.message());
        assertEquals(nearest, String.join(",", why.nearest()));
    }

    @Test
    void headsDoNotFeedTheirLayersMlpInAParallelBlock() {
        UnresolvedName why =
                EdgeNames.why(PARALLEL, Node.head(1, 2), Node.mlp(1), "").orElseThrow();
        assertEquals(
                "a1.h2->m1 is not a valid edge: in this model's parallel blocks heads and MLP of one layer run side by side",
                why.message());
        assertEquals(List.of("a1.h2->m2", "a0.h2->m1", "input->m1"), why.nearest());
        assertEquals("the nearest that exist: a1.h2->m2, a0.h2->m1, input->m1", why.help());
        assertEquals(Optional.empty(), EdgeNames.why(DEMO, Node.head(1, 2), Node.mlp(1), ""));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "m0->a2.h1<v> | m0->a2.h1<v>",
                "m0->a2.h1 | m0->a2.h1<q> m0->a2.h1<k> m0->a2.h1<v>",
                "m0->a2.h1<qk> | m0->a2.h1<q> m0->a2.h1<k>",
                "m0->a2.h1<vq> | m0->a2.h1<q> m0->a2.h1<v>",
                "m2..m3->m* | m2->m3",
                "*->a0.h1<v> | input->a0.h1<v>"
            })
    void anEdgeNameMeansTheseEdges(String text, String names) {
        String found =
                ByName.edges(DEMO, text).stream().mapToObj(DEMO::edgeName).collect(Collectors.joining(" "));
        assertEquals(names, found);
    }
}
