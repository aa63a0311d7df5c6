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
    void aDeviceThatIsNotThereLeavesTheModelBeforeIt() {
        CommandRun run = typed(
                "load demo\ntask ioi limit=3\nattribute\ngreedy 9\nload demo device=cuda:77\nprint \"still {(evaluate).edges}\"\n");
        assertTrue(run.err().contains("cuda:77") || run.err().contains("CUDA"), run.err());
        assertTrue(run.out().contains("still 9\n"), run.out() + run.err());
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
        assertTrue(typed("? gredy\n").err().contains("did you mean greedy"));
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
        assertEquals("let a = 2\n", Files.readString(folder.resolve("looked.circuit")));
        assertTrue(typed("1 + 2\n:save none.circuit\n").err().contains("nothing has run that a script needs"));
        assertFalse(Files.exists(folder.resolve("none.circuit")));
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

    @Test
    void listsVariablesAndFunctions() {
        assertTrue(typed(":vars\n").err().contains("no variables yet: let NAME = VALUE"));
        String listed = out(
                "load demo\ntask greater-than limit=3\nlet a = 3\nlet words = [\"one\", \"two\"]\nlet b = baseline\n:vars\n");
        for (String line : new String[] {
            "name   type                    value, ",
            ", a      number                  3, ",
            ", words  list                    [\"one\", \"two\"], ",
            ", b      the result of baseline  {clean: 0.965",
        }) assertTrue(listed.contains(line), line + " in " + listed);
        assertTrue(out("def twice(x, y=2) { x * y }\n:vars\n").contains("functions,   twice(x, y=2)"));
    }

    @Test
    void showsItsState() {
        assertEquals(
                "[model     none yet: load MODEL, data      none yet: data \"FILE\" or task NAME, "
                        + "metric    none yet: the data's columns choose one, or metric NAME, scores    none yet: attribute, "
                        + "circuit   none yet: load MODEL, then greedy EDGES, settings  all as by default, ]",
                out(":state\n"));
        String state = out(
                "load demo\ndata \"std/greater-than.csv\" limit=10 split=50%\nattribute ig=2 with=zero\ngreedy 40\nkeep best\nseed 3\nset batch=4\n:state\n:circuits\nbest?\n");
        for (String line : new String[] {
            "model     demo: 4 layers × 4 heads, float32 on cpu",
            "data      greater-than.csv: 10 rows, 5 for training and 5 for testing",
            "metric    prob_diff",
            "scores    EAP-IG with 2 steps, edges, zero ablation",
            "kept as best",
            "settings  batch=4, seed 3",
            "circuit best: "
        }) assertTrue(state.contains(line), line + " in " + state);
        assertTrue(state.matches(".*best +\\d+ +\\d+ +EAP-IG with 2 steps, edges +current.*"), state);
    }

    @Test
    void resultsHaveNumbersAndASavedScriptNamesThem() throws IOException {
        CommandRun typed = typed("1 + 2\nlet a = 5\n[4, 5]\n_1\nprint _1 + _2[0]\n_1 * 100\n_ + 1\nprint _ + _1\n"
                + ":results\n:save named.circuit\n");
        assertTrue(typed.out().contains("7\n") && typed.out().contains("304\n"), typed.out() + typed.err());
        assertTrue(typed.out().contains("_2    [4, 5]     [4, 5]"), typed.out());
        assertEquals(
                "let result1 = 1 + 2\nlet a = 5\nlet result2 = [4, 5]\nprint result1 + result2[0]\nlet result = result1 * 100\n"
                        + "let result = result + 1\nprint result + result1\n",
                Files.readString(folder.resolve("named.circuit")));
        CommandRun run = CommandRun.of(folder, "run", "named.circuit");
        assertEquals("7\n304\n", run.out(), run.err());
    }

    @Test
    void onlyTheLastResultsAreKept() {
        String err = typed("1 + 1\n".repeat(101) + "_1\n_2\n_102\nlet _3 = 1\nprint _101\n")
                .err();
        assertTrue(err.contains("_1 is no longer kept: the prompt keeps the last 100 results"), err);
        assertTrue(err.contains("there is no result _102 yet") && err.contains("the last one is _101"), err);
        assertTrue(err.contains("_3 is a name that the prompt gives to a result"), err);
        assertFalse(err.contains("_2 "), err);
    }

    /** A function of the user's may do anything, also under a name of the language's. */
    @Test
    void savesCallsOfTheUsersFunctions() throws IOException {
        typed("def show(x) { print x }\nshow(3)\nmax(1, 2)\ndef max(x) { print x }\nmax(4)\n:save calls.circuit\n");
        assertEquals(
                "def show(x) { print x }\nshow(3)\ndef max(x) { print x }\nmax(4)\n",
                Files.readString(folder.resolve("calls.circuit")));
    }

    /** A statement that reads what failed is not there, and neither is what failed. */
    @Test
    void savesNothingThatFailed() throws IOException {
        typed(
                "let a = 2\nexpect a > 3\nprint nothing\nlet b = a; expect b > 3; let c = 1\n:vars\na?\n!true\n:save x.circuit\n");
        assertEquals("let a = 2\nlet b = a\n", Files.readString(folder.resolve("x.circuit")));
    }

    @Test
    void aQuestionMarkExplainsAWordAVariableOrAField() {
        assertTrue(out("greedy?\n").contains("greedy "));
        assertTrue(out("a2.h1<v>?\nlet a = [1, 2]\na ?\n").contains("a: a list of 2,   [1, 2]"));
        String result = out("load demo\ntask greater-than limit=3\nlet b = baseline\nb?\n?b.clean\n");
        assertTrue(result.contains("b: the result of baseline") && result.contains("examples"), result);
        assertTrue(result.contains("b.clean: a number"), result);
        assertTrue(out("def twice(x) { x * 2 }\ntwice?\n").contains("def twice(x) { x * 2 }"));
        assertTrue(out("help metric\n").contains("'help metrics' explains"));
        assertTrue(typed("nothing_here?\n").err().contains("there is no help on `nothing_here`"));
    }

    @Test
    void changesTheFolder() throws IOException {
        Files.createDirectories(folder.resolve("data/inner"));
        Files.copy(Path.of("../examples/greater-than.csv"), folder.resolve("data/gt.csv"));
        Files.writeString(folder.resolve("data/lib.circuit"), "let b = 5\n");
        CommandRun run = typed(
                ":cd\n:cd data\nload demo\ndata \"gt.csv\" limit=3\nimport \"lib.circuit\"\nprint b\n:load lib.circuit\n"
                        + "!pwd > inner/where\nsave \"c.json\"\n:save s.circuit\n:cd inner\n:cd ..\n:reset\n:cd\n");
        assertEquals("", run.err().replaceAll("(?m)^note: .*\n", ""));
        assertTrue(
                run.out().contains(folder + "\n") && run.out().contains(folder.resolve("data/inner") + "\n"),
                run.out());
        assertTrue(run.out().endsWith(folder.resolve("data") + "\ncircuit> \n"), run.out());
        assertTrue(run.out().contains("3 examples") && run.out().contains("5\n"), run.out());
        assertEquals(
                folder.resolve("data").toRealPath().toString(),
                Files.readString(folder.resolve("data/inner/where")).strip());
        assertTrue(Files.exists(folder.resolve("data/c.json")));
        CommandRun again = CommandRun.of(folder, "run", "data/s.circuit", "--allow-write=data");
        assertEquals(0, again.exitCode(), again.err());
        String err =
                typed(":cd dota\n:cd data/gt.csv\n:cd ~/no-such-folder-here\n").err();
        assertTrue(err.contains("there is no folder dota") && err.contains("did you mean data?"), err);
        assertTrue(err.contains("data/gt.csv is a file, not a folder"), err);
        assertTrue(err.contains("there is no folder ~/no-such-folder-here"), err);
    }

    @Test
    void runsCommandsOfTheShell() throws IOException {
        CommandRun run = typed("!echo one > made.txt\n! exit 3\n!\n!kill -INT $$\nprint 4\n");
        assertEquals("one\n", Files.readString(folder.resolve("made.txt")));
        assertTrue(run.err().contains("the command ended with exit status 3"), run.err());
        assertTrue(run.err().contains("`!` runs a command of the shell, and none is given"), run.err());
        assertTrue(
                run.err().contains("the command was interrupted") && run.out().contains("4\n"), run.err());
        Files.writeString(folder.resolve("s.circuit"), "!echo two > made.txt\n");
        assertEquals(65, CommandRun.of(folder, "run", "s.circuit").exitCode());
        assertEquals("one\n", Files.readString(folder.resolve("made.txt")));
    }

    private CommandRun edited(String editor, String text) throws IOException {
        Path program = folder.resolve("editor");
        Files.writeString(program, "#!/bin/sh\n" + editor + "\n");
        assertTrue(program.toFile().setExecutable(true));
        return CommandRun.of(
                folder,
                text.getBytes(StandardCharsets.UTF_8),
                new Terminals(true, true, true),
                Map.of("EDITOR", "'" + program + "' --wait", "VISUAL", ""));
    }

    @Test
    void runsWhatAnEditorSaves() throws IOException {
        CommandRun run = edited("sed -i s/1/41/ \"$2\"", "print 1 + 1\n:vars\n:edit\n:list\n");
        assertTrue(run.out().contains("circuit> print 41 + 1\n42\n"), run.out() + run.err());
        assertTrue(run.out().contains("   2  print 41 + 1"), run.out());
        run = edited("sed -i s/2/3/ \"$2\"", "def f(x) {\n  x * 2\n}\n:edit f\nprint f(5)\n:edit g\n");
        assertTrue(run.out().contains("15\n"), run.out() + run.err());
        assertTrue(run.err().contains("there is no function g of yours"), run.err());
        assertTrue(edited("true", "print 1\n:edit\n").err().contains("nothing was changed, so nothing runs"));
        assertTrue(edited("true", ":edit\n").err().contains("the file is empty, so nothing runs"));
        assertTrue(edited("echo 'print 7' > \"$2\"", ":edit\n").out().contains("7\n"));
        run = edited("echo 'print 7' > \"$2\"; exit 2", "print 1\n:edit\n");
        assertTrue(run.err().contains("the editor ended with exit status 2, so nothing runs"), run.err());
        assertFalse(run.out().contains("7"), run.out());
        assertTrue(edited("printf '\\377' > \"$2\"", "print 1\n:edit\n").err().contains("not UTF-8"));
        CommandRun none = typed("print 1\n:edit\n");
        assertTrue(none.err().contains("no editor is known"), none.err());
    }
}
