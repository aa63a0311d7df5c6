package io.circuitscript.runtime.state;

import io.circuitscript.runtime.evaluate.Arguments;
import io.circuitscript.runtime.evaluate.Declaration;
import io.circuitscript.runtime.value.AbstractValue;
import io.circuitscript.runtime.value.Value;
import java.util.Optional;

/** One statement of the language: its declaration, its own part of the check, and what it does. */
public interface StatementHandler {
    Declaration declaration();

    /**
     * Finds what is wrong with it before it runs, and notes what will hold after it. Called in the check, where some arguments are not
     * known yet, and again before {@link #run}, where all are.
     *
     * @return what is known of its result
     */
    default AbstractValue check(Arguments arguments, Facts facts) {
        return declaration().resultShape();
    }

    /** @return its result; {@link Value.None} where it has none */
    Value run(Arguments arguments, State state);

    /** What is shown of its value: the fields of a result; of a table or the like, what the statement says of it. */
    default Optional<Value.Fields> shown(Value value, Arguments arguments, State state) {
        return value instanceof Value.Fields fields ? Optional.of(fields) : Optional.empty();
    }
}
