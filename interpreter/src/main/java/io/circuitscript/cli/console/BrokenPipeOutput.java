package io.circuitscript.cli.console;

import io.circuitscript.engine.CancelToken;
import io.circuitscript.runtime.state.Output;
import io.circuitscript.runtime.value.Result;

/** Cancels the run once nobody reads its results any more, as after {@code | head}. */
public final class BrokenPipeOutput extends ForwardingOutput {
    private final ResultStream results;
    private final CancelToken cancel;

    public BrokenPipeOutput(Output inner, ResultStream results, CancelToken cancel) {
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
