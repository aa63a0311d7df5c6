package io.circuitscript.render;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.circuitscript.graph.Circuit;
import io.circuitscript.graph.ModelGraph;
import io.circuitscript.graph.Node;
import io.circuitscript.graph.Scores;
import io.circuitscript.graph.Selection;
import io.circuitscript.source.ErrorCode;
import io.circuitscript.source.UserError;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GridPictureTest {
    private static final ModelGraph GPT2 = new ModelGraph(12, 12, false);

    @TempDir
    Path folder;

    private static Scores scores(ModelGraph graph) {
        double[] values = new double[graph.edgeIndexBound()];
        Circuit.full(graph).edges().stream().forEach(edge -> values[edge] = Math.sin(edge + 1));
        return new Scores(graph, values);
    }

    private static String svg(Circuit circuit, PictureStyle style) {
        Caption caption =
                new Caption("model", "task", circuit.edgeCount(), circuit.nodeCount(), OptionalDouble.empty(), "");
        return GridPicture.svg(circuit, Optional.of(scores(circuit.graph())), caption, style);
    }

    private static long count(String svg, String what) {
        return Pattern.compile(what).matcher(svg).results().count();
    }

    @Test
    void aWholeModelsCircuitHasEveryNodeAndItsStrongestEdges() {
        String svg = svg(Circuit.full(GPT2), PictureStyle.PLAIN);
        for (Node node : GPT2.nodes()) assertTrue(svg.contains(">" + node.name() + "</text>"), node.name());
        assertEquals(GridPicture.MOST, count(svg, "<path "));
        assertTrue(svg.contains("32,491 edges · 157 nodes · the strongest 3,000 are drawn"), "its caption says so");
    }

    @Test
    void everyNodeIsAtItsOwnPlaceWhateverTheCircuit() {
        String few = svg(Selection.top(scores(GPT2), 30, true), PictureStyle.PLAIN);
        String many = svg(Selection.top(scores(GPT2), 900, true), PictureStyle.PLAIN);
        Pattern named = Pattern.compile(
                "<text x=\"[0-9.]+\" y=\"[0-9.]+\"[^>]*>(a[0-9]+\\.h[0-9]+|m[0-9]+|input|logits)</text>");
        Set<String> places =
                Set.copyOf(named.matcher(many).results().map(MatchResult::group).toList());
        assertTrue(places.size() > 100);
        assertTrue(places.containsAll(
                named.matcher(few).results().map(MatchResult::group).toList()));
        assertEquals(30, count(few, "<path "));
    }

    @Test
    void groupsAreDrawnAsOneAndLabelledBySums() {
        ModelGraph graph = new ModelGraph(2, 3, true);
        String svg = svg(Circuit.full(graph), new PictureStyle(EdgeColour.PORT, true, true, Set.of("a1.h0")));
        assertTrue(svg.contains(">a0</text>") && svg.contains(">a1</text>") && !svg.contains(">a0.h1</text>"));
        assertFalse(svg.contains("the strongest"));
        assertTrue(count(svg, "font-size=\"9\"") > 10, "labels");
    }

    @Test
    void itIsAPngOrAnSvgAndNothingElse() throws Exception {
        String svg = svg(Selection.top(scores(GPT2), 50, true), PictureStyle.PLAIN);
        SvgWriter.write(svg, folder.resolve("a.png"), () -> {});
        assertTrue(ImageIO.read(folder.resolve("a.png").toFile()).getWidth() > 1500);
        SvgWriter.write(svg, folder.resolve("a.svg"), () -> {});
        assertEquals(svg, Files.readString(folder.resolve("a.svg")));
        UserError e = assertThrows(UserError.class, () -> PictureWriter.checkDrawnByUs(folder.resolve("a.pdf")));
        assertEquals(ErrorCode.UNKNOWN_FORMAT, e.code());
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void noEdgesIsAPictureToo(boolean parallel) {
        assertTrue(svg(Circuit.empty(new ModelGraph(1, 1, parallel)), PictureStyle.PLAIN)
                .contains(">logits</text>"));
    }
}
