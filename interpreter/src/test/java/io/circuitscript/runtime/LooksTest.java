package io.circuitscript.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.circuitscript.source.ErrorCode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a reader finds in the reports and pictures of a script. */
class LooksTest {
    private static final String READY = "set threads=1; load demo; data \"greater-than.csv\" limit=6; attribute ig=2; ";
    private static final String TEXTS =
            "\"The war lasted from the year 1741 to the year 17\" \"The war lasted from the year 1701 to the year 17\"";

    @TempDir
    Path folder;

    @BeforeEach
    void copyData() throws Exception {
        Files.copy(Path.of("..", "examples", "greater-than.csv"), folder.resolve("greater-than.csv"));
    }

    private ScriptRun run(String script) {
        ScriptRun run = ScriptRun.of(script, folder);
        assertEquals(List.of(), run.mistakes());
        return run;
    }

    private String written(String file) throws Exception {
        return Files.readString(folder.resolve("out").resolve(file));
    }

    private static int times(String part, String text) {
        return text.split(java.util.regex.Pattern.quote(part), -1).length - 1;
    }

    @Test
    void aReportHasTheTablesOfItsResults() throws Exception {
        run(
                READY
                        + "nodes; edges top=3; edges; check-scores edges=4; sweep sizes=[2%, 20%]; predict \"The war\" top=2; tokens \"a <b\"; report \"r.html\"");
        String page = written("r.html");
        for (String row : List.of(
                "<tr><td>a3.h3</td>",
                "<th>finite difference</th>",
                "<th>faithfulness, signed</th>",
                "<tr><td>20%</td>",
                "<th>probability</th>",
                "… and 476 more",
                "… and 279 more",
                "&lt;b")) {
            assertTrue(page.contains(row), row);
        }
    }

    @Test
    void aReportHasWhatWasPrinted() throws Exception {
        run(READY + "let r = evaluate; print r; print [[1, 2], [3]]; print 1..40; report \"r.html\"");
        String page = written("r.html");
        assertTrue(page.contains("value <b>{metric: ") && page.contains("values: ["), page);
        assertTrue(page.contains("value <b>[[1, 2], [3]]") && page.contains("value <b>[1, 2, 3, "), page);
    }

    @Test
    void aReportFoldsLongSetsAndSaysHowManyTheyHold() throws Exception {
        run(READY + "greedy 40; keep hand; top 20; compare hand; report \"r.html\"");
        String page = written("r.html");
        assertTrue(page.contains("a_name <b>hand</b>") && page.contains("b_name <b>current</b>"), page);
        assertTrue(
                page.matches("(?s).*<details><summary>common_edges <b>\\d+ edges</b></summary>\\{input-&gt;.*"), page);
        assertFalse(page.contains("… 2"), page);
    }

    @Test
    void aReportHasTheHeatMapOfEveryPatch() throws Exception {
        run("load demo; patch " + TEXTS + "; patch " + TEXTS + " over=head; patch " + TEXTS
                + " over=mlp; plot \"mlp.svg\"; report \"r.html\"");
        String page = written("r.html");
        for (String what : List.of("the stream before a layer", "a head's output", "what an MLP adds")) {
            assertEquals(1, times("<title>What patching brings back: " + what + "</title>", page), what);
        }
        assertTrue(written("mlp.svg").contains("what an MLP adds"));
        assertTrue(page.contains("logit of \"") && page.contains("\" less that of \""));
    }

    @Test
    void aPlotOfTheLastSweepsLeavesTheOthersOut() throws Exception {
        String sweeps = "sweep sizes=[2%, 20%]; sweep sizes=[2%, 20%] by=top; sweep sizes=[2%, 20%] with=zero; ";
        run(READY + sweeps + "plot \"all.svg\"; plot \"two.svg\" last=2; plot \"more.svg\" of=sweep last=50;");
        assertEquals(6, times("scores (C", written("all.svg")));
        assertEquals(4, times("scores (C", written("two.svg")));
        assertTrue(written("two.svg").contains("zero ablation")
                && written("two.svg").contains("top"));
        assertEquals(written("all.svg"), written("more.svg"));
        ScriptRun wrong = ScriptRun.of(READY + "plot \"s.svg\" of=scores last=2", folder);
        assertEquals(List.of(ErrorCode.WRONG_VALUE), wrong.codes());
        assertEquals(
                List.of(ErrorCode.TOO_EARLY),
                ScriptRun.of(READY + "plot \"s.svg\" last=2", folder).codes());
    }

    @Test
    void aPictureOfAPartSaysThatItIsOne() throws Exception {
        run(
                READY
                        + "top 26; render \"part.dot\" around=m2; render \"part.svg\" around=m2 layout=grid; render \"whole.dot\"");
        assertTrue(written("part.dot").matches("(?s).*paths to m2: \\d+ of 26 edges.*"), written("part.dot"));
        assertTrue(written("part.svg").matches("(?s).*paths to m2: \\d+ of 26 edges.*"));
        assertFalse(written("whole.dot").contains("paths to"));
    }

    @Test
    void nodesThatWereScoredShowTheirScores() throws Exception {
        String script =
                "attribute level=node; top 6 level=node; render \"nodes.dot\"; render \"nodes.svg\" layout=grid; render \"grouped.dot\" group=true; ";
        run(READY + "render \"edges.dot\"; " + script);
        assertTrue(written("nodes.dot").matches("(?s).*label=\"m0\\\\n\u2212?[0-9.]+\".*"), written("nodes.dot"));
        assertTrue(written("nodes.dot").contains("below a node: its score")
                && written("nodes.svg").contains("below a node: its score"));
        assertTrue(written("nodes.svg")
                .matches("(?s).*>m0</text>\\s*<text [^>]*font-size=\"8\"[^>]*>\u2212?[0-9.]+</text>.*"));
        assertFalse(written("edges.dot").contains("below a node"));
    }

    @Test
    void aTasksPictureIsTitledByTheTask() throws Exception {
        String task = "load demo; task late-years {\n data \"greater-than.csv\" limit=5\n }\n";
        run(
                task
                        + "task late-years; attribute method=eap; top 20; render \"task.dot\"; plot \"scores.svg\"; data \"greater-than.csv\" limit=5; render \"file.dot\"");
        assertTrue(
                written("task.dot").contains("late-years")
                        && !written("task.dot").contains("greater-than.csv"),
                written("task.dot"));
        assertTrue(written("scores.svg").contains("late-years"), written("scores.svg"));
        assertTrue(written("file.dot").contains("greater-than.csv"), written("file.dot"));
    }

    /** Clean and corrupted alike: what comes of it is said once, however many results it touches. */
    @Test
    void aDoubtOfTheDataIsSaidOnce() throws Exception {
        Files.writeString(folder.resolve("alike.csv"), """
                clean,corrupted,start_year
                The war lasted from the year 1741 to the year 17,The war lasted from the year 1742 to the year 17,41
                The war lasted from the year 1751 to the year 17,The war lasted from the year 1750 to the year 17,51
                The war lasted from the year 1761 to the year 17,The war lasted from the year 1762 to the year 17,61
                """);
        List<String> said =
                run("load demo; data \"alike.csv\"; evaluate\nevaluate\nattribute method=eap\ntop 20; evaluate\nsweep sizes=[10%, 20%]")
                        .said();
        assertEquals(
                1,
                said.stream()
                        .filter(it -> it.contains("means little") || it.contains("mean little"))
                        .count(),
                said.toString());
    }
}
