package io.circuitscript.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import io.circuitscript.cli.CommandRun;
import io.circuitscript.source.ErrorCode;
import io.circuitscript.source.ErrorPage;
import io.circuitscript.source.ErrorPages;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** That every mistake which the program can report has a page and a case that shows it. */
final class ErrorPagesTest {
    private static final Path TESTS = Path.of("src/test/java/io/circuitscript");
    private static final Path CASES = Path.of("src/test/resources/conformance");

    /** Mistakes that no script makes by itself on any machine, and the tests that make them. */
    private static final Map<ErrorCode, String> MADE_IN_JAVA = Map.ofEntries(
            Map.entry(ErrorCode.TOO_LONG, "syntax/AnyTextTest"),
            Map.entry(ErrorCode.NO_HOME, "cli/NativeLibraryTest"),
            Map.entry(ErrorCode.CACHE_NOT_PRIVATE, "model/natives/NativeCacheTest"),
            Map.entry(ErrorCode.LIBRARY_DIFFERS, "model/natives/NativeCacheTest"),
            Map.entry(ErrorCode.LIBRARIES_NOT_UNPACKED, "model/natives/NativeCacheTest"),
            Map.entry(ErrorCode.TOO_MANY_FILES, "cli/NativeLibraryTest"),
            Map.entry(ErrorCode.TOO_FEW_EDGES, "graph/SelectionTest"),
            Map.entry(ErrorCode.DATA_TOO_LARGE, "cli/HostileInputTest"),
            Map.entry(ErrorCode.LIMIT_WRONG, "task/PairsReaderTest"),
            Map.entry(ErrorCode.FILE_UNREADABLE, "task/PairsReaderTest"),
            Map.entry(ErrorCode.TABLE_MALFORMED, "io/table/HostileTableTest"),
            Map.entry(ErrorCode.TABLE_CELL, "io/table/TableReaderTest"),
            Map.entry(ErrorCode.TABLE_TOO_LARGE, "io/table/HostileTableTest"),
            Map.entry(ErrorCode.TABLE_COLUMNS_DIFFER, "io/table/TableWriterTest"),
            Map.entry(ErrorCode.NOT_UTF_8, "cli/CommandLineTest"),
            Map.entry(ErrorCode.RESULTS_NOT_WRITTEN, "cli/ProcessTest"),
            Map.entry(ErrorCode.IS_A_FOLDER, "cli/CommandLineTest"),
            Map.entry(ErrorCode.NO_SUCH_FILE, "cli/CommandLineTest"),
            Map.entry(ErrorCode.NO_PYTORCH, "engine/torch/PyTorchSearchTest"),
            Map.entry(ErrorCode.NO_DEVICE, "engine/torch/DevicesTest"),
            Map.entry(ErrorCode.DTYPE_UNAVAILABLE, "analysis/PrecisionTest"),
            Map.entry(ErrorCode.NO_DOT, "render/PictureWriterTest"),
            Map.entry(ErrorCode.HUB_SETTINGS, "model/hub/HubSettingsTest"),
            Map.entry(ErrorCode.DATA_SET_PART, "cli/HubDataTest"),
            Map.entry(ErrorCode.HUB_UNAVAILABLE, "model/hub/HubTest"),
            Map.entry(ErrorCode.HUB_GATED, "model/hub/HubTest"),
            Map.entry(ErrorCode.HUB_TOKEN, "model/hub/HubTest"),
            Map.entry(ErrorCode.HUB_INCOMPLETE, "model/hub/HubTest"),
            Map.entry(ErrorCode.HUB_WRONG_HASH, "model/hub/HubTest"),
            Map.entry(ErrorCode.HUB_TOO_LARGE, "model/hub/HubTest"),
            Map.entry(ErrorCode.REVISION_MISSING, "model/hub/HubTest"),
            Map.entry(ErrorCode.CACHE_NOT_WRITABLE, "model/hub/HubTest"),
            Map.entry(ErrorCode.CACHE_FAILED, "model/hub/HubTest"),
            Map.entry(ErrorCode.DISK_FULL, "model/hub/HubTest"),
            Map.entry(ErrorCode.GRAPHVIZ_FAILED, "render/PictureWriterTest"),
            Map.entry(ErrorCode.MODEL_TOO_LARGE, "cli/HubCommandTest"),
            Map.entry(ErrorCode.MODEL_DIFFERS, "analysis/ModelOriginTest"),
            Map.entry(ErrorCode.BAD_RECORD, "cli/VerifyTest"),
            Map.entry(ErrorCode.NO_RECORD, "cli/VerifyTest"),
            Map.entry(ErrorCode.INPUT_DIFFERS, "cli/VerifyTest"),
            Map.entry(ErrorCode.LOCK_DIFFERS, "cli/LockTest"),
            Map.entry(ErrorCode.BAD_LOCK, "cli/LockTest"),
            Map.entry(ErrorCode.RESUME_DIFFERS, "cli/SavedRunTest"),
            Map.entry(ErrorCode.SAVED_RUN_IN_USE, "cli/SavedRunTest"),
            Map.entry(ErrorCode.CELLS_DIFFER, "cli/EachTest"),
            Map.entry(ErrorCode.CELLS_FAILED, "cli/EachTest"),
            Map.entry(ErrorCode.CELLS_MISSING, "cli/EachTest"),
            Map.entry(ErrorCode.DEFECT, "cli/ResultsTest"));

    /** What only a broken or a small machine gives, or what another check forestalls. */
    private static final Set<ErrorCode> NEEDS_A_MACHINE = Set.of(
            ErrorCode.TOKENIZER_UNAVAILABLE,
            ErrorCode.ENGINE_UNAVAILABLE,
            ErrorCode.GPU_FAILED,
            ErrorCode.OUT_OF_MEMORY,
            ErrorCode.WEIGHTS_OUT_OF_RANGE,
            ErrorCode.INPUT_TOO_LONG);

    /** Codes that another module reports, and its test. */
    private static final Map<ErrorCode, String> OF_ANOTHER_MODULE = Map.of(
            ErrorCode.NO_CLUSTER,
            "../cluster/src/test/java/io/circuitscript/cluster/ClusterMistakesTest.java",
            ErrorCode.CLUSTER_PROGRAM_DIFFERS,
            "../cluster/src/test/java/io/circuitscript/cluster/SparkCellsTest.java",
            ErrorCode.CLUSTER_FAILED,
            "../cluster/src/test/java/io/circuitscript/cluster/SparkCellsTest.java");

    @Test
    void everyCodeHasAPage() {
        Set<ErrorCode> pages = EnumSet.noneOf(ErrorCode.class);
        for (ErrorPage page : ErrorPages.all()) pages.add(page.code());
        assertEquals(EnumSet.allOf(ErrorCode.class), pages);
    }

    /** Read from the compiled classes. */
    @Test
    void everyCodeIsReported() {
        Set<String> used = new ClassFileImporter()
                .withImportOption(new ImportOption.DoNotIncludeTests()).importPackages("io.circuitscript").stream()
                        .filter(type -> !type.isEquivalentTo(ErrorCode.class))
                        .flatMap(type -> type.getFieldAccessesFromSelf().stream())
                        .filter(access -> access.getTargetOwner().isEquivalentTo(ErrorCode.class))
                        .map(access -> access.getTarget().getName())
                        .collect(Collectors.toSet());
        List<ErrorCode> unused = Arrays.stream(ErrorCode.values())
                .filter(code -> !used.contains(code.name()) && !OF_ANOTHER_MODULE.containsKey(code))
                .toList();
        assertEquals(List.of(), unused, "codes that nothing reports");
    }

    @Test
    void numbersAreGivenOnceAndInOrder() {
        List<ErrorCode> order = ErrorPages.all().stream().map(ErrorPage::code).toList();
        assertEquals(List.of(ErrorCode.values()), order, "the pages stand in the order of the codes");
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
            String module = OF_ANOTHER_MODULE.get(page.code());
            Path test = module == null ? inJava(page.code()) : Path.of(module);
            if (NEEDS_A_MACHINE.contains(page.code())) continue;
            if (test == null && !shown.contains(page.number())) without.add(page.word() + ": no case");
            if (test != null
                    && !Files.readString(test)
                            .matches("(?s).*\\b(" + page.code() + "|" + page.word() + "|" + page.number() + ")\\b.*")) {
                without.add(page.word() + ": not in " + test);
            }
        }
        assertEquals(List.of(), without);
    }

    private static Path inJava(ErrorCode code) {
        String test = MADE_IN_JAVA.get(code);
        return test == null ? null : TESTS.resolve(test + ".java");
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
