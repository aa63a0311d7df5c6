package io.circuitscript.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.circuitscript.cli.console.ProcessEnvironment;
import io.circuitscript.model.Fixture;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Where a script may write, and that nothing is there where it may not. */
final class WritingTest {
    @TempDir
    private Path all;

    private Path work;
    private Path other;

    @BeforeEach
    void folders() throws IOException {
        work = Files.createDirectory(all.resolve("work"));
        other = Files.createDirectory(all.resolve("other"));
    }

    private CommandRun save(String name, String... options) {
        String[] args = new String[options.length + 2];
        System.arraycopy(options, 0, args, 0, options.length);
        args[options.length] = "-c";
        args[options.length + 1] = "load demo\nsave \"" + name + "\"";
        return CommandRun.of(work, args);
    }

    private static void refused(CommandRun run, String number, Path file) {
        assertEquals(65, run.exitCode(), run.err());
        assertEquals("", run.out(), "found before anything runs");
        assertTrue(run.err().contains("error[" + number + "]"), run.err());
        assertFalse(Files.exists(file));
    }

    @Test
    void inTheWorkingFolderAndBelow() {
        assertEquals(0, save("new/circuit.json").exitCode());
        assertTrue(Files.exists(work.resolve("new/circuit.json")));
    }

    @Test
    void notBesideTheWorkingFolder() {
        refused(save("../other/circuit.json"), "E0651", other.resolve("circuit.json"));
        refused(save(other + "/circuit.json"), "E0651", other.resolve("circuit.json"));
        refused(save("../workshop/circuit.json"), "E0651", all.resolve("workshop"));
    }

    @Test
    void notThroughALink() throws IOException {
        Files.createSymbolicLink(work.resolve("link"), other);
        refused(save("link/circuit.json"), "E0651", other.resolve("circuit.json"));
        refused(save("link/deep/er/circuit.json"), "E0651", other.resolve("deep"));
    }

    @Test
    void aLinkedFileIsReplacedAndItsTargetKept() throws IOException {
        Path kept = Files.writeString(other.resolve("kept.json"), "kept");
        Files.createSymbolicLink(work.resolve("circuit.json"), kept);
        save("circuit.json");
        assertEquals("kept", Files.readString(kept));
    }

    @Test
    void whereTheCommandAllowsIt() throws IOException {
        assertEquals(0, save(other + "/circuit.json", "--allow-write=../other").exitCode());
        assertTrue(Files.exists(other.resolve("circuit.json")));
        assertEquals(0, save("again.json", "--out", other.toString()).exitCode());
        assertTrue(Files.exists(other.resolve("again.json")));
        Files.createSymbolicLink(all.resolve("alias"), other);
        assertEquals(
                0,
                save(
                                other + "/third.json",
                                "--allow-write",
                                all.resolve("alias").toString())
                        .exitCode());
    }

    @Test
    void aNameThatOnlyTheRunKnowsIsRefusedToo() {
        CommandRun run = CommandRun.of(work, "-c", "load demo\nfor n in [1, 2] { save \"../other/{n}.json\" }");
        assertEquals(65, run.exitCode(), run.err());
        assertTrue(run.err().contains("E0651"), run.err());
        assertFalse(Files.exists(other.resolve("1.json")));
    }

    @Test
    void nothingWhereItIsReadOnly() {
        refused(save("circuit.json", "--read-only"), "E0650", work.resolve("circuit.json"));
        refused(save("circuit.json", "--read-only", "--out", other.toString()), "E0650", other.resolve("circuit.json"));
        refused(
                save(other + "/circuit.json", "--read-only", "--allow-write", other.toString()),
                "E0650",
                other.resolve("circuit.json"));
        assertEquals(0, CommandRun.of(work, "--read-only", "-c", "print 1").exitCode());
    }

    private void model(String name) throws IOException {
        Path model = Files.createDirectories(work.resolve(name));
        try (Stream<Path> files = Files.list(Fixture.of("gpt2"))) {
            for (Path file : files.toList()) Files.copy(file, model.resolve(file.getFileName()));
        }
    }

    /** Every writer, and each name of what is read of a model; the check finds it before anything runs. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "save \"m/config.json\"",
                "save \"./m/../m/tokenizer.json\"",
                "save \"m/tokenizer_config.json\"",
                "save \"m/special_tokens_map.json\"",
                "save \"m/model.safetensors.index.json\"",
                "save \"link/config.json\"",
                "save \"again.json\"",
                "report \"m/config.json\"",
                "plot \"m/config.json\"",
                "render \"m/config.json\"",
                "let f = \"m/config.json\"; save f"
            })
    void notOverTheModelsOwnFiles(String statement) throws IOException {
        model("m");
        Files.createSymbolicLink(work.resolve("link"), work.resolve("m"));
        Files.createLink(work.resolve("again.json"), work.resolve("m/config.json"));
        String before = Files.readString(work.resolve("m/config.json"));
        CommandRun run = CommandRun.of(work, "-c", "load \"./m\"\n" + statement);
        assertEquals(65, run.exitCode(), run.err());
        assertEquals("", run.out(), "found before anything runs");
        assertTrue(run.err().contains("is a file of the model in "), run.err());
        assertEquals(before, Files.readString(work.resolve("m/config.json")));
        assertFalse(Files.exists(work.resolve("m/special_tokens_map.json")));
        CommandRun other = CommandRun.of(work, "-c", "load \"./m\"\nsave \"m/circuit.json\"");
        assertEquals(0, other.exitCode(), "a name of its own beside them: " + other.err());
    }

    @Test
    void notOverAModelThatOnlyTheRunKnows() throws IOException {
        model("m1");
        String script = "for n in [1] { load \"./m{n}\" }\nfor n in [1] { save \"m{n}/config.json\" }";
        CommandRun run = CommandRun.of(work, "-c", script);
        assertEquals(65, run.exitCode(), run.err());
        assertTrue(run.err().contains("m1/config.json is a file of the model in "), run.err());
    }

    @Test
    void notOverWhatTheCommandKeepsBesideAScript() throws IOException {
        Files.writeString(
                work.resolve("a.circuit"),
                "load demo\nsave \"a.lock.json\"\nsave \"a.resume/x.json\"\nreport \"a.resume\"\nplot \"a.resume/run.json\"\n");
        for (String command : List.of("run", "check")) {
            CommandRun run = CommandRun.of(work, command, "a.circuit");
            assertEquals(65, run.exitCode(), run.err());
            assertEquals("", run.out());
            assertTrue(
                    run.err().contains("a.lock.json is this script's lock, and writing it would destroy it"),
                    run.err());
            assertTrue(
                    run.err()
                            .contains("a.resume/x.json is where runs of this script are saved, to go on with --resume"),
                    run.err());
            assertEquals(4, run.err().split("E0605", -1).length - 1, run.err());
        }
        assertFalse(Files.exists(work.resolve("a.lock.json")) || Files.exists(work.resolve("a.resume")));
    }

    @Test
    void notOverTheRecordThatIsAboutToBeWritten() throws IOException {
        Files.writeString(work.resolve("a.circuit"), "load demo\nsave \"a.record.json\"\nsave \"out/a.record.json\"\n");
        CommandRun run = CommandRun.of(work, "run", "a.circuit", "--record");
        assertEquals(65, run.exitCode(), run.err());
        assertTrue(run.err().contains("a.record.json is where --record writes, replacing what is there"), run.err());
        assertEquals(1, run.err().split("E0605", -1).length - 1, run.err());
        CommandRun elsewhere = CommandRun.of(work, "run", "a.circuit", "--record", "--out", "out");
        assertEquals(1, elsewhere.err().split("E0605", -1).length - 1, elsewhere.err());
        assertEquals(
                0, CommandRun.of(work, "run", "a.circuit").exitCode(), "without a record it is a name like any other");
    }

    /** What the script reads is not written over by the command either. */
    @Test
    void noRecordOrLockOverWhatTheScriptReads() throws IOException {
        assertEquals(0, save("a.record.json").exitCode());
        byte[] before = Files.readAllBytes(work.resolve("a.record.json"));
        Files.writeString(work.resolve("a.circuit"), "load demo\nopen \"a.record.json\"\n");
        CommandRun run = CommandRun.of(work, "run", "a.circuit", "--record");
        assertEquals(65, run.exitCode(), run.err());
        assertTrue(run.err().contains("the script reads a.record.json, and --record would write over it"), run.err());
        assertArrayEquals(before, Files.readAllBytes(work.resolve("a.record.json")));
        Files.copy(work.resolve("a.record.json"), work.resolve("a.lock.json"));
        Files.writeString(work.resolve("a.circuit"), "load demo\nopen \"a.lock.json\"\n");
        CommandRun lock = CommandRun.of(work, "lock", "a.circuit");
        assertEquals(65, lock.exitCode(), lock.err());
        assertTrue(
                lock.err().contains("the script reads a.lock.json, and 'circuit lock' would write over it"),
                lock.err());
        assertArrayEquals(before, Files.readAllBytes(work.resolve("a.lock.json")));
    }

    /** The prompt's own writer, also where it is told to write over a file. */
    @Test
    void thePromptKeepsWhatTheSessionReads() throws IOException {
        model("m");
        Files.copy(Path.of("../examples/greater-than.csv"), work.resolve("pairs.csv"));
        byte[] before = Files.readAllBytes(work.resolve("pairs.csv"));
        String typed =
                "load \"./m\"\ndata \"pairs.csv\" limit=2\n:save! pairs.csv\n:save! m/config.json\n:save mine.circuit\n:save! mine.circuit\n";
        CommandRun run = CommandRun.of(
                work,
                typed.getBytes(StandardCharsets.UTF_8),
                new ProcessEnvironment.Terminals(true, true, true),
                Map.of());
        assertTrue(run.err().contains("the script reads pairs.csv, and writing it would destroy it"), run.err());
        assertTrue(run.err().contains("m/config.json is a file of the model in "), run.err());
        assertArrayEquals(before, Files.readAllBytes(work.resolve("pairs.csv")));
        assertTrue(Files.readString(work.resolve("mine.circuit")).contains("load"), run.err());
    }
}
