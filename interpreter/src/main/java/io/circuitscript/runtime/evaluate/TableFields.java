package io.circuitscript.runtime.evaluate;

import io.circuitscript.runtime.value.AbstractValue;
import io.circuitscript.runtime.value.Mistake;
import io.circuitscript.runtime.value.Tables;
import io.circuitscript.runtime.value.Type;
import io.circuitscript.runtime.value.Unknown;
import io.circuitscript.runtime.value.Value;
import io.circuitscript.source.ErrorCode;
import io.circuitscript.source.Span;
import io.circuitscript.source.Spelling;
import io.circuitscript.syntax.Expression;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** The fields of the table that a statement is given, or the columns of the data, by name. */
final class TableFields {
    private final Evaluator evaluator;
    private final Optional<Collection<String>> fields;

    /** Whether a word is a field where nobody knows the fields. */
    private final boolean ownNames;

    private final String owner;
    private final String what;

    TableFields(Evaluator evaluator, AbstractValue table) {
        this.evaluator = evaluator;
        this.fields = of(table);
        this.ownNames = table instanceof Value;
        this.owner = "the table";
        this.what = "field";
    }

    /** @param columns of the data, and what else a row has, where they are known */
    TableFields(Evaluator evaluator, Optional<Collection<String>> columns) {
        this.evaluator = evaluator;
        this.fields = columns;
        this.ownNames = false;
        this.owner = "the data";
        this.what = "column";
    }

    /** Those that are known. */
    private static Optional<Collection<String>> of(AbstractValue table) {
        return switch (table) {
            case Value.ListOf list -> Tables.columns(list.items()).map(it -> it);
            case Unknown unknown ->
                unknown.item()
                        .filter(Unknown.class::isInstance)
                        .map(it -> (Collection<String>) ((Unknown) it).fields().keySet())
                        .filter(it -> !it.isEmpty());
            default -> Optional.empty();
        };
    }

    /** A bare word is a field, else a variable that holds a text; anything else is a text. @param option that names the field */
    AbstractValue named(String option, Expression written) {
        boolean word = written instanceof Expression.Word;
        // Of a table that only a run has nobody knows whether the word is a field or a variable.
        if (word && fields.isEmpty())
            return ownNames ? new Value.Text(written.span().text()) : Unknown.of(Type.TEXT);
        if (word && fields.get().contains(written.span().text()))
            return new Value.Text(written.span().text());
        boolean bare = written instanceof Expression.Word name && !evaluator.isVariable(name);
        AbstractValue named = bare ? new Value.Text(written.span().text()) : evaluator.value(written);
        if (!named.type().mayBe(Type.TEXT))
            throw Mistake.value(
                    ErrorCode.WRONG_VALUE,
                    "`" + option + "` takes a " + what + " of " + owner + ", not " + named.phrase(),
                    written.span(),
                    fields.map(this::all).orElse(""));
        if (!(named instanceof Value.Text(String text))) return Unknown.of(Type.TEXT);
        if (fields.isPresent() && !fields.get().contains(text)) throw unknown(text, written.span());
        return named;
    }

    private Mistake unknown(String name, Span span) {
        List<String> near = Spelling.nearest(name, fields.orElseThrow(), 1);
        String all = all(fields.orElseThrow());
        String help = near.isEmpty() ? all : "did you mean " + near.getFirst() + "? " + all;
        return Mistake.value(ErrorCode.UNKNOWN_FIELD, owner + " has no " + what + " `" + name + "`", span, help);
    }

    private String all(Collection<String> fields) {
        return "its " + what + "s are " + String.join(", ", fields);
    }
}
