package io.circuitscript.cli;

import io.circuitscript.engine.CancelToken;
import io.circuitscript.engine.Progress;
import io.circuitscript.runtime.Output;
import io.circuitscript.runtime.Result;
import io.circuitscript.source.Diagnostic;

/** Stops the run once its results can no longer be written, as after {@code | head}. */
final class WatchedOutput implements Output {
    private final Output inner;
    private final ResultStream results;
    private final CancelToken cancel;

    WatchedOutput(Output inner, ResultStream results, CancelToken cancel) {
        this.inner = inner;
        this.results = results;
        this.cancel = cancel;
    }

    @Override
    public void result(Result result) {
        inner.result(result);
        if (results.failure().isPresent()) cancel.cancel();
    }

    @Override
    public void diagnostic(Diagnostic diagnostic) {
        inner.diagnostic(diagnostic);
    }

    @Override
    public void say(String message) {
        inner.say(message);
    }

    @Override
    public Progress progress() {
        return inner.progress();
    }
}
