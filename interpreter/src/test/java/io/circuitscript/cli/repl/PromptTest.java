package io.circuitscript.cli.repl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.circuitscript.cli.CommandRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The prompt as a person sees it, in a real terminal. */
@Timeout(120)
final class PromptTest {
    private static final String DATA = "data \"gt.csv\" limit=20";

    @TempDir
    private Path folder;

    @BeforeAll
    static void needsATerminal() {
        assumeTrue(Pane.isPossible(), "tmux is not installed: the prompt was not tested");
    }

    private Pane shell(Map<String, String> variables) throws IOException {
        Files.copy(Path.of("../examples/greater-than.csv"), folder.resolve("gt.csv"));
        var all = new LinkedHashMap<String, String>(
                Map.of("XDG_STATE_HOME", folder.resolve("state").toString()));
        all.putAll(variables);
        return new Pane(folder, 100, 50, all);
    }

    private static void start(Pane pane) throws IOException {
        pane.line("./circuit").shows("CircuitScript ");
        pane.prompt();
    }

    @Test
    void completesEdgesAndKeepsEverythingAfterMistakesAndInterrupts() throws IOException {
        try (Pane pane = shell(Map.of())) {
            pane.line("stty -a | cksum > before; echo noted").shows("\nnoted");
            start(pane);
            pane.line("load demo").shows("479 edges");
            pane.type("ablate m2->").press("Tab");
            String offered = pane.shows("a3.h1<v>");
            assertTrue(offered.contains("logits") && offered.contains("m3"), offered);
            assertFalse(offered.contains("a2.h") || offered.contains("m1"), offered);
            pane.type("log").press("Tab").shows("ablate m2->logits");
            pane.press("C-c");
            pane.prompt();
            pane.line(DATA).shows("20 examples");
            pane.line("ablate m2->m1").shows("m2 comes after m1");
            pane.line("ablate m2->logits").shows("change");
            pane.type("attribute i").shows("attribute [method=eap-ig]"); // how it is written, below the line
            pane.line("g=10000").shows(" left"); // the progress line
            pane.press("C-c").shows("interrupted");
            pane.prompt();
            pane.line("evaluate").shows("faithfulness 1 with 479 edges");
            pane.line("_.edges * 2").shows("958");
            pane.prompt();
            pane.line(":quit").endsWith("$");
            pane.line("stty -a | cksum > after; echo compared; cmp before after && echo same")
                    .shows("compared\nsame");
        }
    }

    /** A library that is unpacked where everybody can write to could be another one by the time it is loaded. */
    @Test
    void theTerminalsLibraryIsUnpackedWhereNobodyElseWrites() throws IOException {
        assumeTrue(Files.exists(Path.of("/proc/self/maps")), "only Linux shows what is loaded");
        try (Pane pane = shell(Map.of())) {
            start(pane);
            List<ProcessHandle> prompts = ProcessHandle.allProcesses()
                    .filter(it -> workingFolder(it).equals(folder.toAbsolutePath())
                            && it.info().command().orElse("").endsWith("java"))
                    .toList();
            assertEquals(1, prompts.size());
            String loaded = Files.readString(
                    Path.of("/proc", Long.toString(prompts.getFirst().pid()), "maps"));
            assertTrue(loaded.contains("libjvm.so"), loaded);
            for (String line :
                    loaded.lines().filter(it -> it.contains("jlinenative")).toList()) {
                Path library = Path.of(line.substring(line.indexOf('/')));
                assertEquals(
                        "rwx------",
                        PosixFilePermissions.toString(Files.getPosixFilePermissions(library.getParent())),
                        line);
            }
        }
    }

    private static Path workingFolder(ProcessHandle process) {
        try {
            return Path.of("/proc", Long.toString(process.pid()), "cwd").toRealPath();
        } catch (IOException gone) {
            return Path.of("");
        }
    }

    @Test
    void whatIsTypedWhileAStatementRunsComesToThePrompt() throws IOException {
        try (Pane pane = shell(Map.of())) {
            start(pane);
            pane.line("load demo; " + DATA).shows("20 examples");
            pane.prompt();
            pane.line("attribute ig=9000").shows(" left");
            pane.press("C-c").line("print 40 + 2").shows("\n42\n");
            pane.prompt();
            pane.line("attribute ig=3000").shows(" left");
            pane.press("Up").type("0").press("C-c").shows("circuit> attribute ig=30000");
        }
    }

    @Test
    void readsOnUntilABlockIsClosedAndSavesWhatRan() throws IOException {
        try (Pane pane = shell(Map.of())) {
            start(pane);
            pane.line("load demo; " + DATA).shows("20 examples");
            pane.line("circuit tiny {").shows("{\n     ...");
            pane.line("  {input, m0} -> m1").shows("m1\n     ...");
            pane.line("  m1 -> logits").shows("logits\n     ...");
            pane.line("}").shows("3 edges");
            pane.line("prnt 1").shows("did you mean print?");
            pane.line("evaluate").shows("faithfulness ");
            pane.line("print _.edges + 0.25").shows("3.25");
            pane.line(":sav x").shows("did you mean :save?");
            pane.line(":save found.circuit").shows("wrote found.circuit");
            pane.line(":save found.circuit").shows("there is a file found.circuit already");
            pane.line(":reset").shows("forgotten");
            pane.line("evaluate").shows("needs a model");
            pane.line(":load found.circuit");
            pane.shows("load demo  ");
        }
        CommandRun run = CommandRun.of(folder, "run", "found.circuit");
        assertEquals(0, run.exitCode(), run.err());
        assertTrue(run.out().contains("3.25"), run.out());
    }

    @Test
    void takesAPastedScriptAndRemembersIt() throws IOException {
        try (Pane pane = shell(Map.of())) {
            start(pane);
            pane.paste("let a = 20\nif a > 30 {\n  print \"more\"\n}\nelse {\n  print \"less {a}\"\n}\n")
                    .endsWith("...");
            pane.press("Enter").shows("\nless 20\n");
            pane.line("for i in 1..90 { print \"row {i}\" }; print 1..90").shows("row 90");
            pane.prompt();
            pane.press("C-d").endsWith("$");
            Path history = folder.resolve("state/circuitscript/history");
            assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(history)));

            pane.line("clear");
            pane.line("./circuit").shows("CircuitScript ");
            pane.prompt();
            pane.press("Up").shows("row {i}");
            pane.press("Up").shows("let a = 20\n");
            pane.press("C-c");
            pane.prompt();
            pane.press("C-r").type("90 {").shows("for i in 1..90 {");
        }
    }

    @Test
    void worksOnATerminalThatNothingCanBeDrawnOn() throws IOException {
        try (Pane pane = shell(Map.of("TERM", ""))) {
            start(pane);
            pane.type("load nothing").press("C-c");
            pane.prompt();
            pane.line("if 1 > 2 {").endsWith("...");
            pane.line("} else { print 6 * 7 }").shows("42");
            pane.line("load demo").shows("479 edges");
            pane.prompt();
            pane.press("C-d").endsWith("$");
        }
    }

    private String program(String name, String... lines) throws IOException {
        Path program = folder.resolve(name);
        Files.writeString(program, "#!/bin/sh\n" + String.join("\n", lines) + "\n");
        assertTrue(program.toFile().setExecutable(true));
        return program.toString();
    }

    /** The editor reads a line as a program in a shell does: what is typed shows, Backspace erases, Enter ends it. */
    @Test
    void lendsTheTerminalToAnEditorAndTakesItBack() throws IOException {
        String editor = program("editor", "printf 'how much? '", "read answer", "echo \"print $answer\" >> \"$1\"");
        try (Pane pane = shell(Map.of("EDITOR", editor))) {
            pane.line("stty -a | cksum > before; echo noted").shows("\nnoted");
            start(pane);
            pane.line("print 5").shows("\n5\n");
            pane.line(":edit").endsWith("how much?");
            pane.type("68").press("BSpace").type(" * 7").shows("how much? 6 * 7");
            pane.press("Enter").shows("circuit> print 5\n     ... print 6 * 7\n");
            pane.shows("\n42\n");
            pane.prompt();
            pane.press("Up").type("0").shows("     ... print 6 * 70");
            pane.press("C-c");
            pane.prompt();
            pane.line("!stty -a | cksum > during; cmp before during && echo as in a shell")
                    .shows("\nas in a shell\n");
            pane.prompt();
            pane.line("prin 3").shows("did you mean print?");
            pane.line(":quit").endsWith("$");
            pane.line("stty -a | cksum > after; cmp before after && echo same").shows("\nsame");
        }
    }

    @Test
    void anInterruptEndsACommandOfTheShellAndNotThePrompt() throws IOException {
        try (Pane pane = shell(Map.of())) {
            start(pane);
            pane.line("let a = 3").prompt();
            pane.line("!echo begun; sleep 60; echo never").shows("\nbegun");
            pane.press("C-c").shows("interrupted");
            pane.prompt();
            pane.line("!echo reading; cat").shows("\nreading\n");
            pane.line("typed").shows("typed\ntyped");
            pane.press("C-d");
            pane.prompt();
            assertFalse(pane.line("print a + 38").shows("\n41\n").contains("\nnever"));
        }
    }

    @Test
    void completesItsOwnCommandsAndShowsTheNumbersOfResults() throws IOException {
        Files.createDirectories(folder.resolve("inner/deep"));
        try (Pane pane = shell(Map.of())) {
            start(pane);
            pane.type(":c").press("Tab").shows("the circuits that have a name, and the current one");
            pane.type("d in").press("Tab").shows(":cd inner/");
            pane.press("Tab").shows(":cd inner/deep/").lines();
            pane.press("Enter").shows("/inner/deep\n");
            assertTrue(pane.line("1 + 2").shows("\n3").matches("(?s).*\n3 {95,}_1\n.*"));
            pane.line("let a = _1").prompt();
            assertTrue(pane.line("_1 * 14").shows("\n42").matches("(?s).*\n42 {95,}_2\n.*"));
            pane.type("base").press("Tab").shows("circuit> baseline");
            pane.type("?").press("Enter").shows("baseline [");
            pane.prompt();
            pane.type("?gree").press("Tab").shows("?greedy");
            pane.press("Enter").shows("greedy ");
        }
    }
}
