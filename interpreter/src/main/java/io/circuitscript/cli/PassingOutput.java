package io.circuitscript.cli;

import io.circuitscript.engine.Progress;
import io.circuitscript.runtime.Output;
import io.circuitscript.runtime.Result;
import io.circuitscript.source.Diagnostic;

/** Passes all that it is told on to another output; what extends it does something besides, or keeps something back. */
abstract class PassingOutput implements Output {
    private final Output inner;

    PassingOutput(Output inner) {
        this.inner = inner;
    }

    @Override
    public void result(Result result) {
        inner.result(result);
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
