package io.circuitscript.cli.console;

import io.circuitscript.engine.Progress;
import io.circuitscript.runtime.state.Output;
import io.circuitscript.runtime.value.Result;
import io.circuitscript.source.Diagnostic;

/** An output that passes everything on to another one. Subclasses add something or keep something back. */
public abstract class ForwardingOutput implements Output {
    private final Output inner;

    public ForwardingOutput(Output inner) {
        this.inner = inner;
    }

    @Override
    public void result(Result result) {
        inner.result(result);
    }

    @Override
    public void hushed(Result result) {
        inner.hushed(result);
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
