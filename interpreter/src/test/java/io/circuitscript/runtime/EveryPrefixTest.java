package io.circuitscript.runtime;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.circuitscript.runtime.files.ScriptFiles;
import io.circuitscript.runtime.state.Facts;
import io.circuitscript.runtime.state.Settings;
import io.circuitscript.runtime.statements.Statements;
import io.circuitscript.runtime.value.Scope;
import io.circuitscript.source.Diagnostic;
import io.circuitscript.source.Source;
import io.circuitscript.syntax.Parser;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Every beginning of every script of the conformance folder can be checked: that gives mistakes, never an exception. */
class EveryPrefixTest {
    private static final Path CASES = Path.of("src/test/resources/conformance");

    @Test
    void everyPrefixIsChecked() throws IOException {
        Statements statements = new Statements(Map.of(), Path.of("nowhere"));
        try (Stream<Path> files = Files.walk(CASES)) {
            files.filter(it -> it.toString().endsWith(".circuit")).sorted().toList().parallelStream()
                    .forEach(script -> everyPrefix(script, statements));
        }
    }

    private static void everyPrefix(Path script, Statements statements) {
        String text = text(script);
        // Where it ends within a word says little: a step of seven meets every statement.
        for (int end = text.codePointCount(0, text.length()); end > 0; end -= 7)
            check(script, text.substring(0, text.offsetByCodePoints(0, end)), statements);
    }

    private static String text(Path script) {
        try {
            return Files.readString(script);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void check(Path script, String prefix, Statements statements) {
        Path folder = script.getParent();
        Facts facts = new Facts(new ScriptFiles(folder, folder, Set.of()), Settings.DEFAULT);
        CheckFindings findings = CheckFindings.of(
                Parser.parse(new Source(script.toString(), prefix)), statements, Map.of(), Scope.global(), facts);
        for (Diagnostic diagnostic : findings.diagnostics()) {
            assertTrue(
                    !diagnostic.message().isBlank() && !diagnostic.message().endsWith("."),
                    () -> script + ": " + diagnostic + " of\n" + prefix);
        }
    }
}
