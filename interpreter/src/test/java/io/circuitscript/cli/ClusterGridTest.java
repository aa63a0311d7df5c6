package io.circuitscript.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code run --each --cluster}: a grid on a cluster is that of one machine. The cluster is one of this process, so that Spark is not needed. */
@Timeout(300)
final class ClusterGridTest extends ScriptFolder {
    @BeforeEach
    void script() throws IOException {
        file("x.circuit", "param n = 1\nexpect n < 4\nprint n\nn * 2\n");
    }

    private CommandRun run(String... words) {
        List<String> all = new ArrayList<>(List.of("run", "x.circuit", "--each", "n=[1, 2, 5]"));
        all.addAll(List.of(words));
        return CommandRun.of(folder, all.toArray(String[]::new));
    }

    @Test
    void aGridOnAClusterIsThatOfThisMachine() throws IOException {
        CommandRun here = run("--jobs", "2", "--threads", "1", "--memory", "256MB", "--out", "here");
        assertEquals(70, here.exitCode(), here.err());
        String table = text("x.csv");
        for (String cluster : List.of("threads[2]", "twice[2]")) {
            CommandRun there = run("--cluster", cluster, "--out", cluster, "--table", cluster + ".csv");
            assertEquals(70, there.exitCode(), there.err());
            assertEquals(table, text(cluster + ".csv"));
            assertTrue(there.err().contains("error[E0671]: 1 of 3 cells failed"), there.err());
            assertTrue(there.err().contains("--cluster '" + cluster + "'"), "the command to go on: " + there.err());
            for (String cell : List.of("n=1", "n=2", "n=5"))
                for (String name : List.of("x.cell.json", "x.log"))
                    assertEquals(text("here/" + cell + "/" + name), text(cluster + "/" + cell + "/" + name));
        }
        // What both give to a cell is the same: each goes on where the other was stopped.
        CommandRun rest = run("--cluster", "threads[2]", "--out", "here", "--resume");
        assertTrue(rest.err().startsWith("note: 2 of 3 cells are finished already\n"), rest.err());
        rest = run(("--threads 1 --memory 256MB --jobs 1 --out threads[2] --table threads[2].csv --resume --json")
                .split(" "));
        assertTrue(rest.err().startsWith("note: 2 of 3 cells are finished already\n"), rest.err());
        // Without --memory a cell's memory follows from this machine's size.
        CommandRun other = run("--out", "threads[2]", "--jobs", "2", "--table", "other.csv");
        assertEquals(65, other.exitCode(), other.err());
        assertTrue(other.err().contains("its cells had --jobs 1, --threads 1, --memory 256MB"), other.err());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            --cluster threads[2] --cell 0                | --cell runs one cell on this machine
            --cluster threads[2] --collect               | --collect runs nothing
            --cluster threads[2] --cluster threads[2]    | --cluster is given twice
            --cluster=                                   | --cluster needs a URL
            --cluster-conf spark.executor.memory=4g      | --cluster-conf is for a cluster
            --cluster threads[2] --cluster-conf=         | --cluster-conf needs KEY=VALUE or a file
            """)
    void aWrongUseIsOneMessage(String options, String message) {
        CommandRun run = run(options.split(" "));
        assertEquals(64, run.exitCode(), run.err());
        assertTrue(run.err().startsWith("error: " + message), run.err());
        assertEquals(2, run.err().lines().count(), run.err());
    }

    @Test
    void aScriptFromAPipeStaysHere() {
        CommandRun run = CommandRun.of(folder, "run", "-", "--cluster", "threads[2]");
        assertEquals(64, run.exitCode(), run.err());
        assertTrue(run.err().startsWith("error: --cluster is for a script in a file"), run.err());
    }

    /** It says with which threads it was made, and these give the same bytes alone. */
    @Test
    void theRecordOfAClusterVerifiesAlone() throws IOException {
        pairs(41, 52, 63);
        file("y.circuit", "load demo\ndata \"pairs.csv\"\nattribute ig=2\ngreedy 10\nsave \"found.json\"\nevaluate\n");
        CommandRun made =
                CommandRun.of(folder, "run", "y.circuit", "--cluster", "threads[2]", "--record", "--out", "o");
        assertEquals(0, made.exitCode(), made.err());
        String record = text("o/y.record.json");
        assertTrue(record.contains("\"share\" : {\n    \"threads\" : 1,\n    \"memory\" : 0,"), record);
        CommandRun verified = CommandRun.of(folder, "verify", "o/y.record.json");
        assertEquals(0, verified.exitCode(), verified.out() + verified.err());
        assertEquals("", verified.err(), "with the same threads as before");
    }
}
