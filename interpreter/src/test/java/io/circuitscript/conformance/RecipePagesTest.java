package io.circuitscript.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.circuitscript.cli.CommandRun;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * Runs the pages of recipes as their reader would: each section in an empty folder, its files, scripts and shell commands in their order, and
 * compares what they print with the page. A number may differ in its last digit. {@link PageBlock} says what a block is.
 *
 * <p>{@code mvn test -Dtest=RecipePagesTest -Dpages.update=true} writes what they print now into the pages; look at the difference before you
 * commit it. {@code -Dpages.only=TEXT} takes only the sections whose page and heading contain the text.
 */
final class RecipePagesTest {
    private static final Path ROOT = Path.of("..");
    private static final boolean UPDATE = Boolean.getBoolean("pages.update");
    private static final String ONLY = System.getProperty("pages.only", "");
    private static final List<String> PAGES = List.of(
            "docs/cookbook.md",
            "docs/coming-from.md",
            "docs/choosing-a-method.md",
            "docs/grids.md",
            "docs/planted.md",
            "docs/positions.md");

    /** What a block printed, and the error output and exit code with it. */
    private record Printed(String out, String err, int exitCode) {}

    @TestFactory
    Stream<DynamicTest> everyRecipeRunsInAnEmptyFolderAndPrintsWhatThePageShows() throws IOException {
        assertFalse(UPDATE && System.getenv("CI") != null, "pages are not updated in continuous integration");
        List<DynamicTest> tests = new ArrayList<>();
        for (String page : PAGES) {
            for (PageBlock.Section section : PageBlock.sections(page, Files.readAllLines(ROOT.resolve(page)))) {
                String name = page + ": " + section.heading();
                if (name.contains(ONLY)) tests.add(DynamicTest.dynamicTest(name, () -> check(section)));
            }
        }
        assertFalse(tests.isEmpty(), "no section is called " + ONLY);
        return tests.stream();
    }

    @Test
    void aRoundedNumberMayDifferInItsLastDigitAndNothingElse() {
        PrintedNumbers.assertAgree("CPR 0.899, 12 nodes", "CPR 0.900, 12 nodes", "last digit");
        PrintedNumbers.assertAgree("off by 1.2e-7", "off by 1.3e-7", "exponent");
        for (String other : List.of("CPR 0.901, 12 nodes", "CPR 0.899, 13 nodes", "CMD 0.899, 12 nodes", "CPR 0.899")) {
            assertThrows(
                    AssertionError.class,
                    () -> PrintedNumbers.assertAgree("CPR 0.899, 12 nodes", other, "differs"),
                    other);
        }
    }

    private static void check(PageBlock.Section section) throws Exception {
        Path folder = Files.createTempDirectory("recipe");
        Path programs = Files.createTempDirectory("recipe-programs");
        try {
            writeLauncher(programs.resolve("circuit"));
            Printed printed = null;
            for (PageBlock block : section.blocks()) {
                String where = section.page() + ":" + block.line();
                switch (block.kind()) {
                    case FILE -> Files.writeString(folder.resolve(block.name()), block.text());
                    case SCRIPT -> printed = succeeded(where, script(folder, block.text()));
                    case SHELL -> printed = succeeded(where, shell(folder, programs, block.text()));
                    case OUTPUT -> compare(section, block, where, printed);
                    case SHOWN -> {}
                }
            }
        } finally {
            delete(folder);
            delete(programs);
        }
    }

    private static Printed script(Path folder, String text) {
        CommandRun run = CommandRun.of(folder, "-c", text);
        return new Printed(run.out(), run.err(), run.exitCode());
    }

    private static Printed shell(Path folder, Path programs, String text) throws Exception {
        if (text.contains("pandas.py")) assumeTrue(hasPandas(), "this machine's python3 has no pandas");
        Path out = programs.resolve("out");
        Path err = programs.resolve("err");
        ProcessBuilder builder = new ProcessBuilder("sh", "-e", "-c", text)
                .directory(folder.toFile())
                .redirectInput(Path.of("/dev/null").toFile())
                .redirectOutput(out.toFile())
                .redirectError(err.toFile());
        builder.environment().merge("PATH", programs + ":", (path, before) -> before + path);
        builder.environment().put("LC_ALL", "C.UTF-8"); // as the launcher does
        int exitCode = builder.start().waitFor();
        return new Printed(Files.readString(out), Files.readString(err), exitCode);
    }

    private static boolean hasPandas() throws Exception {
        try {
            return new ProcessBuilder("python3", "-c", "import pandas")
                            .redirectErrorStream(true)
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException noPython) {
            return false;
        }
    }

    private static Printed succeeded(String where, Printed printed) {
        assertEquals(0, printed.exitCode(), () -> where + "\n" + printed.out() + printed.err());
        return printed;
    }

    private static void compare(PageBlock.Section section, PageBlock block, String where, Printed printed)
            throws IOException {
        assertTrue(printed != null, () -> where + ": nothing runs before this output");
        if (UPDATE) rewrite(section, block, printed.out());
        else PrintedNumbers.assertAgree(block.text(), printed.out(), where);
    }

    /** Puts an output into its place in the page; earlier updates may have moved it, so it is looked for by section and text. */
    private static void rewrite(PageBlock.Section section, PageBlock block, String out) throws IOException {
        Path file = ROOT.resolve(section.page());
        List<String> lines = new ArrayList<>(Files.readAllLines(file));
        int number = section.blocks().indexOf(block);
        for (PageBlock.Section now : PageBlock.sections(section.page(), lines)) {
            if (!now.heading().equals(section.heading())) continue;
            PageBlock there = now.blocks().get(number);
            int first = there.line() - 1;
            lines.subList(first, first + (int) there.text().lines().count()).clear();
            lines.addAll(first, out.lines().toList());
            Files.write(file, lines);
            return;
        }
        fail("no section " + section.heading() + " in " + section.page());
    }

    /** The program under test, as the command that a reader types. */
    private static void writeLauncher(Path file) throws IOException {
        String java = ProcessHandle.current().info().command().orElseThrow();
        Files.writeString(
                file,
                "#!/bin/sh\nexec '" + java
                        + "' --enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow -XX:+UseSerialGC -cp '"
                        + System.getProperty("java.class.path") + "' io.circuitscript.cli.Main \"$@\"\n",
                StandardCharsets.UTF_8);
        assertTrue(file.toFile().setExecutable(true), file.toString());
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) Files.delete(file);
        }
    }
}
