package io.circuitscript.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.circuitscript.analysis.methods.AttributionMethods;
import io.circuitscript.runtime.evaluate.Declaration;
import io.circuitscript.runtime.evaluate.HelpGroup;
import io.circuitscript.runtime.evaluate.Kind;
import io.circuitscript.runtime.functions.Functions;
import io.circuitscript.runtime.functions.LanguageFunction;
import io.circuitscript.runtime.help.HelpPages;
import io.circuitscript.runtime.statements.Statements;
import io.circuitscript.source.ErrorCode;
import io.circuitscript.source.Source;
import io.circuitscript.syntax.Parser;
import io.circuitscript.syntax.Words;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** That the recipes of CONTRIBUTING.md leave nothing out: what is added is told of in one place, and nowhere else. */
final class RecipesTest {
    private static final Path SOURCES = Path.of("src/main/java/io/circuitscript");

    /** Packages that work with every statement, and so must know none by name. */
    private static final List<String> GENERAL = List.of(
            "runtime/functions",
            "runtime/evaluate",
            "runtime/help",
            "runtime/value",
            "runtime/state",
            "syntax",
            "cli/console",
            "assist",
            "cli/prompt",
            "cli/repl");

    /** Words with a form of their own in the grammar, and words that also name a kind of value or a field. */
    private static final Set<String> ALSO_OTHERS =
            Set.of("data", "task", "metric", "circuit", "generate", "use", "keep", "baseline", "nodes", "edges");

    /** Meta commands of the prompt that bear the names of statements. */
    private static final Set<String> ELSEWHERE = Set.of("MetaCommand.java");

    private static final List<Declaration> DECLARATIONS = new Statements(Map.of(), Path.of("target")).declarations();

    @Test
    void everyStatementSaysWhereHelpListsIt() {
        for (Declaration declaration : DECLARATIONS)
            assertNotEquals(HelpGroup.OTHER, declaration.group(), declaration.word());
    }

    @Test
    void theLexerAndTheDeclarationsAgreeOnWhatTakesAFile() {
        for (Declaration declaration : DECLARATIONS) {
            boolean declared = declaration.parameters().stream()
                    .anyMatch(it -> Set.of(Kind.INPUT_FILE, Kind.DATA_NAME, Kind.OUTPUT_FILE)
                            .contains(it.kind()));
            boolean read =
                    Parser.parse(new Source("a.circuit", declaration.word() + " x.json\n")).diagnostics().stream()
                            .anyMatch(it -> it.code() == ErrorCode.UNQUOTED_FILE);
            assertEquals(declared, read, declaration.word());
        }
    }

    @Test
    void noGeneralPackageNamesAStatement() throws IOException {
        List<String> named = new ArrayList<>();
        for (String folder : GENERAL) {
            for (Path file : sources(folder)) {
                String text = Files.readString(file);
                for (String word : Words.VALUE_STATEMENTS) {
                    if (!ALSO_OTHERS.contains(word) && text.contains('"' + word + '"'))
                        named.add(file.getFileName() + ": " + word);
                }
            }
        }
        assertEquals(List.of(), named);
    }

    @Test
    void everyFunctionHasAPageFromItsDeclaration() {
        HelpPages pages = new HelpPages(DECLARATIONS);
        for (LanguageFunction function : Stream.concat(Functions.all().stream(), Functions.ofMetrics().stream())
                .toList()) {
            String page = pages.page(function.word()).orElseThrow();
            assertTrue(page.contains(function.usage()) && page.contains(function.example()), page);
        }
        String overview = pages.page("functions").orElseThrow();
        for (LanguageFunction function : Functions.all()) assertTrue(overview.contains(function.usage()), overview);
    }

    @Test
    void attributeTakesEveryMethod() {
        Declaration attribute = DECLARATIONS.stream()
                .filter(it -> it.word().equals("attribute"))
                .findFirst()
                .orElseThrow();
        assertEquals(
                AttributionMethods.words(),
                attribute.option("method").orElseThrow().allowed());
    }

    private static List<Path> sources(String folder) throws IOException {
        try (Stream<Path> files = Files.walk(SOURCES.resolve(folder))) {
            return files.filter(it -> it.toString().endsWith(".java"))
                    .filter(it -> !ELSEWHERE.contains(it.getFileName().toString()))
                    .toList();
        }
    }
}
