package io.circuitscript.cli.console;

import io.circuitscript.engine.Progress;
import io.circuitscript.runtime.state.Output;
import io.circuitscript.runtime.value.Result;
import io.circuitscript.source.Diagnostic;

/** The output of {@code --quiet}: only errors, and what the script prints or asks help on. */
public final class QuietOutput extends ForwardingOutput {
    public QuietOutput(Output inner) {
        super(inner);
    }

    @Override
    public void result(Result result) {
        if (result.statement().equals("print") || result.statement().equals("help")) super.result(result);
    }

    @Override
    public void diagnostic(Diagnostic diagnostic) {
        if (diagnostic.isError()) super.diagnostic(diagnostic);
    }

    @Override
    public void say(String message) {}

    @Override
    public Progress progress() {
        return Progress.NONE;
    }
}
