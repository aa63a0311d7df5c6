package io.circuitscript.fuzz;

import io.circuitscript.engine.CancelToken;
import io.circuitscript.engine.Progress;
import io.circuitscript.runtime.Session;
import io.circuitscript.runtime.files.Lock;
import io.circuitscript.runtime.state.Output;
import io.circuitscript.runtime.value.Result;
import io.circuitscript.source.Diagnostic;
import io.circuitscript.source.DiagnosticRenderer;
import io.circuitscript.source.Source;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A session in which any text may be run: each ends with a result or with messages, and in time. */
final class FuzzSession implements AutoCloseable {
    /** What may take long is cancelled after this, and must then end: soon on an idle machine, within minutes on any. */
    private static final long CANCELLED_AFTER_MS = 8_000;

    private static final long ENDED_AFTER_MS = 180_000;

    private static final Set<Integer> EXIT_CODES = Set.of(0, 1, 65, 66, 69, 70, 130);

    private final Path folder;
    private final ExecutorService thread =
            Executors.newSingleThreadExecutor(Thread.ofPlatform().daemon().factory());
    private final List<Diagnostic> shown = new ArrayList<>();
    private final CancelToken[] cancel = {new CancelToken()};
    private Session session;
    private String prepared = "";

    FuzzSession(Path folder) {
        this.folder = folder;
        begin();
    }

    private void begin() {
        cancel[0] = new CancelToken();
        var options = new Session.Options(folder, folder.resolve("out"), Map.of());
        Map<String, String> noNetwork =
                Map.of("HF_HUB_OFFLINE", "1", "HF_HOME", folder.resolve("hf").toString());
        session = new Session(options, new Listener(), cancel[0], noNetwork);
    }

    /** Only checks it. */
    int check(String script) {
        return judged(() -> session.check(new Source("fuzz.circuit", script), folder, Lock.NONE));
    }

    int run(String script) {
        return judged(() -> session.run(new Source("fuzz.circuit", script), folder));
    }

    /** Runs what must succeed for the others to make sense, however long it takes. */
    void prepare(String script) {
        prepared = script;
        int code = session.run(new Source("prepare.circuit", script), folder);
        if (code != 0) throw new IllegalStateException(script + " gives " + shown);
    }

    private int judged(java.util.concurrent.Callable<Integer> work) {
        shown.clear();
        var running = thread.submit(work);
        try {
            int code = ended(running);
            if (!EXIT_CODES.contains(code)) throw new AssertionError("exit code " + code);
            boolean said = shown.stream().anyMatch(Diagnostic::isError);
            if (code != 0 && code != 130 && !said) throw new AssertionError("exit code " + code + " without a message");
            if (code == 0 && said) throw new AssertionError("a message, and exit code 0: " + shown);
            for (Diagnostic diagnostic : shown) checkMessage(diagnostic);
            return code;
        } catch (InterruptedException | TimeoutException e) {
            throw new AssertionError("it did not end", e);
        } catch (ExecutionException e) {
            throw new AssertionError("it ended in an exception", e.getCause());
        }
    }

    private int ended(java.util.concurrent.Future<Integer> running)
            throws InterruptedException, ExecutionException, TimeoutException {
        try {
            return running.get(CANCELLED_AFTER_MS, TimeUnit.MILLISECONDS);
        } catch (TimeoutException slow) {
            cancel[0].cancel();
            int code = running.get(ENDED_AFTER_MS, TimeUnit.MILLISECONDS);
            session.close();
            begin(); // a cancelled session stays so
            prepare(prepared);
            return code;
        }
    }

    private static void checkMessage(Diagnostic diagnostic) {
        String text = new DiagnosticRenderer(false).render(diagnostic);
        boolean clear = !diagnostic.message().isBlank()
                && !diagnostic.message().endsWith(".")
                && text.matches("(?s)(error|warning)\\[E[0-9]{4}\\]: .*");
        if (!clear || text.length() > 30_000 || text.contains("Exception"))
            throw new AssertionError("not a clear message: " + text);
    }

    @Override
    public void close() {
        session.close();
        thread.shutdownNow();
    }

    private final class Listener implements Output {
        @Override
        public void result(Result result) {
            result.value().display();
        }

        @Override
        public void diagnostic(Diagnostic diagnostic) {
            shown.add(diagnostic);
        }

        @Override
        public void say(String message) {}

        @Override
        public Progress progress() {
            return Progress.NONE;
        }
    }
}
