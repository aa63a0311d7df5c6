package io.circuitscript.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code run --each} and {@code slurm}, as somebody at a shell sees them. */
@Timeout(300)
final class EachTest extends ScriptFolder {
    private static final String SCRIPT = """
            param n = 1
            param word = "a"
            expect n < 4
            print word
            n * 2
            """;

    private static final String TABLE = "n,word,value\n1,a,2\n1,b,2\n2,a,4\n2,b,4\n";

    @BeforeEach
    void script() throws IOException {
        file("x.circuit", SCRIPT);
    }

    private CommandRun run(String... words) {
        List<String> all = new ArrayList<>(List.of("run"));
        all.addAll(List.of(words));
        return CommandRun.of(folder, all.toArray(String[]::new));
    }

    private List<String> names(String in) throws IOException {
        try (Stream<Path> files = Files.list(folder.resolve(in))) {
            return files.map(it -> it.getFileName().toString()).sorted().toList();
        }
    }

    @Test
    void eachCellHasAFolderAndTheTableHasThemAll() throws IOException {
        CommandRun all = run("x.circuit", "--each", "n=1..2", "--each", "word=[a, \"b\"]", "--jobs", "2");
        assertEquals(0, all.exitCode(), all.err());
        assertEquals("4 of 4 cells: 4 rows in x.csv\n", all.out());
        assertEquals(TABLE, text("x.csv"));
        assertEquals(
                List.of("each.json", "each.lock", "n=1,word=a", "n=1,word=b", "n=2,word=a", "n=2,word=b"),
                names("out"));
        assertTrue(text("out/n=2,word=b/x.log").endsWith("\nb\n4\n"));
        assertEquals(
                4, all.err().lines().filter(it -> it.contains(" is done (")).count(), all.err());

        // The same again: nothing is missing. A cell that is gone is run, one that is damaged too.
        Files.delete(folder.resolve("x.csv"));
        Files.delete(folder.resolve("out/n=1,word=b/x.cell.json"));
        file("out/n=2,word=a/x.cell.json", "{");
        CommandRun rest = run("x.circuit", "--each", "n=1..2", "--each", "word=[a, b]", "--resume", "--json");
        assertEquals(0, rest.exitCode(), rest.err());
        assertEquals("note: 2 of 4 cells are finished already\n", rest.err());
        assertEquals(3, rest.out().lines().count(), rest.out());
        assertTrue(rest.out().endsWith("{\"cells\":4,\"finished\":4,\"rows\":4,\"table\":\"x.csv\"}\n"), rest.out());
        assertEquals(TABLE, text("x.csv"));
        assertTrue(text("out/n=1,word=b/x.jsonl")
                .contains("{\"statement\":\"print\",\"line\":4,\"value\":\"b\",\"vars\":{\"n\":1,\"word\":\"b\"}"));

        // A longer list keeps what is there; a folder of cells takes nothing else.
        CommandRun more =
                run("x.circuit", "--each", "n=1..3", "--each", "word=[a, b]", "--resume", "--table", "y.jsonl");
        assertEquals(0, more.exitCode(), more.err());
        assertTrue(more.err().startsWith("note: 4 of 6 cells are finished already\n"), more.err());
        assertEquals(
                "{\"n\":1,\"word\":\"a\",\"value\":2}",
                text("y.jsonl").lines().findFirst().orElseThrow());
        file("x.circuit", SCRIPT + "# changed\n");
        refused(
                run("x.circuit", "--each", "n=1..2", "--each", "word=[a, b]", "--resume"),
                "E0670",
                "the script has changed");
        file("x.circuit", SCRIPT);
        refused(run("x.circuit", "--each", "n=1..2"), "E0670", "--each of n, word, now of n");
        refused(run("x.circuit", "--each", "n=1..2", "--each", "word=[a, b]", "--jobs", "1"), "E0670", "--jobs 1");
        Files.copy(folder.resolve("x.circuit"), folder.resolve("other.circuit"));
        refused(run("other.circuit", "--each", "n=1..2", "--each", "word=[a, b]"), "E0670", "those of x.circuit");
    }

    private static void refused(CommandRun run, String code, String part) {
        assertEquals(65, run.exitCode(), run.err());
        assertTrue(run.err().startsWith("error[" + code + "]") && run.err().contains(part), run.err());
        assertEquals(1, run.err().split("error").length - 1, run.err());
    }

    @Test
    void aFailingCellDoesNotStopTheOthers() throws IOException {
        CommandRun some = run("x.circuit", "--each", "n=[5, 1, 2]");
        assertEquals(70, some.exitCode(), some.err());
        assertEquals("n,value\n1,2\n2,4\n", text("x.csv"));
        assertTrue(some.err().contains("error[E0671]: 1 of 3 cells failed; the table is without them\n"), some.err());
        assertTrue(some.err().contains("= note: n=5: error["), some.err());
        assertTrue(some.err().contains("(log: out/n=5/x.log)"), some.err());
        assertTrue(some.err().contains("circuit run x.circuit --each 'n=[5, 1, 2]' --resume"), some.err());
        assertTrue(text("out/n=5/x.log").contains("error["));
        // All agree.
        CommandRun all = run("x.circuit", "--each", "n=[5, 6]", "--out", "other", "--table", "other.csv");
        assertEquals(1, all.exitCode(), all.err());
        assertFalse(Files.exists(folder.resolve("other.csv")));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            m=1..2           |                    | 65 | error[E0122]: --each m: the script has no param of that name
            n=[1, x]         |                    | 65 | and --each gives "x"
            n=[]             |                    | 64 | error: --each n has an empty list
            n=3              |                    | 64 | error: --each n needs a list or a range, and gets 3
            n                |                    | 64 | error: --each needs NAME=LIST, not 'n'
            n=[1, 2, 1]      |                    | 64 | error: --each n has 1 twice
            n=1..2           | --each n=3..4      | 64 | error: --each n is given twice
            n=1..2           | -D n=3             | 64 | error: both --each and -D give n
            n=1..20000       |                    | 64 | error: these lists make 20,000 cells, and 10,000 is the most
            n=1..2           | --table t.xls      | 65 | the name t.xls does not say which format the table has
            n=1..2           | --jobs 0           | 64 | error: --jobs needs a whole number from 1 to 9999, not '0'
            n=1..2           | --cell 2           | 64 | error: there is no cell 2: the last one of 2 is 1
            n=1..2           | --collect          | 66 | error[E0672]: there are no cells of this script in out
            n=1..2           | --table x.circuit  | 65 | the cells read x.circuit, and their table would be written over it
            n=1..2           | --out x.circuit    | 65 | the cells' folders go into the folder x.circuit, and that is a file
            """)
    void aMistakeIsOneMessageAndNothingRuns(String each, String more, int code, String message) {
        List<String> words = new ArrayList<>(List.of("x.circuit", "--each", each));
        if (more != null) words.addAll(List.of(more.split(" ")));
        CommandRun run = run(words.toArray(String[]::new));
        assertEquals(code, run.exitCode(), run.err());
        String said = run.err().replaceAll("E0[0-9]{3}", "E0");
        assertTrue(said.contains(message.replaceAll("E0[0-9]{3}", "E0")), run.err());
        assertEquals(1, run.err().lines().filter(it -> it.startsWith("error")).count(), run.err());
        assertFalse(Files.exists(folder.resolve("out")), "nothing ran");
    }

    @Test
    void aMistakeInTheScriptIsToldOnceAndBeforeTheFirstCell() throws IOException {
        file("x.circuit", SCRIPT + "prnt n\nif n > 1 { print nothing }\n");
        CommandRun run = run("x.circuit", "--each", "n=1..3");
        assertEquals(65, run.exitCode());
        assertEquals(1, run.err().split("no statement `prnt`").length - 1, run.err());
        assertFalse(Files.exists(folder.resolve("out")));
        file("x.circuit", "param n = 1\nload demo\nsave \"../found.json\"\n");
        run = run("x.circuit", "--each", "n=1..2");
        assertEquals(65, run.exitCode());
        assertTrue(run.err().contains("E0651") || run.err().contains("needs"), run.err());
        assertFalse(Files.exists(folder.resolve("out")));
    }

    @Test
    void whatIsThereIsNotLost() throws IOException {
        file("x.csv", "clean,corrupted\n");
        refused(
                run("x.circuit", "--each", "n=1..2"),
                "E0605",
                "x.csv exists and is not the table that these cells left there");
        Files.createDirectories(folder.resolve("elsewhere"));
        Files.createDirectories(folder.resolve("out"));
        Files.createSymbolicLink(folder.resolve("out/n=1"), folder.resolve("elsewhere"));
        refused(run("x.circuit", "--each", "n=1..2", "--table", "t.csv"), "E0609", "it is a link");
        Files.delete(folder.resolve("out/n=1"));
        file("out/n=2", "a file");
        refused(run("x.circuit", "--each", "n=1..2", "--table", "t.csv"), "E0609", "it is a file");
        Files.delete(folder.resolve("out/n=2"));
        Files.createDirectories(folder.resolve("out/n=2"));
        file("out/n=2/mine.txt", "mine");
        refused(run("x.circuit", "--each", "n=1..2", "--table", "t.csv"), "E0670", "is not a cell of this script");
        pairs(41, 52);
        file("pairs.circuit", "param n = 1\nload demo\ndata \"pairs.csv\"\n");
        refused(run("pairs.circuit", "--each", "n=1..2"), "E0605", "the cells read pairs.csv");
        assertEquals("clean,corrupted\n", text("x.csv"));
    }

    /** 15 cells of two parameters would take a minute: four show the same. */
    @Test
    void theRecordOfEachCellVerifies() throws IOException {
        pairs(41, 52, 63);
        file("y.circuit", """
                param n = 10
                param seed = 1
                seed seed
                load demo
                data "pairs.csv"
                attribute ig=2
                greedy n
                save "found.json"
                let r = evaluate
                """);
        CommandRun all = run("y.circuit", "--each", "n=[5, 10]", "--each", "seed=[1]", "--record", "--jobs", "2");
        assertEquals(0, all.exitCode(), all.err());
        assertTrue(text("y.csv").startsWith("n,seed,metric,baseline,corrupted,faithfulness,edges"), text("y.csv"));
        for (String cell : List.of("n=5,seed=1", "n=10,seed=1")) {
            String record = text("out/" + cell + "/y.record.json");
            assertTrue(record.contains("\"runs\" : 2") && record.contains("\"threads\" : 1"), record);
            assertTrue(Files.exists(folder.resolve("out/" + cell + "/found.json")));
            CommandRun verified = CommandRun.of(folder, "verify", "out/" + cell + "/y.record.json");
            assertEquals(0, verified.exitCode(), verified.err() + verified.out());
            assertEquals("", verified.err(), "with the same threads as before");
        }
        assertFalse(Files.exists(folder.resolve("found.json")));
    }

    @Test
    void aJobArrayGivesTheSameTable() throws Exception {
        String hostile = "word=[\"it's\", \"$(touch bad)\", \"a\\nb\", \"`touch bad`; \\\"x\\\" \\\\\"]";
        CommandRun slurm = CommandRun.of(
                folder,
                "slurm",
                "x.circuit",
                "--each",
                "n=[1, 5]",
                "--each",
                hostile,
                "--time",
                "1:00:00",
                "--gpus",
                "1",
                "--cpus",
                "2",
                "--memory",
                "8G",
                "--jobs-at-once",
                "3",
                "--",
                "--partition=a b");
        assertEquals(0, slurm.exitCode(), slurm.err());
        List<String> lines = slurm.out().lines().toList();
        assertEquals("#!/bin/bash", lines.getFirst());
        assertTrue(
                lines.containsAll(List.of(
                        "#SBATCH --array=0-7%3",
                        "#SBATCH --time=1:00:00",
                        "#SBATCH --gpus=1",
                        "#SBATCH --cpus-per-task=2",
                        "#SBATCH --mem=8G",
                        "#SBATCH \"--partition=a b\"")),
                slurm.out());
        file("array.sh", slurm.out());
        Path programs = Files.createDirectory(folder.resolve("programs"));
        launcher(programs.resolve("circuit"));
        for (int i = 0; i < 7; i++) { // the last one is missing
            ProcessBuilder task = new ProcessBuilder(
                            "bash", folder.resolve("array.sh").toString())
                    .directory(programs.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(folder.resolve("task.log").toFile());
            task.environment().put("SLURM_ARRAY_TASK_ID", String.valueOf(i));
            task.environment().merge("PATH", programs + ":", (path, before) -> before + path);
            assertEquals(i < 4 ? 0 : 1, task.start().waitFor(), text("task.log"));
        }
        assertFalse(Files.exists(folder.resolve("bad")));
        String[] collect = {"x.circuit", "--each", "n=[1, 5]", "--each", hostile, "--collect"};
        CommandRun collected = run(collect);
        assertEquals(70, collected.exitCode(), collected.err());
        assertTrue(collected.err().startsWith("error[E0671]: 3 of 8 cells failed, and 1 are missing"), collected.err());
        String table = text("x.csv");
        assertEquals(
                "n,word,value\n1,it's,2\n1,$(touch bad),2\n1,\"a\nb\",2\n1,\"`touch bad`; \"\"x\"\" \\\",2\n", table);
        CommandRun local =
                run("x.circuit", "--each", "n=[1]", "--each", hostile, "--out", "here", "--table", "here.csv");
        assertEquals(0, local.exitCode(), local.err());
        assertEquals(table, text("here.csv"));
    }

    @Test
    void whatSbatchCannotReadIsRefused() {
        for (String option : List.of("--comment=\"x", "a b", "--x=\n#SBATCH --y")) {
            CommandRun slurm = CommandRun.of(folder, "slurm", "x.circuit", "--each", "n=1..2", "--", option);
            assertEquals(64, slurm.exitCode(), slurm.out());
            assertEquals("", slurm.out());
        }
        CommandRun memory = CommandRun.of(folder, "slurm", "x.circuit", "--each", "n=1..2", "--memory", "much");
        assertEquals(64, memory.exitCode());
        assertEquals(64, CommandRun.of(folder, "slurm", "x.circuit").exitCode());
    }

    /** The program under test, as a command. */
    static void launcher(Path file) throws IOException {
        String java = ProcessHandle.current().info().command().orElseThrow();
        Files.writeString(
                file,
                "#!/bin/sh\nexec '" + java
                        + "' --enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -cp '"
                        + System.getProperty("java.class.path") + "' io.circuitscript.cli.Main \"$@\"\n");
        assertTrue(file.toFile().setExecutable(true), file.toString());
    }

    @Test
    void optionsOfAGridNeedOne() {
        for (Map.Entry<String, String> option : Map.of(
                        "--jobs", "2", "--threads", "1", "--memory", "1GB", "--table", "t.csv", "--cell", "0")
                .entrySet()) {
            CommandRun run = run("x.circuit", option.getKey(), option.getValue());
            assertEquals(64, run.exitCode());
            assertTrue(run.err().startsWith("error: " + option.getKey() + " is for a grid"), run.err());
        }
        assertEquals(64, run("-", "--each", "n=1..2").exitCode());
    }
}
