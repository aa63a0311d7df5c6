package io.circuitscript.cli.reproduce;

import io.circuitscript.cli.console.ForwardingOutput;
import io.circuitscript.runtime.state.Output;
import io.circuitscript.runtime.value.Result;
import java.util.ArrayList;
import java.util.List;

/** An output that also keeps every result, for the record. */
public final class Recorder extends ForwardingOutput {
    private final List<Result> results = new ArrayList<>();

    public Recorder(Output inner) {
        super(inner);
    }

    public List<Result> results() {
        return results;
    }

    @Override
    public void hushed(Result result) {
        results.add(result);
        super.hushed(result);
    }

    @Override
    public void result(Result result) {
        results.add(result);
        super.result(result);
    }
}
