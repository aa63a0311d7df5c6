package io.circuitscript.render;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.circuitscript.graph.Circuit;
import io.circuitscript.graph.ModelGraph;
import io.circuitscript.graph.Scores;
import io.circuitscript.graph.Selection;
import io.circuitscript.graph.Spans;
import io.circuitscript.source.ErrorCode;
import io.circuitscript.source.UserError;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReportPageTest {
    private static final ModelGraph GRAPH = new ModelGraph(2, 2, false);

    private static final Caption CAPTION = new Caption("demo", "x.csv", 12, 5, OptionalDouble.empty(), "EAP");

    private static Scores scores() {
        double[] values = new double[GRAPH.edgeIndexBound()];
        Circuit.full(GRAPH).edges().stream().forEach(edge -> values[edge] = Math.sin(edge + 1));
        return new Scores(GRAPH, values);
    }

    private static ReportPage page(Circuit circuit, Optional<Scores> scores) {
        var entry = new ReportPage.Entry(
                "evaluate <b>", List.of(new ReportPage.Field("metric", "1 & <2>", "")), Optional.empty());
        return new ReportPage(
                CAPTION,
                "print \"</pre><!--graph-->$1\"",
                List.of(entry),
                List.of(),
                Optional.of(new ReportGraph(circuit, scores)));
    }

    @Test
    void whatIsWrittenInItIsTextAndNoMarkup() {
        String html =
                page(Selection.top(scores(), 12, true), Optional.of(scores())).html();
        assertTrue(html.contains("print &quot;&lt;/pre&gt;&lt;!--graph--&gt;$1&quot;"), html);
        assertTrue(html.contains("evaluate &lt;b&gt;"), html);
        assertTrue(html.contains("1 &amp; &lt;2&gt;"), html);
        assertTrue(html.contains("demo · x.csv") && html.contains("EAP · 12 edges · 5 nodes"), html);
    }

    @Test
    void nothingOfItComesFromElsewhere() {
        String html = page(Circuit.full(GRAPH), Optional.of(scores())).html().replace("http://www.w3.org/2000/svg", "");
        for (String outside : List.of("http:", "https:", "src=", "@import", "<link"))
            assertFalse(html.contains(outside), outside);
    }

    @Test
    void theStrongestEdgesOfTheCircuitComeFirstAndThenTheOthers() throws Exception {
        Circuit circuit = Selection.top(scores(), 12, true);
        ReportGraph graph = new ReportGraph(circuit, Optional.of(scores()));
        JsonNode json = new ObjectMapper().readTree(graph.json());
        assertEquals(12, json.get("size").asInt());
        assertEquals(GRAPH.edgeCount(), json.get("edges").size());
        assertEquals(GRAPH.sources() + 1, json.get("nodes").size());
        double last = Double.MAX_VALUE;
        for (int i = 0; i < 12; i++) {
            JsonNode edge = json.get("edges").get(i);
            assertEquals(1, edge.get(4).asInt());
            assertTrue(Math.abs(edge.get(3).asDouble()) <= last);
            last = Math.abs(edge.get(3).asDouble());
            // From a node of a lower row to one of a higher.
            assertTrue(json.get("nodes").get(edge.get(0).asInt()).get("row").asInt()
                    < json.get("nodes").get(edge.get(1).asInt()).get("row").asInt());
        }
        assertEquals(0, json.get("edges").get(12).get(4).asInt());
    }

    @Test
    void withoutScoresItHasTheCircuitAlone() throws Exception {
        Circuit circuit = Selection.top(scores(), 5, true);
        JsonNode json = new ObjectMapper().readTree(new ReportGraph(circuit, Optional.empty()).json());
        assertEquals(5, json.get("edges").size());
        assertTrue(json.get("edges").get(0).get(3).isNull());
    }

    @Test
    void aLargeModelsPageStaysSmall() {
        ModelGraph large = new ModelGraph(12, 12, false);
        assertEquals(
                ReportGraph.MOST,
                new ReportGraph(Circuit.full(large), Optional.empty()).edges().size());
    }

    @Test
    void anotherEndingIsRefused(@TempDir Path folder) {
        UserError e = assertThrows(
                UserError.class,
                () -> page(Circuit.full(GRAPH), Optional.empty()).write(folder.resolve("run.pdf")));
        assertEquals(ErrorCode.UNKNOWN_FORMAT, e.code());
    }

    /** In a browser, where there is one: no error, the slider takes edges away, a click isolates paths, an edge tells its score. */
    @Test
    void aBrowserShowsItAndAReaderCanPlayWithIt(@TempDir Path folder) throws Exception {
        Optional<Path> browser = browser();
        assumeTrue(browser.isPresent(), "no Chromium on this machine");
        String watch = "<script>window.onerror = m => { document.documentElement.dataset.error = m; };</script>";
        String play = """
                <script>
                const seen = {}, root = document.documentElement, slider = document.getElementById("count");
                const visible = () => [...document.querySelectorAll(".edge")].filter(e => e.style.display !== "none");
                seen.first = visible().length;
                slider.value = 7; slider.dispatchEvent(new Event("input")); seen.fewer = visible().length;
                visible()[6].querySelector(".hit").dispatchEvent(new MouseEvent("mousemove", { clientX: 50, clientY: 50 }));
                seen.note = document.getElementById("note").textContent;
                visible()[6].querySelector(".hit").dispatchEvent(new MouseEvent("click", { bubbles: true }));
                seen.isolated = visible().filter(e => !e.classList.contains("off")).length;
                document.getElementById("all").click();
                seen.again = visible().filter(e => !e.classList.contains("off")).length;
                seen.theme = root.dataset.theme;
                seen.paper = getComputedStyle(document.body).backgroundColor;
                document.getElementById("theme").click();
                seen.otherPaper = getComputedStyle(document.body).backgroundColor;
                root.dataset.seen = JSON.stringify(seen);
                </script>
                """;
        String html =
                page(Selection.top(scores(), 12, true), Optional.of(scores())).html();
        Path file = Files.writeString(
                folder.resolve("run.html"),
                html.replace("<head>", "<head>" + watch).replace("</body>", play + "</body>"));
        String dom = dumped(browser.get(), file, folder);
        assertFalse(dom.contains("data-error"), dom);
        int at = dom.indexOf("data-seen=\"") + "data-seen=\"".length();
        JsonNode seen = new ObjectMapper()
                .readTree(dom.substring(at, dom.indexOf('"', at))
                        .replace("&quot;", "\"")
                        .replace("&gt;", ">")
                        .replace("&lt;", "<"));
        assertEquals(12, seen.get("first").asInt());
        assertEquals(7, seen.get("fewer").asInt());
        assertTrue(seen.get("note").asText().matches("(?s).+->.+\\nscore -?[0-9.]+"), seen.toString());
        assertTrue(seen.get("isolated").asInt() >= 1 && seen.get("isolated").asInt() < 7, seen.toString());
        assertEquals(7, seen.get("again").asInt());
        assertEquals("light", seen.get("theme").asText());
        assertEquals("rgb(255, 255, 255)", seen.get("paper").asText());
        assertEquals("rgb(23, 24, 26)", seen.get("otherPaper").asText());
    }

    /** In a browser, where there is one: a column for each span, edges summed over them, or one span alone. */
    @Test
    void aBrowserFoldsTheSpans(@TempDir Path folder) throws Exception {
        Optional<Path> browser = browser();
        assumeTrue(browser.isPresent(), "no Chromium on this machine");
        ModelGraph graph = GRAPH.at(Spans.inAnyOrder(List.of("S2", "</script><b>", "end")));
        double[] values = new double[graph.edgeIndexBound()];
        Circuit.full(graph).edges().stream().forEach(edge -> values[edge] = Math.sin(edge + 1));
        Scores scores = new Scores(graph, values);
        Circuit circuit = Selection.top(scores, 30, true);
        String play = """
                <script>
                const seen = {}, root = document.documentElement, view = document.getElementById("view");
                const visible = () => [...document.querySelectorAll(".edge")].filter(e => e.style.display !== "none");
                const show = value => { view.value = value; view.dispatchEvent(new Event("change")); return visible().length; };
                seen.views = view.options.length;
                seen.columns = visible().length;
                seen.headings = [...document.querySelectorAll(".heading")].map(e => e.firstChild.textContent).join("|");
                seen.said = document.getElementById("shown").textContent;
                seen.moves = document.querySelectorAll(".move").length > 0;
                seen.edges = show("edges");
                seen.one = show("1");
                seen.named = visible()[0].dataset.edge.endsWith("@<\\/script><b>");
                root.dataset.seen = JSON.stringify(seen);
                </script>
                """;
        String watch = "<script>window.onerror = m => { document.documentElement.dataset.error = m; };</script>";
        String html = page(circuit, Optional.of(scores)).html();
        Path file = Files.writeString(
                folder.resolve("spans.html"),
                html.replace("<head>", "<head>" + watch).replace("</body>", play + "</body>"));
        String dom = dumped(browser.get(), file, folder);
        assertFalse(dom.contains("data-error"), dom);
        int at = dom.indexOf("data-seen=\"") + "data-seen=\"".length();
        JsonNode seen = new ObjectMapper()
                .readTree(dom.substring(at, dom.indexOf('"', at))
                        .replace("&quot;", "\"")
                        .replace("&gt;", ">")
                        .replace("&lt;", "<"));
        assertEquals(5, seen.get("views").asInt());
        assertEquals(30, seen.get("columns").asInt());
        assertEquals("S2|</script><b>|end", seen.get("headings").asText());
        assertEquals("30 edges at spans", seen.get("said").asText());
        assertTrue(seen.get("moves").asBoolean());
        assertEquals(circuit.withoutSpans().edgeCount(), seen.get("edges").asInt());
        long one =
                circuit.edges().stream().filter(edge -> graph.spanOf(edge) == 1).count();
        assertEquals(one, seen.get("one").asInt());
        assertTrue(seen.get("named").asBoolean());
    }

    private static Optional<Path> browser() {
        return Stream.of(Optional.ofNullable(System.getenv("PATH")).orElse("").split(File.pathSeparator))
                .flatMap(folder -> Stream.of("chromium", "chromium-browser", "google-chrome")
                        .map(name -> Path.of(folder, name)))
                .filter(Files::isExecutable)
                .findFirst();
    }

    private static String dumped(Path browser, Path page, Path folder) throws Exception {
        Path out = folder.resolve("dom");
        Process process = new ProcessBuilder(
                        browser.toString(),
                        "--headless",
                        "--no-sandbox",
                        "--disable-gpu",
                        "--user-data-dir=" + folder.resolve("profile"),
                        "--dump-dom",
                        page.toUri().toString())
                .redirectOutput(out.toFile())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        try {
            assertTrue(process.waitFor(60, TimeUnit.SECONDS), "the browser does not come back");
        } finally {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
        return Files.readString(out);
    }
}
