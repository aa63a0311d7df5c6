package io.circuitscript.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code check}, {@code fmt} and {@code help}, as somebody at a shell sees them. */
final class ScriptFilesTest {
    @TempDir
    private Path folder;

    private CommandRun circuit(String line) {
        return CommandRun.of(folder, line.split(" "));
    }

    private void file(String name, String text) throws IOException {
        Files.writeString(folder.resolve(name), text);
    }

    private String text(String name) throws IOException {
        return Files.readString(folder.resolve(name));
    }

    @Test
    void checkShowsEveryMistakeOfEveryFileAndRunsNothing() throws IOException {
        file("good.circuit", "load demo\nprint 1\nsave \"x.json\"\n");
        file("bad.circuit", "load demo\nablate m9->logits\nevalute\nprint nobody\n");
        CommandRun run = circuit("check good.circuit bad.circuit nowhere.circuit");
        assertEquals(65, run.exitCode());
        assertEquals("", run.out());
        assertTrue(run.err().startsWith("good.circuit: no mistakes\n"), run.err());
        assertEquals(
                3,
                run.err()
                        .lines()
                        .filter(line -> line.contains("--> bad.circuit:"))
                        .count(),
                run.err());
        assertTrue(run.err().contains("error[E0612]: there is no file nowhere.circuit"), run.err());
        assertFalse(Files.exists(folder.resolve("x.json")));
        assertEquals(0, circuit("check good.circuit").exitCode());
        assertEquals(66, circuit("check good.circuit nowhere.circuit").exitCode());
        assertEquals("", circuit("check good.circuit --quiet").err());
    }

    @Test
    void checkGivesMistakesAsJson() throws IOException {
        file("bad.circuit", "evalute\n");
        CommandRun run = circuit("check bad.circuit --json");
        assertEquals(65, run.exitCode());
        assertTrue(run.out().startsWith("{\"error\":{\"code\":\"E0201\""), run.out());
        assertTrue(run.out().contains("\"file\":\"bad.circuit\",\"line\":1,\"column\":1"), run.out());
    }

    @Test
    void checkShowsAtMostTenMistakesOfAFile() throws IOException {
        file("bad.circuit", "load demo\n" + "ablate m9->logits\n".repeat(14));
        CommandRun run = circuit("check bad.circuit");
        assertEquals(
                10, run.err().lines().filter(line -> line.startsWith("error[")).count());
        assertTrue(run.err().contains("and 4 more"), run.err());
    }

    @Test
    void checkTakesParameters() throws IOException {
        file("a.circuit", "param n = 3\nload demo\ntop n\n");
        assertEquals(65, circuit("check a.circuit -D n=many").exitCode());
    }

    @Test
    void formatWritesOnlyWhatDiffers() throws IOException {
        file("a.circuit", "load  demo;baseline# c\n");
        file("b.circuit", "load demo\n");
        file("bad.circuit", "let = \n");
        Files.setPosixFilePermissions(folder.resolve("a.circuit"), PosixFilePermissions.fromString("rwxr-x---"));
        Files.createSymbolicLink(folder.resolve("link.circuit"), Path.of("a.circuit"));
        var before = Files.getLastModifiedTime(folder.resolve("b.circuit"));
        CommandRun check = circuit("fmt --check link.circuit b.circuit");
        assertEquals(1, check.exitCode());
        assertEquals("link.circuit\n", check.out());
        CommandRun run = circuit("fmt link.circuit b.circuit bad.circuit");
        assertEquals(65, run.exitCode());
        assertTrue(run.err().startsWith("link.circuit: laid out\n"), run.err());
        assertTrue(run.err().contains("--> bad.circuit:1"), run.err());
        assertEquals("load demo\nbaseline  # c\n", text("a.circuit"));
        assertTrue(Files.isSymbolicLink(folder.resolve("link.circuit")));
        assertEquals(
                "rwxr-x---", PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve("a.circuit"))));
        assertEquals(before, Files.getLastModifiedTime(folder.resolve("b.circuit")));
        assertEquals("let = \n", text("bad.circuit"));
        CommandRun again = circuit("fmt --check a.circuit b.circuit");
        assertEquals(0, again.exitCode());
        assertEquals("", again.out() + again.err());
    }

    @Test
    void formatReadsStandardInput() {
        CommandRun run = CommandRun.of(folder, "full;prune\r\n", Map.of(), "fmt", "-");
        assertEquals(0, run.exitCode());
        assertEquals("full\r\nprune\r\n", run.out());
        assertEquals(
                1,
                CommandRun.of(folder, "full;prune", Map.of(), "fmt", "--check", "-")
                        .exitCode());
    }

    @Test
    void helpTellsOfStatementsAndOfTheLanguage() {
        CommandRun overview = circuit("help");
        assertEquals(0, overview.exitCode());
        assertTrue(
                overview.out().lines().anyMatch(line -> line.matches(" +attribute +scores every edge.*")),
                overview.out());
        CommandRun page = circuit("help attribute");
        assertTrue(page.out().startsWith("attribute [method=eap-ig] [ig=5]"), page.out());
        assertTrue(page.out().contains("default 5"), page.out());
        assertEquals(page.out(), CommandRun.of(folder, "-c", "help attribute").out());
        assertTrue(circuit("help sets").out().contains("a set of nodes")
                || circuit("help sets").out().contains("A set of nodes"));
        CommandRun unknown = circuit("help atribute");
        assertEquals(64, unknown.exitCode());
        assertEquals("error: there is no help on 'atribute'\n  = help: did you mean attribute?\n", unknown.err());
        CommandRun inScript = CommandRun.of(folder, "-c", "help atribute");
        assertEquals(65, inScript.exitCode());
        assertTrue(
                inScript.err().contains("<command>:1:6") && inScript.err().contains("did you mean attribute?"),
                inScript.err());
    }
}
