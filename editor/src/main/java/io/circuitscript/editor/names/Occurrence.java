package io.circuitscript.editor.names;

import io.circuitscript.source.Span;
import io.circuitscript.syntax.Statement;
import java.util.Optional;

/**
 * A place where a name is written.
 *
 * @param definition what gives it its meaning, where this place does
 */
public record Occurrence(Span span, Symbol symbol, Role role, Optional<Definition> definition) {
    /** What a place does with the name. */
    public enum Role {
        DEFINES,
        READS,
        /** It may also be a column or a word of the statement: only a run tells. */
        MAY_READ
    }

    /** How a name gets its meaning. */
    public enum Form {
        LET,
        PARAM,
        FUNCTION,
        PARAMETER,
        LOOP,
        COLUMN,
        CIRCUIT,
        METRIC,
        TASK
    }

    /**
     * What gives a name its meaning.
     *
     * @param whole all of it
     * @param statement of which it is a part, where that has a page or a text to show
     */
    public record Definition(Form form, Span whole, Optional<Statement> statement) {}

    public boolean defines() {
        return role == Role.DEFINES;
    }
}
