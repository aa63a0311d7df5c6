package io.circuitscript.cli;

import io.circuitscript.engine.Progress;
import io.circuitscript.runtime.Output;
import io.circuitscript.runtime.Result;
import io.circuitscript.source.Diagnostic;

/**
 * Shows a session's mistakes and none of its results.
 *
 * @param notes whether warnings and notes are shown too
 */
record MistakesOutput(Reporting reporting, boolean notes) implements Output {
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
