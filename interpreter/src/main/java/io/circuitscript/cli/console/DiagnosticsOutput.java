package io.circuitscript.cli.console;

import io.circuitscript.engine.Progress;
import io.circuitscript.runtime.state.Output;
import io.circuitscript.runtime.value.Result;
import io.circuitscript.source.Diagnostic;

/**
 * An output that shows a session's mistakes and none of its results.
 *
 * @param notes whether warnings and notes are shown too
 */
public record DiagnosticsOutput(Reporting reporting, boolean notes) implements Output {
    @Override
    public void result(Result result) {}

    @Override
    public void diagnostic(Diagnostic diagnostic) {
        if (notes || diagnostic.isError()) reporting.diagnostic(diagnostic);
    }

    @Override
    public void say(String message) {
        if (notes) reporting.messages().say(message);
    }

    @Override
    public Progress progress() {
        return reporting.progress();
    }
}
