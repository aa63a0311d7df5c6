package io.circuitscript.editor.feature;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.circuitscript.engine.CancelToken;
import io.circuitscript.runtime.Examiner;
import io.circuitscript.source.Diagnostic;
import io.circuitscript.source.ErrorPage;
import io.circuitscript.source.ErrorPages;
import io.circuitscript.source.Source;
import io.circuitscript.syntax.Parser;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class MendingTest {
    private static final Examiner EXAMINER = new Examiner(Map.of());

    @TempDir
    Path folder;

    private List<Diagnostic> check(String text) {
        return EXAMINER.examine(
                        new Examiner.Text(
                                Parser.parse(new Source("s", text)),
                                Optional.empty(),
                                folder,
                                file -> Optional.empty()),
                        new CancelToken())
                .diagnostics();
    }

    private static String mended(String text, Mending mending) {
        int start = text.offsetByCodePoints(0, mending.span().start());
        int end = text.offsetByCodePoints(0, mending.span().end());
        return text.substring(0, start) + mending.text() + text.substring(end);
    }

    /** The pages of mistakes have an example of each: whatever is offered for one takes that mistake away. */
    @Test
    void whatIsOfferedMendsTheMistake() {
        List<String> wrong = new ArrayList<>();
        int offered = 0;
        for (ErrorPage page : ErrorPages.all()) {
            if (!page.exampleIsScript()) continue;
            String text = page.example();
            for (Diagnostic found : check(text)) {
                for (Mending mending : Mending.of(found)) {
                    offered++;
                    String next = mended(text, mending);
                    boolean still = check(next).stream()
                            .anyMatch(it -> it.code() == found.code()
                                    && it.span().start() == found.span().start());
                    if (still && mending.sure()) wrong.add(page.number() + " " + mending.title() + "\n" + next);
                }
            }
        }
        assertEquals(List.of(), wrong);
        assertTrue(offered > 12, "only " + offered + " are offered");
    }

    @Test
    void nothingIsOfferedWhereTheSuggestionIsOfSomethingElse() {
        // The metric reads a column that the data lacks; what is underlined is the metric's name.
        for (Diagnostic found : check("load demo\ndata \"std/ioi.csv\" limit=4\nmetric m(correkt) = logit(correkt)\n"))
            for (Mending mending : Mending.of(found))
                assertEquals("correkt", mending.span().text());
    }
}
