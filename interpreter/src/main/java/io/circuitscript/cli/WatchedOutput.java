package io.circuitscript.cli;

import io.circuitscript.engine.CancelToken;
import io.circuitscript.runtime.Output;
import io.circuitscript.runtime.Result;

/** Stops the run once its results can no longer be written, as after {@code | head}. */
final class WatchedOutput extends PassingOutput {
    private final ResultStream results;
    private final CancelToken cancel;

    WatchedOutput(Output inner, ResultStream results, CancelToken cancel) {
        super(inner);
        this.results = results;
        this.cancel = cancel;
    }

    @Override
    public void result(Result result) {
        super.result(result);
        if (results.failure().isPresent()) cancel.cancel();
    }
}
