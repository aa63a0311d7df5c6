package io.circuitscript.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.circuitscript.cli.console.ProcessEnvironment.Terminals;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the prompt makes of what is typed, on a terminal that nothing can be drawn on. */
final class PromptRunTest {
    @TempDir
    private Path folder;

    private CommandRun typed(String text, String... args) {
        return CommandRun.of(
                folder, text.getBytes(StandardCharsets.UTF_8), new Terminals(true, true, true), Map.of(), args);
    }

    /** What stands on the screen besides the prompts. */
    private String out(String text, String... args) {
        CommandRun run = typed(text, args);
        assertEquals(0, run.exitCode(), run.err());
        return run.out()
                .lines()
                .skip(2)
                .map(line -> line.replaceAll("circuit> | {5}\\.\\.\\. ", ""))
                .toList()
                .toString();
    }

    @Test
    void welcomesInTwoLinesUnlessQuiet() {
        CommandRun run = typed("");
        assertEquals(0, run.exitCode());
        assertTrue(run.out().matches("CircuitScript [^\n]*\n[^\n]*help[^\n]*\ncircuit> \n"), run.out());
        assertEquals("circuit> \n", typed("", "--quiet").out());
    }

    @Test
    void goesOnAfterAMistakeAndKeepsVariables() {
        CommandRun run = typed("let a = 3\nprint b\nexpect a > 4\na * 2\n");
        assertEquals(0, run.exitCode());
        assertTrue(run.err().contains("there is no variable `b`") && run.err().contains("<repl:2>"), run.err());
        assertTrue(run.out().contains("6"), run.out());
    }

    @Test
    void dataThatCannotBeUsedLeavesTheDataBeforeIt() throws IOException {
        Files.writeString(
                folder.resolve("nospace.csv"),
                "clean,corrupted,correct,incorrect\n\"The capital of France is\",\"The capital of Russia is\",Parisian things,Moscow\n");
        CommandRun run = typed(
                "load demo\ndata \"std/ioi.csv\" limit=3\ndata \"nospace.csv\"\nlet b = baseline\nprint \"{b.examples} examples\"\n");
        assertTrue(run.err().contains("is not one token but"), run.err());
        assertTrue(run.out().contains("3 examples\n"), run.out() + run.err());
    }

    @Test
    void readsOnWhileSomethingIsOpen() {
        assertEquals("[3, ]", out("print (1 +\n2)\n"));
        assertEquals("[no, ]", out("if 1 > 2 {\nprint \"yes\"\n} else {\nprint \"no\"\n}\n"));
        CommandRun run = typed("if 1 > 2 { }\nelse { }\nprint 8\n");
        assertTrue(run.err().contains("else") && run.out().contains("8"), run.err());
    }

    @Test
    void knowsTheLastResult() {
        assertEquals("[3, 30, ]", out("1 + 2\n_ * 10\n"));
        assertEquals("[8, ]", out("let a = 4\nprint _ + a\n"));
    }

    /** A person looks at one field of a result after the other. */
    @Test
    void lookingAtAPartLeavesTheLastResult() {
        String typed = out(
                "load demo\ntask greater-than limit=3\nlet b = baseline\n[1, 2]\nbaseline\n_.examples\n_.examples\n_.clean_values[0]\nb\n"
                        + "let many = _.examples\n_.examples + 1\nseed 7\n_ * 10\n");
        assertTrue(typed.contains(", 3, 3, ") && typed.endsWith(", 4, 40, ]"), typed);
    }

    @Test
    void helpsWithAStatement() {
        String help = out("help greedy\n? greedy\n?prune\n");
        assertTrue(help.contains("greedy ") && help.contains("prune "), help);
        assertTrue(typed("? gredy\n").err().contains("did you mean greedy?"));
    }

    @Test
    void leavesByWordAndByCommand() {
        for (String word : new String[] {"exit", "quit", ":q", ":quit"})
            assertFalse(out(word + "\nprint 7\n").contains("7"), word);
    }

    @Test
    void namesTheNearestCommand() {
        assertTrue(typed(":svae x\n").err().contains("did you mean :save?"));
        assertTrue(typed(":save\n").err().contains("needs a file's name"));
        assertTrue(typed(":time now\n").err().contains("takes nothing after it"));
        assertTrue(typed(":load none.circuit\n").err().contains("there is no file none.circuit"));
    }

    @Test
    void savesTheLastResultAsAVariable() throws IOException {
        typed("let a = 2\na * 3\nprint _ + 1\nfor i in 1..2 {\n  print i\n}\n:save kept.circuit\n");
        assertEquals(
                "let a = 2\nlet result = a * 3\nprint result + 1\nfor i in 1..2 {\n  print i\n}\n",
                Files.readString(folder.resolve("kept.circuit")));
        CommandRun run = CommandRun.of(folder, "run", "kept.circuit");
        assertEquals("7\n1\n2\n", run.out(), run.err());
    }

    @Test
    void savesWhatAPersonTypesFirstWithoutSpecialNames() throws IOException {
        typed("load demo\ntask greater-than limit=3\nevaluate\n_.faithfulness\n_.edges\n:save first.circuit\n");
        assertEquals(
                "load demo\ntask greater-than limit=3\nevaluate\n", Files.readString(folder.resolve("first.circuit")));
        CommandRun typed = typed(
                "let result = 1\n2 * 3\nprint \"{_} {_ + result}\"\nlet a = _\nseed 7\nprint _\ndef twice() { _ * 2 }\n4 + 0\nprint twice()\n:save second.circuit\n");
        String saved =
                "let result = 1\nlet result2 = 2 * 3\nprint \"{result2} {result2 + result}\"\nlet a = result2\nseed 7\nprint result2\n"
                        + "def twice() { result2 * 2 }\nlet result2 = 4 + 0\nprint twice()\n";
        assertEquals(saved, Files.readString(folder.resolve("second.circuit")));
        CommandRun run = CommandRun.of(folder, "run", "second.circuit");
        assertEquals("6 7\n6\n8\n", run.out(), run.err());
        assertTrue(typed.out().contains("6 7") && typed.out().contains("8"), typed.out());
    }

    /** To look at a variable changes nothing; only what is read as the last result afterwards stays. */
    @Test
    void savesNoLooksAtVariables() throws IOException {
        typed("let a = 2\na\n_\na * 3\n_\na\n:save looked.circuit\n");
        assertEquals("let a = 2\na * 3\n", Files.readString(folder.resolve("looked.circuit")));
        typed("let a = 2\na * 3\n_\nprint _\na\n_\nprint _ + 1\n:save read.circuit\n");
        assertEquals(
                "let a = 2\nlet result = a * 3\nprint result\nprint result + 1\n",
                Files.readString(folder.resolve("read.circuit")));
        assertEquals("6\n7\n", CommandRun.of(folder, "run", "read.circuit").out());
    }

    @Test
    void savesIntoAnotherFolderWithFilesFoundFromThere() throws IOException {
        Files.copy(Path.of("../examples/greater-than.csv"), folder.resolve("gt.csv"));
        Files.createDirectory(folder.resolve("scripts"));
        CommandRun run = typed("load demo\ndata \"gt.csv\" limit=3\n:save scripts/kept.circuit\n");
        assertEquals(
                "load demo\ndata \"../gt.csv\" limit=3\n",
                Files.readString(folder.resolve("scripts/kept.circuit")),
                run.err());
        assertEquals(0, CommandRun.of(folder, "run", "scripts/kept.circuit").exitCode());
    }

    @Test
    void writesOverAFileOnlyWhenTold() throws IOException {
        Files.writeString(folder.resolve("mine.circuit"), "print 1\n");
        assertTrue(typed("let a = 2\n:save mine.circuit\n").err().contains("there is a file mine.circuit already"));
        assertEquals("print 1\n", Files.readString(folder.resolve("mine.circuit")));
        typed("let a = 2\n:save! mine.circuit\n");
        assertEquals("let a = 2\n", Files.readString(folder.resolve("mine.circuit")));
    }

    @Test
    void loadsAScriptAndKeepsItsVariables() throws IOException {
        Files.writeString(folder.resolve("lib.circuit"), "let b = 5\n");
        assertEquals("[6, ]", out(":load lib.circuit\nprint b + 1\n"));
    }

    @Test
    void forgetsEverythingAtAReset() {
        CommandRun run = typed("let a = 3\n:reset\nprint a\n:list\n");
        assertTrue(
                run.err().contains("there is no variable `a`") && run.err().contains("nothing has run yet"), run.err());
    }

    @Test
    void shortensALongResultAndShowsItInFull() {
        String shown = out("load demo\nnodes\n");
        assertFalse(shown.contains("m3"), shown);
        assertTrue(shown.contains("more lines: :all shows them"), shown);
        assertTrue(out("load demo\nnodes\n:all\n").contains("m3"));
    }

    @Test
    void aLongListInAValueShowsHowItBegins() throws IOException {
        Files.copy(Path.of("../examples/greater-than.csv"), folder.resolve("gt.csv"));
        String before = "load demo\ndata \"gt.csv\" limit=200\nlet b = baseline\n";
        String value = out(before + "b\n");
        assertTrue(
                value.contains("clean_values: [0.9")
                        && value.contains(", … 200 numbers in all]")
                        && value.contains("shortened: :all shows it in full"),
                value);
        assertTrue(value.length() < 1_000, value);
        assertTrue(out(before + "print b\n").length() < 1_000);
        String list = out(before + "b.clean_values\n");
        assertTrue(list.contains(", … 200 numbers in all]") && list.length() > 1_000 && list.length() < 80 * 26, list);
        assertTrue(out(before + "b\n:all\n").length() > 6_000);
        Files.writeString(folder.resolve("b.circuit"), before + "print b\n");
        assertTrue(CommandRun.of(folder, "run", "b.circuit").out().length() > 6_000);
    }

    /** On a terminal as wide as 80 columns no word of a help page is broken. */
    @Test
    void helpIsBrokenBetweenWords() {
        for (String help : new String[] {"help greedy\n", "help metric\n", ":help\n"}) {
            for (String line : typed(help, "--quiet").out().lines().toList()) assertTrue(line.length() <= 80, line);
        }
    }

    @Test
    void aLineLongerThanTheScreenIsCutShort() {
        String shown = out("let x = \"0123456789\"\nfor i in 1..9 { let x = \"{x}{x}\" }\nprint x\n");
        assertTrue(shown.contains("… shortened: :all shows it in full") && shown.length() < 80 * 22, shown);
    }

    @Test
    void takesTheOptionsOfARun() {
        assertEquals(
                "[9, ]", out("print 4\nparam n = 1\nprint n\n", "-D", "n=9").replace("4, ", ""));
        assertTrue(
                typed("print 4\n", "--json").out().contains("{\"statement\":\"print\",\"line\":1,\"value\":4}"),
                typed("print 4\n", "--json").out());
        assertTrue(typed("load demo\n:time\nnodes top=1\nprune\n").out().contains(" s)"));
    }
}
