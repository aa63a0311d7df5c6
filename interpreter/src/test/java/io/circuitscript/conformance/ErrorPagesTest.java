package io.circuitscript.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.circuitscript.cli.CommandRun;
import io.circuitscript.source.ErrorPage;
import io.circuitscript.source.ErrorPages;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** That every mistake which the program can report has a number, a page, and a case that shows it. */
final class ErrorPagesTest {
    private static final Path SOURCES = Path.of("src/main/java/io/circuitscript");
    private static final Path TESTS = Path.of("src/test/java/io/circuitscript");
    private static final Path CASES = Path.of("src/test/resources/conformance");

    /** A word in the place where mistakes are made of one, and where it is given a name first. */
    private static final List<Pattern> WORDS = List.of(
            Pattern.compile(
                    "(?:Diagnostic\\.error|Diagnostic\\.warning|Mistake\\.form|Mistake\\.value|UserError\\.(?:input|missing|failure)"
                            + "|names\\.report|\\breport|\\berror|\\bafter|(?<!Finding\\.)\\bfail|new Impossible)\\(\\s*(?:source,\\s*)?\"([a-z][a-z0-9-]*)\","),
            Pattern.compile("UserError\\.Kind\\.[A-Z]+,\\s*\"([a-z][a-z0-9-]*)\""),
            Pattern.compile("JsonFile\\.(?:read|parse)\\([^;]*\"([a-z][a-z0-9-]*)\"\\)"),
            Pattern.compile("String (?:CODE|TOO_EARLY|DEFECT) = \"([a-z][a-z0-9-]*)\""));

    /** Mistakes that no script makes by itself on any machine, and the tests that make them. */
    private static final Map<String, String> MADE_IN_JAVA = Map.ofEntries(
            Map.entry("too-long", "syntax/AnyTextTest"),
            Map.entry("no-home", "cli/NativeLibraryTest"),
            Map.entry("cache-not-private", "model/NativeCacheTest"),
            Map.entry("library-differs", "model/NativeCacheTest"),
            Map.entry("libraries-not-unpacked", "model/NativeCacheTest"),
            Map.entry("too-many-files", "cli/NativeLibraryTest"),
            Map.entry("too-few-edges", "graph/SelectionTest"),
            Map.entry("data-too-large", "cli/HostileInputTest"),
            Map.entry("limit-wrong", "task/PairsReaderTest"),
            Map.entry("file-unreadable", "task/PairsReaderTest"),
            Map.entry("not-utf-8", "cli/CommandLineTest"),
            Map.entry("results-not-written", "cli/ProcessTest"),
            Map.entry("is-a-folder", "cli/CommandLineTest"),
            Map.entry("no-such-file", "cli/CommandLineTest"),
            Map.entry("no-pytorch", "engine/PyTorchSearchTest"),
            Map.entry("no-device", "engine/DevicesTest"),
            Map.entry("dtype-unavailable", "analysis/PrecisionTest"),
            Map.entry("no-dot", "render/PictureWriterTest"),
            Map.entry("hub-settings", "model/hub/HubSettingsTest"),
            Map.entry("hub-unavailable", "model/hub/HubTest"),
            Map.entry("hub-gated", "model/hub/HubTest"),
            Map.entry("hub-token", "model/hub/HubTest"),
            Map.entry("hub-incomplete", "model/hub/HubTest"),
            Map.entry("hub-wrong-hash", "model/hub/HubTest"),
            Map.entry("hub-too-large", "model/hub/HubTest"),
            Map.entry("revision-missing", "model/hub/HubTest"),
            Map.entry("cache-not-writable", "model/hub/HubTest"),
            Map.entry("cache-failed", "model/hub/HubTest"),
            Map.entry("disk-full", "model/hub/HubTest"),
            Map.entry("graphviz-failed", "render/PictureWriterTest"),
            Map.entry("model-too-large", "cli/HubCommandTest"),
            Map.entry("bad-record", "cli/VerifyTest"),
            Map.entry("no-record", "cli/VerifyTest"),
            Map.entry("input-differs", "cli/VerifyTest"),
            Map.entry("lock-differs", "cli/LockTest"),
            Map.entry("bad-lock", "cli/LockTest"),
            Map.entry("resume-differs", "cli/SavedRunTest"),
            Map.entry("saved-run-in-use", "cli/SavedRunTest"),
            Map.entry("defect", "cli/ResultsTest"));

    /** What only a broken or a small machine gives, or what another check forestalls. */
    private static final Set<String> NEEDS_A_MACHINE = Set.of(
            "tokenizer-unavailable",
            "engine-unavailable",
            "gpu-failed",
            "out-of-memory",
            "weights-out-of-range",
            "input-too-long");

    @Test
    void everyWordOfTheSourcesHasAPage() throws IOException {
        Set<String> used = new TreeSet<>();
        for (Path file : files(SOURCES, ".java")) {
            String text = Files.readString(file);
            for (Pattern pattern : WORDS) {
                Matcher word = pattern.matcher(text);
                while (word.find()) used.add(word.group(1));
            }
        }
        Set<String> pages =
                ErrorPages.all().stream().map(ErrorPage::word).collect(Collectors.toCollection(TreeSet::new));
        Set<String> without = new TreeSet<>(used);
        without.removeAll(pages);
        assertEquals(Set.of(), without, "mistakes without a page in source/errors.md");
        pages.removeAll(used);
        assertEquals(Set.of(), pages, "pages of mistakes that nothing reports");
    }

    @Test
    void numbersAreGivenOnceAndInOrder() {
        List<String> numbers = ErrorPages.all().stream().map(ErrorPage::number).toList();
        assertEquals(numbers.stream().distinct().sorted().toList(), numbers);
        for (ErrorPage page : ErrorPages.all()) {
            assertFalse(
                    page.title().isBlank()
                            || page.example().isBlank()
                            || page.mend().isBlank(),
                    page.text());
            assertFalse(page.title().endsWith("."), page.title());
        }
    }

    @Test
    void everyMistakeHasACaseThatShowsIt() throws IOException {
        Set<String> shown = new HashSet<>();
        for (Path golden : files(CASES, ".err")) {
            Matcher number = Pattern.compile("error\\[(E[0-9]{4})\\]").matcher(Files.readString(golden));
            while (number.find()) shown.add(number.group(1));
        }
        List<String> without = new ArrayList<>();
        for (ErrorPage page : ErrorPages.all()) {
            String test = MADE_IN_JAVA.get(page.word());
            if (NEEDS_A_MACHINE.contains(page.word())) continue;
            if (test == null && !shown.contains(page.number())) without.add(page.word() + ": no case");
            if (test != null
                    && !Files.readString(TESTS.resolve(test + ".java"))
                            .matches("(?s).*\\b(" + page.word() + "|" + page.number() + ")\\b.*")) {
                without.add(page.word() + ": not in " + test);
            }
        }
        assertEquals(List.of(), without);
    }

    /** The example of a page is a case of its own, so that it gives what the page says. */
    @Test
    void everyExampleIsACase() throws IOException {
        for (ErrorPage page : ErrorPages.all()) {
            Path script = CASES.resolve("errors").resolve(page.word() + ".circuit");
            assertEquals(page.exampleIsScript(), Files.exists(script), page.word());
            if (!page.exampleIsScript()) continue;
            String text = Files.readString(script).replaceFirst("^# circuit run .*\n", "");
            assertEquals(page.example(), text.strip());
            String golden = Files.readString(script.resolveSibling(page.word() + ".err"));
            assertTrue(golden.contains("error[" + page.number() + "]"), golden);
        }
    }

    /** Pasted into an empty folder, an example that is not about a file of its own shows the mistake that its page is about. */
    @Test
    void examplesWithDataRunInAnEmptyFolder(@TempDir Path folder) {
        List<ErrorPage> pages = ErrorPages.all().stream()
                .filter(page -> page.exampleIsScript() && page.example().contains("data \"std/"))
                .toList();
        assertTrue(pages.size() > 10, pages.toString());
        for (ErrorPage page : pages) {
            CommandRun run = CommandRun.of(folder, "-c", page.example());
            assertTrue(
                    run.err().contains("error[" + page.number() + "]")
                            && !run.err().contains("E0601"),
                    page.word() + ": " + run.err());
        }
    }

    @Test
    void pagesAreFoundByNumberAndByWord() {
        Optional<String> name = Optional.of("unknown-name");
        for (String asked : List.of("E0201", "e0201", "E201", "0201", "201", "unknown-name", "Unknown-Name")) {
            assertEquals(name, ErrorPages.find(asked).map(ErrorPage::word), asked);
        }
        for (String asked : List.of("E0299", "", "E", "99999999999", "unknwon-name"))
            assertEquals(Optional.empty(), ErrorPages.find(asked), asked);
        assertEquals("unknown-name", ErrorPages.nearest("unknwon-name").getFirst());
        assertTrue(
                ErrorPages.nearest("E0299").contains("E0209"),
                ErrorPages.nearest("E0299").toString());
        assertEquals("a-word-without-a-page", ErrorPages.number("a-word-without-a-page"));
        assertEquals("""
                E0306 no-such-item: The list has no item of that number

                Items are counted from 0.

                    let sizes = [10, 20]
                    print sizes[2]

                Write a number from 0 to one less than `len(sizes)`.
                """, ErrorPages.find("no-such-item").orElseThrow().text());
    }

    private static List<Path> files(Path folder, String ending) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(file -> file.toString().endsWith(ending)).toList();
        }
    }
}
