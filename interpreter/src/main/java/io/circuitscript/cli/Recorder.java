package io.circuitscript.cli;

import io.circuitscript.runtime.Output;
import io.circuitscript.runtime.Result;
import java.util.ArrayList;
import java.util.List;

/** Keeps every result besides. */
final class Recorder extends PassingOutput {
    private final List<Result> results = new ArrayList<>();

    Recorder(Output inner) {
        super(inner);
    }

    List<Result> results() {
        return results;
    }

    @Override
    public void result(Result result) {
        results.add(result);
        super.result(result);
    }
}
