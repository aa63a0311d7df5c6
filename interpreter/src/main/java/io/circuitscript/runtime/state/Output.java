package io.circuitscript.runtime.state;

import io.circuitscript.engine.Progress;
import io.circuitscript.runtime.value.Result;
import io.circuitscript.source.Diagnostic;

/** Where a session's results go: a terminal, JSON lines, a test. */
public interface Output {
    void result(Result result);

    /** Takes a result of a {@code quiet} block, which is not shown: a record of the run has it. */
    default void hushed(Result result) {}

    /** A mistake or a warning, as soon as it is known. */
    void diagnostic(Diagnostic diagnostic);

    /** Something that a user should know and that is no result: which metric was inferred, that a file was converted. */
    void say(String message);

    /** Where long work reports how far it is. */
    Progress progress();
}
