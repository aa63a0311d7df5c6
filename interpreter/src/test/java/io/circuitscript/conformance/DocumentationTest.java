package io.circuitscript.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.circuitscript.cli.CommandRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * Runs every script of the documentation in an empty folder, as a reader pastes it: each text that is indented by four spaces. What is no script stands
 * between fences there. A script that loads no model goes on from the one that {@code docs/language.md} begins with.
 */
final class DocumentationTest {
    private static final Path ROOT = Path.of("..");
    private static final String BEFORE = "set threads=1; load demo; data \"std/ioi.csv\" limit=4; attribute ig=1; ";

    @TempDir
    Path folder;

    /** A script of a page. @param line where it begins there */
    private record Example(String page, int line, String text) {
        String name() {
            return page + ":" + line;
        }
    }

    @TestFactory
    Stream<DynamicTest> everyScriptOfTheDocumentationRuns() throws IOException {
        List<Example> examples = new ArrayList<>();
        for (String page : List.of(
                "README.md",
                "docs/tutorial.md",
                "docs/language.md",
                "docs/tables.md",
                "docs/data.md",
                "docs/notebook.md",
                "docs/reference.md",
                "docs/tasks/greater-than.md",
                "docs/tasks/ioi.md",
                "docs/tasks/gender.md",
                "docs/tasks/sva.md",
                "docs/tasks/capitals.md")) {
            List<Example> found = examples(page);
            assertFalse(found.isEmpty(), "no scripts in " + page);
            examples.addAll(found);
        }
        return examples.stream().map(example -> DynamicTest.dynamicTest(example.name(), () -> check(example)));
    }

    private void check(Example example) throws IOException {
        try {
            boolean whole = example.text().startsWith("load ");
            CommandRun run = CommandRun.of(folder, "--quiet", "-c", whole ? example.text() : BEFORE + example.text());
            assertEquals(0, run.exitCode(), () -> example.name() + "\n" + example.text() + run.err());
        } finally {
            try (Stream<Path> files = Files.walk(folder)) {
                for (Path file : files.filter(it -> !it.equals(folder))
                        .sorted(Comparator.reverseOrder())
                        .toList()) Files.delete(file);
            }
        }
    }

    private static List<Example> examples(String page) throws IOException {
        List<Example> examples = new ArrayList<>();
        StringBuilder text = new StringBuilder();
        boolean fenced = false;
        int number = 0;
        int first = 0;
        for (String line : Files.readAllLines(ROOT.resolve(page))) {
            number++;
            if (line.startsWith("```")) fenced = !fenced;
            boolean script = !fenced && line.startsWith("    ");
            if (script && text.isEmpty()) first = number;
            if (script || line.isBlank() && !text.isEmpty()) {
                text.append(script ? line.substring(4) : "").append('\n');
            } else if (!text.isEmpty()) {
                examples.add(new Example(page, first, text.toString()));
                text.setLength(0);
            }
        }
        if (!text.isEmpty()) examples.add(new Example(page, first, text.toString()));
        return examples;
    }
}
