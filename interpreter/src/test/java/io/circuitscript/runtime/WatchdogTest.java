package io.circuitscript.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.circuitscript.engine.CancelToken;
import io.circuitscript.engine.Progress;
import io.circuitscript.runtime.state.Output;
import io.circuitscript.runtime.statements.Statements;
import io.circuitscript.runtime.value.Result;
import io.circuitscript.source.Diagnostic;
import io.circuitscript.source.Source;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.Timer;
import java.util.TimerTask;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Whatever takes long stops soon after it is cancelled, leaves no tensor behind, and the session goes on. */
@Timeout(120)
class WatchdogTest {
    /** A machine that is busy with other things is given time, too; alone, none takes a tenth of it. */
    private static final double PATIENCE_SECONDS = 5;

    private static final int CANCELLED = 130;

    /** Cancelled as soon as they begin, and again after a part of the way. */
    private static final List<String> WITH_PROGRESS = List.of(
            "check-scores edges=400",
            "baseline",
            "rows by=metric",
            "filter metric > 0 and row > 3",
            "ablate m0->logits",
            "ablate m0->logits with=mean",
            "attribute ig=5",
            "attribute method=eap",
            "attribute method=exact",
            "attribute method=acdc threshold=0.5",
            "attribute method=clean-corrupted",
            "attribute method=eap-ig-activations ig=2",
            "attribute method=information-flow-routes",
            "attribute method=relp",
            "attribute method=relp level=node",
            "attribute method=\"atp*\"",
            "attribute method=\"atp*\" graddrop=false with=mean",
            "attribute level=node",
            "attribute level=neuron method=eap with=zero",
            "evaluate with=zero",
            "evaluate with=mean-positional",
            "test-circuit",
            "sweep",
            "random-circuits count=30 connected=true",
            "minimize",
            "complete count=20",
            "compare small small",
            "generate \"The war lasted from the year 17\" tokens=20",
            "generate \"The war lasted from the year 17\" tokens=20 corrupted=\"The war lasted from the year 11\"",
            "patch \"The war lasted from the year 1741 to the year 17\" \"The war lasted from the year 1701 to the year 17\"",
            "patch \"The war lasted from the year 1741 to the year 17\" \"The war lasted from the year 1701 to the year 17\" over=head");

    /** Cancelled while they are at it. */
    private static final List<String> WITHOUT = List.of(
            "render \"g.svg\"",
            "data \"many.csv\"",
            "def slow(x) { sum(1..20000) > x }\nfilter slow(row) or row > 1",
            "evaluate with=mean over=\"many.csv\"",
            "data generate count=1000000 { y = choose(2..98); start_year = y; clean = \"the year 17{y:02}\"; corrupted = \"the year 1701\" }",
            "data generate count=1000000 { start_year = choose(1..100000); clean = \"a\"; corrupted = \"b\"; where start_year > 99999 }",
            "for i in 1..1000000 { for j in 1..1000000 { } }",
            "for i in 1..1000000 { predict \"The war\" }",
            "let long = 1..1000000\nfor i in 1..10000 { let y = sum(long) }",
            "def tree(n) { if n > 0 { tree(n - 1); tree(n - 1) } }\ntree(100)");

    /** No work to speak of, on whatever model; a fetch that is cancelled is the hub's tests' matter. */
    private static final Set<String> QUICK = Set.of(
            "load",
            "read",
            "write",
            "predict",
            "tokens",
            "task",
            "metric",
            "nodes",
            "edges",
            "threshold",
            "top",
            "greedy",
            "prune",
            "full",
            "empty",
            "add",
            "remove",
            "use",
            "keep",
            "plot",
            "report",
            "save",
            "open",
            "set",
            "seed");

    @TempDir
    private Path folder;

    private final CancelToken cancel = new CancelToken();
    private final List<Diagnostic> diagnostics = new ArrayList<>();
    private final Timer timer = new Timer(true);

    /** How often progress may be told before somebody cancels; below 0: for ever. */
    private int steps = -1;

    private long cancelled;

    @Test
    void whatTakesLongStopsWhenItIsCancelled() throws Exception {
        String row =
                "\nThe war lasted from the year 1741 to the year 17,The war lasted from the year 1701 to the year 17,41";
        Files.writeString(folder.resolve("many.csv"), "clean,corrupted,start_year" + row.repeat(60_000));
        try (Session session = new Session(new Session.Options(folder, folder, Map.of()), output(), cancel, Map.of())) {
            done(session, "load demo; data \"many.csv\" limit=60; set batch=10; attribute ig=2; keep small");
            for (String statement : WITH_PROGRESS) {
                for (int after : new int[] {0, 2}) {
                    steps = after;
                    stops(session, statement);
                    steps = -1;
                }
                if (!statement.startsWith("check")) done(session, "metric prob_diff"); // forgets what is known already
            }
            for (String statement : WITHOUT) {
                timer.schedule(task(), statement.startsWith("let") ? 700 : 150);
                stops(session, statement);
            }
            done(session, "evaluate");
            done(session, "data \"many.csv\" limit=5");
            assertEquals(0, session.state().model().transformer().liveTensors());
        }
    }

    @Test
    void everyStatementIsTriedOrQuick() {
        Set<String> tried = Stream.concat(WITH_PROGRESS.stream(), WITHOUT.stream())
                .map(it -> it.split(" ")[0])
                .collect(Collectors.toSet());
        Set<String> forgotten = new TreeSet<>();
        new Statements(Map.of(), Path.of("nowhere"))
                .declarations()
                .forEach(it -> forgotten.add(it.word().split(" ")[0]));
        forgotten.removeAll(tried);
        forgotten.removeAll(QUICK);
        assertEquals(Set.of(), forgotten, "may these take long? then they are to be tried here");
    }

    private TimerTask task() {
        return new TimerTask() {
            @Override
            public void run() {
                cancelNow();
            }
        };
    }

    private synchronized void cancelNow() {
        cancelled = System.nanoTime();
        cancel.cancel();
    }

    private void done(Session session, String text) {
        cancel.renew();
        assertEquals(0, session.run(new Source("<repl:1>", text), folder), () -> text + ": " + diagnostics);
    }

    private void stops(Session session, String text) {
        cancel.renew();
        int code = session.run(new Source("<repl:1>", text), folder);
        assertEquals(CANCELLED, code, () -> text + ": " + diagnostics);
        double seconds = (System.nanoTime() - cancelled) / 1e9;
        assertTrue(seconds < PATIENCE_SECONDS, () -> text + " went on for " + seconds + " s");
    }

    private Output output() {
        return new Output() {
            @Override
            public void result(Result result) {}

            @Override
            public void diagnostic(Diagnostic diagnostic) {
                diagnostics.add(diagnostic);
            }

            @Override
            public void say(String message) {}

            @Override
            public Progress progress() {
                return new Progress() {
                    @Override
                    public void begin(String what, long total, String unit) {
                        step();
                    }

                    @Override
                    public void advance(long by) {
                        step();
                    }

                    @Override
                    public void end() {}
                };
            }

            private void step() {
                if (steps-- == 0) cancelNow();
            }
        };
    }
}
