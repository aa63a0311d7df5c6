package io.circuitscript.runtime.state;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.circuitscript.engine.CancelToken;
import io.circuitscript.engine.Progress;
import io.circuitscript.runtime.Session;
import io.circuitscript.runtime.value.Result;
import io.circuitscript.source.Diagnostic;
import io.circuitscript.source.Source;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a session remembers of its results has an end. */
class TranscriptTest {
    private static final Output NOWHERE = new Output() {
        @Override
        public void result(Result result) {}

        @Override
        public void diagnostic(Diagnostic diagnostic) {
            throw new AssertionError(diagnostic);
        }

        @Override
        public void say(String message) {}

        @Override
        public Progress progress() {
            return Progress.NONE;
        }
    };

    @TempDir
    private Path folder;

    @Test
    void theOldestOfManyLinesAreLetGo() {
        try (Session session =
                new Session(new Session.Options(folder, folder, Map.of()), NOWHERE, new CancelToken(), Map.of())) {
            String script =
                    "let x = \"0123456789\"\nfor i in 1..12 { let x = \"{x}{x}\" }\nprint x\nfor i in 1..12000 { print i }";
            assertEquals(0, session.run(new Source("<repl:1>", "print 0\n" + script), folder));
            var lines = session.state().transcript().lines();
            assertEquals(Transcript.MOST_LINES, lines.size());
            assertEquals("12000", lines.getLast().values().getFirst().text());
            assertEquals("2001", lines.getFirst().values().getFirst().text());
            assertEquals(0, session.run(new Source("<repl:2>", "print x"), folder));
            String shown = session.state()
                    .transcript()
                    .lines()
                    .getLast()
                    .values()
                    .getFirst()
                    .text();
            assertTrue(shown.length() < 2_000 && shown.endsWith("…"), () -> "" + shown.length());
            assertEquals(0, session.run(new Source("<repl:3>", "for i in 1..9000 { print x }"), folder));
            assertTrue(session.state().transcript().lines().size() < 9_000);
        }
    }

    @Test
    void aTableThatIsPrintedIsATableOfTheReport() {
        try (Session session =
                new Session(new Session.Options(folder, folder, Map.of()), NOWHERE, new CancelToken(), Map.of())) {
            String script = "let rows = [(seed=i, third=i / 3) for i in 1..500]\nprint rows\nrows\nprint [1, 2]";
            assertEquals(0, session.run(new Source("<repl:1>", script), folder));
            var lines = session.state().transcript().lines();
            for (var line : lines.subList(0, 2)) {
                assertTrue(line.values().isEmpty());
                assertEquals(
                        List.of("seed", "third"), line.table().orElseThrow().headings());
                assertEquals(List.of("1", "0.33333"), line.table().get().rows().getFirst());
                assertEquals(500, line.table().get().all());
            }
            assertTrue(lines.getLast().table().isEmpty());
        }
    }
}
