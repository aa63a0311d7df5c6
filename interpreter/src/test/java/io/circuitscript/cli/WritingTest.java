package io.circuitscript.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

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
        assertEquals(0, save(other + "/third.json", "--allow-write", all.resolve("alias").toString()).exitCode());
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
        refused(save(other + "/circuit.json", "--read-only", "--allow-write", other.toString()), "E0650", other.resolve("circuit.json"));
        assertEquals(0, CommandRun.of(work, "--read-only", "-c", "print 1").exitCode());
    }
}
