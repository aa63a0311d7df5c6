package io.circuitscript.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.circuitscript.cli.console.ProcessEnvironment;
import io.circuitscript.cli.console.ResultStream;
import io.circuitscript.cli.console.ScreenStream;
import io.circuitscript.cli.console.Signals;
import io.circuitscript.io.FileHashes;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** {@code run --resume} and what an interrupt leaves, as somebody at a shell sees them. */
final class SavedRunTest extends ScriptFolder {
    private static final String SCRIPT = """
            import "lib.circuit"
            param size = 20
            load "./model"
            data "pairs.csv"
            attribute
            top size
            let found = evaluate
            print found.faithfulness
            save "found.json"
            """;

    private Map<String, String> variables = Map.of();

    /** Presses Ctrl-C, or does something else, as soon as a result of a statement is shown. */
    private final class Fingers implements Signals {
        private final String statement;
        private final Optional<Runnable> instead;
        private Runnable action = () -> {};

        Fingers(String statement, Optional<Runnable> instead) {
            this.statement = statement;
            this.instead = instead;
        }

        @Override
        public Registration onInterrupt(Runnable registered) {
            action = registered;
            return () -> action = () -> {};
        }

        ResultStream watching(ByteArrayOutputStream out) {
            return new ResultStream(new FilterOutputStream(out) {
                @Override
                public void write(byte[] bytes, int from, int length) throws IOException {
                    out.write(bytes, from, length);
                    if (!statement.isEmpty()
                            && new String(bytes, from, length, StandardCharsets.UTF_8)
                                    .contains("{\"statement\":\"" + statement + "\""))
                        instead.orElse(action).run();
                }
            });
        }
    }

    @BeforeEach
    void files() throws IOException {
        file("x.circuit", SCRIPT);
        file("lib.circuit", "let nothing = 0\n");
        pairs(41, 52);
        model();
    }

    @Override
    CommandRun circuit(String line) {
        return interruptedAt("", line);
    }

    private CommandRun interruptedAt(String statement, String line) {
        return at(statement, Optional.empty(), line);
    }

    private CommandRun at(String statement, Optional<Runnable> instead, String line) {
        var out = new ByteArrayOutputStream();
        var err = new ByteArrayOutputStream();
        Fingers fingers = new Fingers(statement, instead);
        var environment = new ProcessEnvironment(
                new ByteArrayInputStream(new byte[0]),
                fingers.watching(out),
                ScreenStream.over(err),
                ProcessEnvironment.Terminals.NONE,
                folder,
                variables,
                fingers);
        int code = CircuitCommand.run(line.split(" "), environment);
        return new CommandRun(code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    private Path saved() {
        return folder.resolve("out/x.resume");
    }

    /** Interrupts a run whose scores are made. */
    private void interrupt() {
        CommandRun run = interruptedAt("attribute", "run x.circuit --json --out out -D size=30");
        assertEquals(75, run.exitCode(), run.err());
        String[] lines = run.err().split("\n");
        assertEquals(
                "note: interrupted; stopping after this batch (Ctrl-C again stops at once)", lines[lines.length - 2]);
        assertEquals(
                "note: saved in out/x.resume; to go on: circuit run x.circuit -D size=30 --out out --json --resume",
                lines[lines.length - 1]);
        assertTrue(Files.isDirectory(saved()));
    }

    private void assertRefused(String changed) {
        CommandRun run = circuit("run x.circuit --json --out out -D size=30 --resume");
        assertEquals(65, run.exitCode(), run.err());
        assertTrue(
                run.err()
                        .startsWith(
                                "error[E0660]: the saved run cannot be resumed, because something has changed since: "
                                        + changed + "\n"),
                run.err());
        assertTrue(Files.isDirectory(saved()));
    }

    @Test
    void whatWasInterruptedGoesOn() throws IOException {
        CommandRun whole = circuit("run x.circuit --json --out whole -D size=30");
        interrupt();
        CommandRun rest = circuit("run x.circuit --json --out out -D size=30 --resume");
        assertEquals(0, rest.exitCode(), rest.err());
        assertEquals(whole.out(), rest.out());
        assertEquals(
                Files.readString(folder.resolve("whole/found.json")),
                Files.readString(folder.resolve("out/found.json")));
        assertFalse(Files.exists(saved()));
        assertFalse(Files.exists(folder.resolve("whole/x.resume")), "a short run writes nothing");
    }

    @Test
    void whatWasSavedIsReadAndNotComputed() throws IOException {
        interrupt();
        CommandRun again = interruptedAt("data", "run x.circuit --json --out out -D size=30 --resume");
        assertEquals(75, again.exitCode(), again.err());
        Path reached = saved().resolve("done-000001");
        byte[] bytes = Files.readAllBytes(reached);
        // The scores as they were saved, and the hash that makes the file whole.
        for (int at = 200; at < 400; at++) bytes[at] = 0;
        byte[] hash = FileHashes.digest().digest(Arrays.copyOf(bytes, bytes.length - 32));
        System.arraycopy(hash, 0, bytes, bytes.length - 32, 32);
        Files.write(reached, bytes);
        CommandRun whole = circuit("run x.circuit --json --out whole -D size=30");
        CommandRun rest = circuit("run x.circuit --json --out out -D size=30 --resume");
        assertEquals(0, rest.exitCode(), rest.err());
        assertFalse(Files.readString(folder.resolve("whole/found.json"))
                .equals(Files.readString(folder.resolve("out/found.json"))));
        assertTrue(whole.err().isEmpty() || !whole.err().contains("resume"), whole.err());
    }

    @Test
    void whateverHasChangedIsRefused() throws IOException {
        interrupt();
        file("x.circuit", SCRIPT.replace("print found", "print  found"));
        assertRefused("the script x.circuit");
        file("x.circuit", SCRIPT);
        file("lib.circuit", "let nothing = 1\n");
        assertRefused("../lib.circuit");
        file("lib.circuit", "let nothing = 0\n");
        CommandRun other = circuit("run x.circuit --json --out out --resume");
        assertEquals(65, other.exitCode());
        assertTrue(other.err().contains("since: the parameter size\n"), other.err());
        String pairs = Files.readString(folder.resolve("pairs.csv"));
        file("pairs.csv", pairs.replace("1752", "1753"));
        assertRefused("../pairs.csv");
        Files.delete(folder.resolve("pairs.csv"));
        assertRefused("../pairs.csv, which is gone");
        file("pairs.csv", pairs);
        flipWeight();
        assertRefused("model.safetensors of the model ./model");
        flipWeight();
        assertEquals(
                0, circuit("run x.circuit --json --out out -D size=30 --resume").exitCode());
    }

    @Test
    void withoutTheOptionARunBeginsAnewAndSaysWhatIsThere() {
        interrupt();
        CommandRun other = circuit("run x.circuit --json --out out");
        assertEquals(0, other.exitCode());
        assertFalse(other.err().contains("resume"), "another parameter: " + other.err());
        assertTrue(Files.isDirectory(saved()), "that of another run stays");
        CommandRun run = circuit("run x.circuit --json --out out -D size=30");
        assertEquals(0, run.exitCode());
        assertTrue(run.err().contains("out/x.resume holds a run of this script that was interrupted"), run.err());
        assertFalse(Files.exists(saved()));
        CommandRun nothing = circuit("run x.circuit --json --resume");
        assertEquals(0, nothing.exitCode(), nothing.err());
        assertTrue(
                nothing.err()
                        .startsWith("note: no earlier run is saved in x.resume: this one starts from the beginning\n"),
                nothing.err());
    }

    @Test
    void aLongRunThatFailsIsSavedToo() throws IOException {
        file("x.circuit", SCRIPT.replace("\"found.json\"", "\"deep/found.json\""));
        Path deep = folder.resolve("deep");
        Runnable inTheWay = () -> {
            try {
                Files.writeString(deep, "a file where the folder would be");
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        };
        CommandRun shortOne = at("attribute", Optional.of(inTheWay), "run x.circuit --json");
        assertEquals(70, shortOne.exitCode(), shortOne.err());
        assertFalse(shortOne.err().contains("resume"), shortOne.err());
        Files.delete(deep);
        variables = Map.of("CIRCUIT_SAVE_SECONDS", "0");
        CommandRun run = at("attribute", Optional.of(inTheWay), "run x.circuit --json");
        assertEquals(70, run.exitCode(), run.err());
        assertTrue(
                run.err().endsWith("note: saved in x.resume; to go on: circuit run x.circuit --json --resume\n"),
                run.err());
        Files.delete(deep);
        assertEquals(0, circuit("run x.circuit --json --resume").exitCode());
        assertTrue(Files.exists(deep.resolve("found.json")));
    }

    @Test
    void twoRunsAtOnceDoNotLoseEachOthersWork() throws IOException {
        interrupt();
        try (FileChannel other = FileChannel.open(saved().resolve("lock"), StandardOpenOption.WRITE)) {
            other.lock();
            CommandRun resumed = circuit("run x.circuit --json --out out -D size=30 --resume");
            assertEquals(70, resumed.exitCode(), resumed.err());
            assertTrue(
                    resumed.err().startsWith("error[E0661]: another run of this script is using out/x.resume\n"),
                    resumed.err());
            CommandRun again = interruptedAt("attribute", "run x.circuit --json --out out -D size=30");
            assertEquals(130, again.exitCode(), again.err());
            assertTrue(
                    again.err()
                            .contains(
                                    "note: this run goes on, but cannot be saved: another run of this script is saved there"),
                    again.err());
            assertFalse(again.err().contains("was interrupted"), "it runs: " + again.err());
            assertEquals(0, circuit("run x.circuit --json --out out -D size=30").exitCode());
            assertTrue(Files.exists(saved().resolve("run.json")), "it is the other's");
        }
        CommandRun rest = circuit("run x.circuit --json --out out -D size=30 --resume");
        assertEquals(0, rest.exitCode(), rest.err());
        assertFalse(Files.exists(saved()));
    }

    @Test
    void damagedFilesAreComputedAnew() throws IOException {
        CommandRun whole = circuit("run x.circuit --json --out whole -D size=30");
        interrupt();
        List<Path> files;
        try (Stream<Path> all = Files.list(saved())) {
            files = all.filter(it -> !it.endsWith("lock")).sorted().toList();
        }
        List<UnaryOperator<byte[]>> damages = List.of(
                good -> new byte[0],
                good -> Arrays.copyOf(good, good.length / 2),
                good -> Arrays.copyOf(good, good.length + 1),
                SavedRunTest::flipped);
        for (Path file : files) {
            for (UnaryOperator<byte[]> damage : damages) {
                interrupt();
                Files.write(file, damage.apply(Files.readAllBytes(file)));
                CommandRun run = circuit("run x.circuit --json --out out -D size=30 --resume");
                // A letter of the header may also be one of a hash.
                if (run.exitCode() == 65) continue;
                assertEquals(0, run.exitCode(), run.err());
                assertEquals(whole.out(), run.out());
                assertTrue(run.err().contains("damaged") || file.endsWith("run.json"), run.err());
                assertFalse(Files.exists(saved()));
            }
        }
    }

    private static byte[] flipped(byte[] good) {
        byte[] bad = good.clone();
        bad[bad.length / 2] ^= 1;
        return bad;
    }

    @Test
    void nothingIsSavedWhereNothingMayBeWritten() throws IOException {
        file("y.circuit", SCRIPT.replace("save \"found.json\"", ""));
        CommandRun run = interruptedAt("attribute", "run y.circuit --json --read-only");
        assertEquals(130, run.exitCode(), run.err());
        assertFalse(Files.exists(folder.resolve("y.resume")));
        assertEquals(130, interruptedAt("load", "run x.circuit --json").exitCode(), "there is nothing to go on with");
    }

    @Test
    void aRunThatCannotBeSavedGoesOnAndSaysSo() throws IOException {
        Files.createDirectories(folder.resolve("out"));
        file("out/x.resume", "a file where the folder would be");
        CommandRun run = interruptedAt("attribute", "run x.circuit --json --out out");
        assertEquals(130, run.exitCode(), run.err());
        assertTrue(run.err().contains("note: this run goes on, but cannot be saved: "), run.err());
        assertEquals(0, circuit("run x.circuit --json --out out").exitCode());
        assertEquals("a file where the folder would be", Files.readString(folder.resolve("out/x.resume")));
    }

    @Test
    void onlyAScriptInAFileIsGoneOnWith() {
        for (String[] line : List.of(
                new String[] {"-c", "print 1", "--resume"},
                new String[] {"run", "-", "--resume"},
                new String[] {"check", "x.circuit", "--resume"})) {
            CommandRun run = CommandRun.of(folder, line);
            assertEquals(64, run.exitCode());
            assertTrue(run.err().startsWith("error: --resume is for a script in a file"), run.err());
        }
    }
}
