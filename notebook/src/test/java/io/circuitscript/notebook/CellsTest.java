package io.circuitscript.notebook;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What cells show, as a client sees it. */
final class CellsTest {
    @TempDir
    private static Path folder;

    private static RunningKernel kernel;
    private static KernelClient client;

    @BeforeAll
    static void start() throws IOException {
        kernel = new RunningKernel(folder);
        client = kernel.client;
    }

    @AfterAll
    static void end() {
        kernel.close();
        assertEquals("", kernel.printed());
    }

    @Test
    void outputsComeInTheOrderOfTheCell() {
        KernelClient.Ran ran =
                client.run("print 0\n0 + 1\n[1, 2]\nprint 2\n!echo three\n%time\n%time\n!echo four >&2\n5");
        assertEquals(
                List.of("stream", "display_data", "stream", "display_data", "display_data", "stream", "execute_result"),
                ran.types());
        assertEquals("ok", ran.status());
        List<String> texts = ran.outputs().stream().map(it -> it.text().strip()).toList();
        assertEquals("0\n1", texts.getFirst());
        assertEquals("[1, 2]", texts.get(1));
        assertEquals("2\nthree", texts.get(2));
        assertEquals("stderr", ran.outputs().get(5).content().path("name").asText());
        assertEquals("5", texts.getLast());
        assertEquals(
                ran.reply().path("execution_count"),
                ran.outputs().getLast().content().path("execution_count"));
    }

    @Test
    void aMistakeNamesItsPlaceInTheCell() {
        KernelClient.Ran ran = client.run("let a = 1\n%vars\n!true\nlet b = a + unheard");
        assertEquals("error", ran.status());
        assertEquals("E0201", ran.reply().path("ename").asText());
        int cell = ran.reply().path("execution_count").asInt();
        assertTrue(ran.traceback().contains("<cell " + cell + ">:4:13"), ran.traceback());
        assertTrue(ran.traceback().contains("let b = a + unheard\n  |             ^^^^^^^"), ran.traceback());
        assertEquals("error", ran.types().getLast());
        assertEquals(
                ran.reply().path("traceback"), ran.outputs().getLast().content().path("traceback"));
    }

    @Test
    void aCellThatCannotBeReadDoesNothing() {
        KernelClient.Ran ran = client.run("print \"before\"\n!touch made\nlet = 3\n%time\nprint )");
        assertEquals("error", ran.status());
        assertEquals(List.of("error"), ran.types());
        assertTrue(ran.traceback().contains(":3:1"), ran.traceback());
        assertTrue(ran.traceback().contains(":5:7"), ran.traceback());
        assertFalse(Files.exists(folder.resolve("made")));
    }

    @Test
    void allMistakesOfACellAreShown() {
        KernelClient.Ran ran = client.run("let a = first\nlet b = second");
        assertTrue(ran.traceback().contains("`first`") && ran.traceback().contains("`second`"), ran.traceback());
    }

    @Test
    void commandsOfThePromptStandBetweenStatements() throws IOException {
        KernelClient.Ran ran = client.run("let seven = 7\n%vars\n:vars\n%save! kept.circuit");
        assertEquals("ok", ran.status(), ran::traceback);
        assertEquals(2, ran.text().split("seven +number +7", -1).length - 1, ran.text());
        assertTrue(Files.readString(folder.resolve("kept.circuit")).contains("let seven = 7"));
        assertTrue(client.run("%help").text().contains("%save!"));
        KernelClient.Ran help = client.run("%help");
        assertFalse(help.text().contains("%edit"));
        assertEquals(List.of("display_data"), help.types());
        assertTrue(help.outputs().getFirst().html().contains("word-break:normal"), help.text());
    }

    @Test
    void whatNeedsATerminalIsRefused() {
        for (String command : List.of("%edit", "%quit", "exit")) {
            KernelClient.Ran ran = client.run(command);
            assertEquals("error", ran.status(), command);
            assertTrue(ran.traceback().contains("= help: "), ran.traceback());
        }
        assertTrue(client.run("%stat").traceback().contains("did you mean %state?"));
        String commands = client.run("%bogus").traceback();
        assertTrue(commands.contains("%reset"), commands);
        assertFalse(commands.contains("%edit") || commands.contains("%quit"), commands);
        assertTrue(client.run("exit").traceback().contains("`exit` does not leave a notebook"));
    }

    @Test
    void aFileElsewhereIsRefusedWithTheWayOutOfANotebook() {
        KernelClient.Ran ran = client.run("load demo\nsave \"/elsewhere/circuit.json\"");
        assertEquals("E0651", ran.reply().path("ename").asText(), ran::traceback);
        assertTrue(ran.traceback().contains("help: %cd FOLDER"), ran.traceback());
        assertTrue(ran.traceback().contains("circuit jupyter install --allow-write=FOLDER"), ran.traceback());
    }

    @Test
    void aPercentSignWithinAStatementIsPartOfIt() {
        KernelClient.Ran ran = client.run("for i in 1..2 {\n%vars\n}");
        assertEquals("error", ran.status());
        assertTrue(ran.traceback().contains(":2:1"), ran.traceback());
    }

    @Test
    void aClientMayKnowTheNumberOfACell() {
        Function<String, String> traceback = name -> client.run(
                        KernelClient.object().put("code", "print nowhere").put("circuitscript_name", name))
                .traceback();
        assertTrue(traceback.apply("<cell 4711>").contains("<cell 4711>"));
        for (String name : List.of("<b>\u001b[2J</b>", "x".repeat(1 << 16), "<cell 4711>\n")) {
            String shown = traceback.apply(name);
            assertTrue(shown.contains("<cell ") && !shown.contains("4711") && !shown.contains(name), shown);
        }
    }

    @Test
    void aQuestionIsAnsweredBesideTheNotebook() {
        KernelClient.Ran ran = client.run("greedy?");
        assertEquals(List.of(), ran.outputs());
        String page = ran.reply()
                .path("payload")
                .path(0)
                .path("data")
                .path("text/plain")
                .asText();
        assertTrue(page.startsWith("greedy EDGES"), page);
        KernelClient.Ran wrong = client.run("gredy?");
        assertEquals("error", wrong.status());
        assertTrue(wrong.traceback().contains("did you mean greedy or grid?"), wrong.traceback());
        assertFalse(wrong.traceback().contains("-->"), wrong.traceback());
    }

    @Test
    void theShellsOutputIsTheCells() {
        KernelClient.Ran ran = client.run("!echo out; echo err >&2; cat; exit 3");
        assertEquals("ok", ran.status());
        assertTrue(ran.text().contains("out") && ran.text().contains("err"), ran.text());
        assertTrue(ran.text().contains("exit status 3"), ran.text());
    }

    @Test
    void textOfUsersIsNoHtml() {
        KernelClient.Ran ran = client.run(
                "[(name=\"<script>alert(1)</script>\", of=\"<b>&\")]\nlet evil = \"<img src=x onerror=y>\"\nevil");
        String html = ran.outputs().stream().map(KernelClient.Received::html).collect(Collectors.joining());
        assertTrue(html.contains("&lt;script&gt;"), html);
        assertFalse(html.contains("<script") || html.contains("<img") || html.contains("<b>"), html);
        assertTrue(html.contains("<table"), html);
    }

    @Test
    void aLongTableIsCutAndShownInFullWhereAsked() {
        KernelClient.Ran ran = client.run("print (for i in 1..300 { (row=i, square=i * i) })");
        assertEquals("ok", ran.status(), ran::traceback);
        String html = ran.outputs().getFirst().html();
        assertTrue(html.contains(">200</td>") && !html.contains(">201</td>"), html);
        assertTrue(html.contains("100 more rows"), html);
        assertTrue(ran.text().contains("more lines: %all shows them"), ran.text());
        String all = client.run("%all").outputs().getFirst().html();
        assertTrue(all.contains(">300</td>"), all);
    }

    @Test
    void manyOutputsDoNotFloodTheNotebook() {
        KernelClient.Ran printed = client.run("for i in 1..20000 { print i }");
        assertTrue(printed.outputs().size() < 100, printed.outputs().size() + " messages");
        assertEquals(
                IntStream.rangeClosed(1, 20000).mapToObj(Integer::toString).collect(Collectors.joining("\n", "", "\n")),
                printed.text());
        KernelClient.Ran shown = client.run("for i in 1..1000 { [i] }");
        assertTrue(shown.outputs().size() < 300, shown.outputs().size() + " messages");
        KernelClient.Ran shell = client.run("!yes | head -c 5000000");
        assertTrue(shell.text().length() < 1_200_000, shell.text().length() + " characters");
    }

    @Test
    void silentCellsShowNothingAndDoNotCount() {
        int before = client.run("1").reply().path("execution_count").asInt();
        KernelClient.Ran silent =
                client.run(KernelClient.object().put("code", "[1, 2]").put("silent", true));
        assertEquals(List.of(), silent.outputs());
        client.run(KernelClient.object().put("code", "2").put("store_history", false));
        assertEquals(before + 1, client.run("1").reply().path("execution_count").asInt());
    }

    @Test
    void expressionsOfAClientAreEvaluated() {
        var content = KernelClient.object().put("code", "let wanted = 6");
        content.putObject("user_expressions").put("a", "wanted * 7").put("b", "nowhere");
        var values = client.run(content).reply().path("user_expressions");
        assertEquals("42", values.path("a").path("data").path("text/plain").asText());
        assertEquals("error", values.path("b").path("status").asText());
        assertFalse(client.run("%results").text().contains("wanted * 7"));
    }

    @Test
    void cellsAfterAMistakeAreNotRun() {
        String first = client.begin("!sleep 0.3\nlet a = missing");
        String second = client.begin("print \"never\"");
        String third = client.begin(
                KernelClient.object().put("code", "let a = missing").put("stop_on_error", false));
        String tail = client.request("kernel_info_request", KernelClient.object());
        assertEquals("error", client.end(first).status());
        KernelClient.Ran skipped = client.end(second);
        assertEquals("aborted", skipped.status());
        assertFalse(skipped.reply().has("execution_count"), "a cell that did not run has no number");
        assertEquals("aborted", client.end(third).status());
        assertEquals("ok", client.answer(tail).content().path("status").asText());
        String mistaken = client.begin(
                KernelClient.object().put("code", "!sleep 0.3\nmissing").put("stop_on_error", false));
        String next = client.begin("print \"still\"");
        assertEquals("error", client.end(mistaken).status());
        assertEquals("still\n", client.end(next).text());
    }

    @Test
    void aCellIsCompleteByTheLanguage() {
        assertEquals("incomplete", completeness("for i in 1..3 {"));
        assertEquals("complete", completeness("for i in 1..3 {\n}"));
        assertEquals("invalid", completeness("let = 3"));
        assertEquals("complete", completeness("%save"));
    }

    private static String completeness(String code) {
        return client.ask("is_complete_request", KernelClient.object().put("code", code))
                .content()
                .path("status")
                .asText();
    }

    @Test
    void completionCountsCodePoints() {
        String code = "print \"\uD83E\uDDE0\"; gre";
        var reply = client.ask(
                        "complete_request",
                        KernelClient.object()
                                .put("code", code)
                                .put("cursor_pos", code.codePointCount(0, code.length())))
                .content();
        assertEquals("greedy", reply.path("matches").path(0).asText());
        assertEquals(11, reply.path("cursor_start").asInt());
        assertEquals(14, reply.path("cursor_end").asInt());
        assertEquals(
                "keyword",
                reply.path("metadata")
                        .path("_jupyter_types_experimental")
                        .path(0)
                        .path("type")
                        .asText());
    }

    @Test
    void filesAreCompletedAfterACommandAndInAString() throws IOException {
        Files.writeString(folder.resolve("known.circuit"), "print 1\n");
        for (String code : List.of("let a = 1\n%load kn", "import \"kn")) {
            var matches = client.ask("complete_request", KernelClient.object().put("code", code))
                    .content()
                    .path("matches");
            assertTrue(matches.path(0).asText().startsWith("known.circuit"), matches.toString());
        }
    }

    @Test
    void dataOfTheStandardLibraryIsCompleted() {
        for (String code : List.of("data \"std/gr", "data \"gr")) {
            var reply = client.ask("complete_request", KernelClient.object().put("code", code))
                    .content();
            assertEquals("std/greater-than.csv\"", reply.path("matches").path(0).asText(), code);
        }
    }

    @Test
    void inspectionExplainsTheWordAtTheCursor() {
        client.run("let total = 42");
        assertTrue(explained("attribute method=eap", 3, 0).startsWith("attribute [method=eap-ig]"));
        assertTrue(explained("attribute method=eap", 14, 0).startsWith("attribute method="));
        assertTrue(explained("print total", 8, 0).startsWith("total: "));
        assertTrue(explained("%save", 3, 0).startsWith("%save FILE"));
        assertFalse(explained("greedy", 6, 0).contains("example"));
        assertTrue(explained("greedy", 6, 1).contains("example"));
        assertEquals("", explained("zzz", 2, 0));
    }

    @Test
    void inspectionExplainsNodesAndEdges() {
        client.run("load demo");
        String edge = "ablate m0->a2.h1<v>";
        assertTrue(explained(edge, 8, 0).startsWith("m0: the MLP of layer 0 of 4\nm0->a2.h1<v>: 1 edge of 479"));
        for (int cursor : List.of(11, 13, 16))
            assertTrue(explained(edge, cursor, 0).startsWith("a2.h1: attention head 1 of layer 2 of 4"));
        assertTrue(explained(edge, 3, 0).startsWith("ablate "));
        assertTrue(explained("edges m* -> logits", 7, 0).startsWith("m*: 4 nodes: m0, m1, m2, m3"));
        var payload = client.run("m3?").reply().path("payload").path(0).path("data");
        assertEquals("m3: the MLP of layer 3 of 4", payload.path("text/plain").asText());
    }

    private static String explained(String code, int cursor, int detail) {
        var content = KernelClient.object()
                .put("code", code)
                .put("cursor_pos", cursor)
                .put("detail_level", detail);
        var reply = client.ask("inspect_request", content).content();
        assertEquals(reply.path("found").asBoolean(), reply.path("data").has("text/plain"));
        return reply.path("data").path("text/plain").asText();
    }
}
