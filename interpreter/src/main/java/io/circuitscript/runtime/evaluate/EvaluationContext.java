package io.circuitscript.runtime.evaluate;

import io.circuitscript.runtime.value.AbstractValue;
import io.circuitscript.runtime.value.Scope;
import io.circuitscript.source.Span;
import io.circuitscript.syntax.Statement;
import java.util.Map;

/**
 * What the evaluator needs around an expression: variables, the session, and a way to run statements and calls. The
 * check, the run and rows of data each have their own.
 */
public interface EvaluationContext {
    SessionView facts();

    Scope scope();

    /** The result of a statement that stands where a value does. */
    AbstractValue statement(Statement.Command command);

    /** The value of a call of a function of the script's own. */
    AbstractValue call(Statement.Def function, Map<String, AbstractValue> arguments, Span span);
}
