package io.circuitscript.cli;

import io.circuitscript.engine.Progress;
import io.circuitscript.runtime.Output;
import io.circuitscript.runtime.Result;
import io.circuitscript.source.Diagnostic;
import java.util.ArrayList;
import java.util.List;

/** Keeps every result, and hands on what it is told. */
final class Recorder implements Output {
    private final Output inner;
    private final List<Result> results = new ArrayList<>();

    Recorder(Output inner) {
        this.inner = inner;
    }

    List<Result> results() {
        return results;
    }

    @Override
    public void result(Result result) {
        results.add(result);
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
