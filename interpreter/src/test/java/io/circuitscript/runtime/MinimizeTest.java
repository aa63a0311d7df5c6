package io.circuitscript.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.circuitscript.engine.CancelToken;
import io.circuitscript.engine.Progress;
import io.circuitscript.graph.Circuit;
import io.circuitscript.runtime.state.Output;
import io.circuitscript.runtime.value.Result;
import io.circuitscript.source.Diagnostic;
import io.circuitscript.source.Source;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A circuit is minimized as a whole or not at all. */
class MinimizeTest {
    private static final int CANCELLED = 130;

    @TempDir
    private Path folder;

    private final CancelToken cancel = new CancelToken();
    private final List<String> begun = new ArrayList<>();

    /** After how many edges somebody cancels; below 0: never. */
    private int left = -1;

    private long advanced;

    private final Output output = new Output() {
        @Override
        public void result(Result result) {}

        @Override
        public void diagnostic(Diagnostic diagnostic) {}

        @Override
        public void say(String message) {}

        @Override
        public Progress progress() {
            return new Progress() {
                @Override
                public void begin(String what, long total, String unit) {
                    begun.add(what + " " + total + " " + unit);
                    advanced = 0;
                }

                @Override
                public void advance(long by) {
                    advanced += by;
                    if (begun.getLast().startsWith("minimize") && left >= 0 && advanced > left) cancel.cancel();
                }

                @Override
                public void end() {}
            };
        }
    };

    @Test
    void cancellingLeavesTheCircuitAsItWas() {
        try (Session session = new Session(new Session.Options(folder, folder, Map.of()), output, cancel, Map.of())) {
            assertEquals(0, run(session, "load demo; task greater-than limit=8; attribute ig=2; greedy 30"));
            Circuit before = session.state().current().circuit();
            for (int edges : new int[] {0, 20}) {
                cancel.renew();
                left = edges;
                assertEquals(CANCELLED, run(session, "minimize tolerance=0.1"));
                assertEquals(before, session.state().current().circuit());
            }
            cancel.renew();
            left = -1;
            begun.clear();
            assertEquals(0, run(session, "minimize tolerance=0.1"));
            assertEquals(List.of("minimize 30 edges"), begun);
            assertEquals(30, advanced);
            assertTrue(session.state().current().circuit().edgeCount() < before.edgeCount());
        }
    }

    private int run(Session session, String text) {
        return session.run(new Source("<repl:1>", text), folder);
    }
}
