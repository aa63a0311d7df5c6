package io.circuitscript.editor.vscode;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.circuitscript.engine.CancelToken;
import io.circuitscript.engine.Progress;
import io.circuitscript.runtime.Session;
import io.circuitscript.runtime.state.Output;
import io.circuitscript.runtime.value.Result;
import io.circuitscript.source.Diagnostic;
import io.circuitscript.source.Source;
import io.circuitscript.syntax.Formatter;
import io.circuitscript.syntax.Parser;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** The snippets of the extension, filled with what they offer, are scripts without a mistake, laid out as the formatter does. */
final class SnippetsTest {
    /** What stands in front of a snippet that loads no model itself. */
    private static final String BEFORE = "load demo\ndata \"std/ioi.csv\" limit=4 split=50%\nattribute\n";

    @TempDir
    private Path folder;

    @TestFactory
    Stream<DynamicTest> everySnippetIsAScript() throws IOException {
        return Snippet.all().stream().map(snippet -> DynamicTest.dynamicTest(snippet.name(), () -> check(snippet)));
    }

    private void check(Snippet snippet) {
        assertFalse(snippet.prefixes().isEmpty());
        for (String text : snippet.filled()) {
            assertFalse(text.contains("${") || text.contains("$0"), text);
            String script = text.contains("load demo") ? text : BEFORE + text;
            assertEquals(List.of(), mistakes(script), script);
            assertEquals(
                    text.strip(),
                    Formatter.format(Parser.parse(new Source("<snippet>", text)))
                            .strip());
        }
    }

    @Test
    void aMistakeInASnippetIsFound() {
        Snippet wrong =
                new Snippet("wrong", List.of("wrong"), "attribute method=${1|eap,eep|}\nprint ${2:no${3:thing}}");
        assertEquals(
                List.of("attribute method=eap\nprint nothing", "attribute method=eep\nprint nothing"), wrong.filled());
        List<String> mistakes = mistakes(BEFORE + wrong.filled().getLast());
        assertEquals(2, mistakes.size(), mistakes::toString);
        assertTrue(mistakes.getFirst().contains("eep"), mistakes::toString);
    }

    private List<String> mistakes(String script) {
        List<String> mistakes = new ArrayList<>();
        Output output = new Output() {
            @Override
            public void result(Result result) {}

            @Override
            public void diagnostic(Diagnostic diagnostic) {
                mistakes.add(diagnostic.message());
            }

            @Override
            public void say(String message) {}

            @Override
            public Progress progress() {
                return Progress.NONE;
            }
        };
        try (Session session =
                new Session(new Session.Options(folder, folder, Map.of()), output, new CancelToken(), Map.of())) {
            session.check(new Source("<snippet>", script), folder);
        }
        return mistakes;
    }
}
