package io.circuitscript.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.circuitscript.cli.console.ProcessEnvironment.Terminals;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a wrong or unusual command line answers: one message and an exit code. */
final class CommandLineTest {
    @TempDir
    private Path folder;

    private CommandRun circuit(String line) {
        return CommandRun.of(folder, line.isEmpty() ? new String[0] : line.split(" "));
    }

    /** The library that reads the command line warns on the process's own standard error, where nobody looks. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"quoted\"",
                "say \"hi",
                "'",
                "\"",
                "\"a\"=\"b\"",
                "a=b",
                "",
                " ",
                "\\",
                "a\\\"b\\n",
                "${user.home}",
                "%s%n",
                "a,b|c",
                "@file",
                "-D",
                "17",
                "true"
            })
    void whatAnOptionGivesIsTakenAsItIs(String text) {
        PrintStream before = System.err;
        var warnings = new ByteArrayOutputStream();
        System.setErr(new PrintStream(warnings, true, StandardCharsets.UTF_8));
        try {
            for (String[] words : List.of(new String[] {"-D", "a=" + text}, new String[] {"-Da=" + text}, new String[] {
                "-D", "a=first", "-D", "a=" + text
            })) {
                List<String> all = new ArrayList<>(List.of(words));
                all.addAll(List.of("--json", "-c", "param a = \"\"\nprint a"));
                CommandRun run = CommandRun.of(folder, all.toArray(String[]::new));
                assertEquals("", run.err());
                String value = run.out().lines().toList().getLast();
                String expected = text.replace("\\", "\\\\").replace("\"", "\\\"");
                assertTrue(value.contains("\"value\":\"" + expected + "\",\"vars\""), value);
            }
        } finally {
            System.setErr(before);
        }
        assertEquals("", warnings.toString(StandardCharsets.UTF_8));
    }

    /** Of the options that take a text none treats quotes as its own, nor do the words of commands. */
    @Test
    void quotesInOtherOptionsAndWordsAreTheirs() {
        assertTrue(CommandRun.of(folder, "run", "\"a.circuit").err().contains("there is no file \"a.circuit"));
        assertTrue(CommandRun.of(folder, "models", "\"x\"")
                .err()
                .contains("no model that is listed has \"x\" in its name"));
        assertTrue(CommandRun.of(folder, "bench", "--data", "\"x").err().contains("there is no file \"x"));
        assertEquals(
                0,
                CommandRun.of(folder, "--out", "\"q\"", "-c", "load demo\nsave \"a.json\"")
                        .exitCode());
        assertTrue(Files.exists(folder.resolve("\"q\"/a.json")));
        assertEquals("\"\n", CommandRun.of(folder, "-c", "print \"\\\"\"").out());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            rnu x            | error: there is no command 'rnu'           | did you mean run?
            frobnicate       | error: there is no command 'frobnicate'    | circuit --help lists them
            x.circuit        | error: there is no command 'x.circuit'     | to run a script: circuit run x.circuit
            --jsn            | error: there is no option --jsn            | did you mean --json?
            run --qiet x     | error: there is no option --qiet           | did you mean --quiet?
            run --outt=a x   | error: there is no option --outt           | did you mean --out?
            run              | error: circuit run needs a FILE            | as in: circuit run examples/greater-than.circuit
            fmt              | error: circuit fmt needs a FILE            | as in: circuit fmt examples/greater-than.circuit
            completion       | error: circuit completion needs a SHELL    | as in: circuit completion bash
            run -D x y       | error: -D needs NAME=VALUE, not 'x'        | as in: -D edges=100
            """)
    void saysWhatIsWrongAndTheWayOut(String line, String error, String help) {
        CommandRun run = circuit(line);
        assertEquals(64, run.exitCode());
        assertEquals("", run.out());
        assertEquals(error + "\n  = help: " + help + "\n", run.err());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            -c               | error: -c needs a value: CODE
            run --out        | error: --out needs a value: DIR
            run a b          | error: circuit run takes one FILE, and 'b' is another
            bench a b        | error: circuit bench takes one MODEL, and 'b' is another
            doctor a         | error: circuit doctor takes no 'a'
            help a b         | error: circuit help takes one WORD, and 'b' is another
            bench --data     | error: --data needs a value: FILE
            bench --examples=0 | error: --examples is a whole number from 1 to 9999999, not '0'
            -c x bench       | error: 'bench' does not take -c
            -c x run y       | error: -c runs a text and 'run' runs a file: give one of them
            --color=red -c x | error: --color is auto, always or never, not 'red'
            """)
    void saysWhatIsWrong(String line, String error) {
        CommandRun run = circuit(line);
        assertEquals(64, run.exitCode());
        assertEquals(error + "\n", run.err());
    }

    @Test
    void missingFileNamesTheNearest() throws IOException {
        Files.writeString(folder.resolve("greater-than.circuit"), "");
        CommandRun run = circuit("run greater-then.circuit");
        assertEquals(66, run.exitCode());
        assertEquals(
                "error[E0612]: there is no file greater-then.circuit\n  = help: did you mean greater-than.circuit?\n",
                run.err());
    }

    /** Java has U+FFFD for each byte that is not UTF-8, and no longer knows which it was. */
    @Test
    void whatIsNotUtf8IsSaidToBeSo() {
        CommandRun run = CommandRun.of(folder, "run", "n\uFFFD.circuit");
        assertEquals(66, run.exitCode());
        assertEquals(
                "error[E0612]: the name of n\uFFFD.circuit is not UTF-8, so the file cannot be opened\n"
                        + "  = help: rename it, or give its text instead: circuit run /dev/stdin < FILE\n",
                run.err());
        CommandRun parameter = CommandRun.of(folder, "-D", "s=caf\uFFFD", "-c", "param s = \"a\"\nprint s");
        assertEquals(64, parameter.exitCode());
        assertEquals("error: -D s=caf\uFFFD has bytes that are not UTF-8\n", parameter.err());
    }

    @Test
    void aFolderIsNoScript() throws IOException {
        Files.createDirectories(folder.resolve("examples"));
        Files.writeString(folder.resolve("examples/a.circuit"), "");
        CommandRun run = circuit("run examples");
        assertEquals(66, run.exitCode());
        assertEquals(
                "error[E0611]: examples is a folder, not a script\n  = help: scripts in it: a.circuit\n", run.err());
    }

    @Test
    void outMustBeAFolder() throws IOException {
        Files.writeString(folder.resolve("a.circuit"), "");
        CommandRun run = circuit("run a.circuit --out a.circuit");
        assertEquals(65, run.exitCode());
        assertTrue(run.err().contains("--out names a folder, and a.circuit is a file"), run.err());
    }

    @Test
    void bytesThatAreNoUtf8AreNamed() throws IOException {
        Files.write(
                folder.resolve("latin.circuit"),
                new byte[] {'\n', 'p', 'r', 'i', 'n', 't', ' ', '"', (byte) 0xe9, '"'});
        CommandRun run = circuit("run latin.circuit --json");
        assertEquals(65, run.exitCode());
        assertEquals(
                "{\"error\":{\"code\":\"E0608\",\"name\":\"not-utf-8\",\"message\":\"latin.circuit is not UTF-8: byte 0xE9 at line 2, column 8\",\"help\":\"save the script as UTF-8\"}}\n",
                run.out());
        assertTrue(run.err().contains("save the script as UTF-8"), run.err());
    }

    @Test
    void versionAndHelpGoToStandardOutput() {
        CommandRun version = circuit("--version");
        assertEquals(0, version.exitCode());
        assertTrue(version.out().matches("circuit .+ \\(commit (unknown|[0-9a-f]{12}(-dirty)?)\\)\n"), version.out());
        CommandRun help = circuit("run --help");
        assertEquals(0, help.exitCode());
        assertTrue(help.out().contains("--out DIR"), help.out());
        assertEquals("", help.err() + version.err());
        for (String command : List.of("bench", "doctor", "fmt", "help", "models")) {
            String page = circuit(command + " --help").out();
            assertTrue(page.contains("--color WHEN"), page);
            for (String ofScripts : List.of("--record", "--resume", "--allow-write", "-D", "--timings", "--out"))
                assertFalse(page.matches("(?s).*\n +" + ofScripts + " .*"), command + ": " + ofScripts);
        }
    }

    @Test
    void moreThreadsThanCoresAreNamed() {
        CommandRun run = CommandRun.of(folder, "-c", "set threads=1024");
        assertEquals(0, run.exitCode());
        assertTrue(run.err().matches("note: threads=1024: (1 is|[0-9]+ are) used, one for each core\n"), run.err());
    }

    /** No line is wider than a terminal is at least; one of the synopsis that is would go on at the left edge. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "--help",
                "run",
                "slurm",
                "check",
                "fmt",
                "bench",
                "doctor",
                "help",
                "completion",
                "models",
                "verify",
                "lock"
            })
    void helpFitsATerminal(String command) {
        String page = circuit(command + " --help").out();
        assertTrue(page.startsWith("Usage: circuit"), page);
        page.lines().forEach(line -> {
            assertTrue(line.length() <= 80, line);
            assertFalse(line.startsWith("["), page);
        });
    }

    @Test
    void colourOnlyWhereItIsWanted() {
        assertTrue(circuit("--color=always rnu").err().contains("\u001b["));
        Terminals all = new Terminals(true, true, true);
        assertTrue(
                CommandRun.of(folder, new byte[0], all, Map.of(), "rnu").err().contains("\u001b["));
        assertEquals(circuit("rnu"), CommandRun.of(folder, new byte[0], all, Map.of("NO_COLOR", "1"), "rnu"));
        assertEquals(circuit("rnu"), CommandRun.of(folder, new byte[0], all, Map.of(), "--color=never", "rnu"));
    }

    @Test
    void aMissingFileOfATextWithoutAFileSaysWhereItWasLookedFor() throws IOException {
        Files.createDirectories(folder.resolve("examples"));
        Files.writeString(folder.resolve("examples/c.json"), "{}");
        CommandRun run = CommandRun.of(folder, "open \"c.json\"\nopen \"d.txt\"\n", Map.of());
        assertEquals(66, run.exitCode());
        assertTrue(
                run.err()
                        .contains(
                                "= note: looked for " + folder.toAbsolutePath().resolve("c.json")),
                run.err());
        assertTrue(run.err().contains("then in the working folder, since this text is not in a file"), run.err());
        assertTrue(run.err().contains("= help: there is examples/c.json"), run.err());
        assertTrue(run.err().contains("= help: give its path from there, or the whole path"), run.err());
    }
}
