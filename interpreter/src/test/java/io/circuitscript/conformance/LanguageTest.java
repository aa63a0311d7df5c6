package io.circuitscript.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.circuitscript.cli.CommandRun;
import io.circuitscript.model.RandomGpt2;
import io.circuitscript.source.Source;
import io.circuitscript.syntax.Parsed;
import io.circuitscript.syntax.Parser;
import io.circuitscript.syntax.Printer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every script of the language's reference, and of {@code examples}: it checks, is printed as itself, and runs. What names nodes of twelve layers
 * runs on a narrow model with random weights; {@code load} and {@code data} are put in front where there is none.
 */
final class LanguageTest {
    private static final Path SCRIPTS = Path.of("src/test/resources/language");
    private static final Path EXAMPLES = Path.of("..", "examples");
    private static final String BEFORE =
            "load gpt2-small; data \"gt.csv\"; attribute ig=1; keep again; circuit small { m10->logits }; full\n";

    /** Half of them are more than one: the mean of one row is that row, and ablating by it would change nothing. */
    private static final int ROWS = 4;

    @TempDir
    static Path folder;

    @BeforeAll
    static void makeModelAndData() throws IOException {
        RandomGpt2.write(folder.resolve("models/gpt2-small"), RandomGpt2.TWELVE_LAYERS);
        for (String name : List.of("greater-than.csv", "ioi.csv")) head(EXAMPLES.resolve(name), folder.resolve(name));
        head(EXAMPLES.resolve("greater-than.csv"), folder.resolve("gt.csv"));
        Files.writeString(folder.resolve("lib.circuit"), "def doubled(x) { 2 * x }\n");
    }

    private static void head(Path from, Path to) throws IOException {
        Files.write(to, Files.readAllLines(from).subList(0, 1 + ROWS));
    }

    @TestFactory
    Stream<DynamicTest> scriptsOfTheReferenceRun() {
        return Stream.of("founding", "manual", "task")
                .map(name -> DynamicTest.dynamicTest(name, () -> {
                    String text = Files.readString(SCRIPTS.resolve(name + ".circuit"));
                    printsAsItself(text);
                    runs(name.equals("founding") ? text.replace("ig=30", "ig=2") : BEFORE + text);
                }));
    }

    /** It runs in {@code TutorialTest}, with all of its rows. */
    @Test
    void theTutorialIsPrintedAsItself() throws IOException {
        printsAsItself(Files.readString(SCRIPTS.resolve("tutorial.circuit")));
    }

    /** One after the other in one script: making the scores takes longer than all of them. */
    @Test
    void fragmentsRun() throws IOException {
        List<String> now = fragments("now");
        now.forEach(LanguageTest::printsAsItself);
        runs(BEFORE + String.join("", now));
    }

    /** These need the scores of the beginning. */
    @Test
    void fragmentsRunAlone() throws IOException {
        for (String text : fragments("alone")) {
            printsAsItself(text);
            runs(BEFORE + text);
        }
    }

    /** Tests of their own run a part of them. */
    private static final Set<String> LONG = Set.of("leaderboard.circuit", "real-models.circuit");

    @TestFactory
    Stream<DynamicTest> examplesRun() throws IOException {
        try (Stream<Path> files = Files.list(EXAMPLES)) {
            List<Path> scripts = files.filter(it -> it.toString().endsWith(".circuit"))
                    .sorted()
                    .toList();
            assertFalse(scripts.isEmpty());
            return scripts.stream()
                    .map(script -> DynamicTest.dynamicTest(script.getFileName().toString(), () -> {
                        String text = Files.readString(script);
                        if (LONG.contains(script.getFileName().toString())) return;
                        printsAsItself(text);
                        // What they expect holds of all rows; GPT-2's are cut into other tokens than the narrow
                        // model's.
                        runs(text.replaceAll("(?m)^expect .*\n", "")
                                .replace("gpt2-greater-than.csv", "gt.csv")
                                .replaceAll("(?m)^(render .*)\\.png\"", "$1.dot\"")
                                .replaceAll("ig=[0-9]+", "ig=2")
                                .replaceFirst("param steps = [0-9]+", "param steps = 2"));
                    }));
        }
    }

    /** Without comments and empty lines, which are no part of the tree, and a line each where `;` joined them. */
    private static void printsAsItself(String text) {
        Parsed parsed = Parser.parse(new Source("script", text));
        assertEquals(List.of(), parsed.diagnostics());
        String bare = text.replaceAll("(?m)[ ]*#.*$", "")
                .replace("; ", "\n")
                .replaceAll("(?m)^[ ]*\n", "")
                .strip();
        String printed = Printer.print(parsed.statements());
        if (!bare.contains("{ "))
            assertEquals(bare, printed.replaceAll("(?m)^[ ]*\n", "").strip());
        assertEquals(
                printed,
                Printer.print(Parser.parse(new Source("printed", printed)).statements()));
    }

    private static void runs(String script) {
        CommandRun run = run(script);
        assertEquals(0, run.exitCode(), () -> script + "\n" + run.err());
    }

    private static CommandRun run(String script) {
        return CommandRun.of(folder, "--quiet", "-c", "set threads=1 models=\"models\"; " + script);
    }

    private static List<String> fragments(String part) throws IOException {
        String all = Files.readString(SCRIPTS.resolve("fragments.txt"));
        int start = all.indexOf("## " + part) + ("## " + part).length();
        int end = all.indexOf("\n## ", start);
        return Stream.of(all.substring(start, end < 0 ? all.length() : end)
                        .strip()
                        .split("\n\n"))
                .map(text -> text + "\n")
                .toList();
    }
}
