package io.circuitscript.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.circuitscript.runtime.functions.Functions;
import io.circuitscript.runtime.functions.LanguageFunction;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The table of functions in the reference: it has all of them, as they are declared, and its examples come to what it says. */
final class FunctionTableTest {
    private static final Pattern ROW =
            Pattern.compile("^\\| `([a-z]+\\([^`]*\\))` \\|.*\\| `([^`]+)` \\| `([^`]+)` \\|$", Pattern.MULTILINE);

    @TempDir
    Path folder;

    private static List<MatchResult> rows() throws IOException {
        String page = Files.readString(Path.of("../docs/language.md"));
        int start = page.indexOf("\n## Functions\n");
        return ROW.matcher(page.substring(start, page.indexOf("\n## ", start + 1)))
                .results()
                .toList();
    }

    @Test
    void namesEveryFunctionAsItIsDeclared() throws IOException {
        List<String> declared =
                Functions.all().stream().map(LanguageFunction::usage).sorted().toList();
        assertEquals(declared, rows().stream().map(row -> row.group(1)).sorted().toList());
    }

    @Test
    void examplesComeToWhatItSays() throws IOException {
        String script =
                rows().stream().map(row -> "print " + row.group(2) + "\n").collect(Collectors.joining());
        ScriptRun run = ScriptRun.of(script, folder);
        assertEquals(List.of(), run.mistakes());
        assertEquals(rows().stream().map(row -> row.group(3)).toList(), run.printed());
    }
}
