package io.circuitscript.runtime.statements;

import io.circuitscript.runtime.Arguments;
import io.circuitscript.runtime.Declaration;
import io.circuitscript.runtime.State;
import io.circuitscript.runtime.StatementHandler;
import io.circuitscript.runtime.Value;

/** A statement of the language that this version does not have yet; the check says so, and it never runs. */
record LaterStatement(Declaration declaration) implements StatementHandler {
    @Override
    public Value run(Arguments arguments, State state) {
        throw new IllegalStateException(declaration.word() + " is not available yet, and the check let it pass");
    }
}
