package io.circuitscript.runtime;

import io.circuitscript.source.Span;
import io.circuitscript.syntax.Statement;
import java.util.Map;

/** What an expression is evaluated in: the check's walk of a script, or a run's. */
interface Surroundings {
    SessionView facts();

    Scope scope();

    /** The result of a statement that stands where a value does. */
    Held statement(Statement.Command command);

    /** The value of a call of a function of the script's own. */
    Held call(Statement.Def function, Map<String, Held> arguments, Span span);
}
