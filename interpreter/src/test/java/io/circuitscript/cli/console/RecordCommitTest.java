package io.circuitscript.cli.console;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the build writes down of the commit, in checkouts and outside of any. */
final class RecordCommitTest {
    @TempDir
    private Path folder;

    private int git(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                "git", "-C", folder.toString(), "-c", "user.name=Nobody", "-c", "user.email=nobody@example.org"));
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("git.log").toFile())
                .start()
                .waitFor();
    }

    private static boolean hasGit() throws InterruptedException {
        try {
            return new ProcessBuilder("git", "--version").start().waitFor() == 0;
        } catch (IOException none) {
            return false;
        }
    }

    @Test
    void outsideACheckoutItIsUnknown() throws Exception {
        assertEquals("unknown", RecordCommit.of(folder));
    }

    @Test
    void aCheckoutTellsItsCommitAndWhetherItWasChanged() throws Exception {
        assumeTrue(hasGit());
        assertEquals(0, git("init", "-q"));
        assertEquals("unknown", RecordCommit.of(folder), "there is no commit yet");
        Files.writeString(folder.resolve("a"), "1");
        assertEquals(0, git("add", "a"));
        assertEquals(0, git("commit", "-q", "-m", "One"));
        String commit = RecordCommit.of(folder);
        assertTrue(commit.matches("[0-9a-f]{12}"), commit);
        assertEquals(0, git("rev-parse", "HEAD"));
        assertTrue(Files.readString(folder.resolve("git.log")).startsWith(commit));
        Files.writeString(folder.resolve("untracked"), "");
        assertEquals(commit, RecordCommit.of(folder));
        Files.writeString(folder.resolve("a"), "2");
        assertEquals(commit + "-dirty", RecordCommit.of(folder));
        Path inside = Files.createDirectories(folder.resolve("unpacked"));
        assertEquals("unknown", RecordCommit.of(inside), "another project's commit is none of ours");
    }

    @Test
    void itIsWrittenToAFile() throws Exception {
        Path file = folder.resolve("written");
        RecordCommit.main(new String[] {file.toString(), folder.toString()});
        assertEquals("unknown\n", Files.readString(file));
    }
}
