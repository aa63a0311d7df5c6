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

/** The fields of the table that a statement is given, by name. */
final class TableFields {
    private final Evaluator evaluator;
    private final Optional<Collection<String>> fields;

    TableFields(Evaluator evaluator, AbstractValue table) {
        this.evaluator = evaluator;
        this.fields = of(table);
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
        boolean own = written instanceof Expression.Word word
                && (fields.isPresent() ? fields.get().contains(word.text()) : !evaluator.isVariable(word));
        if (own) return new Value.Text(written.span().text());
        boolean bare = written instanceof Expression.Word word && !evaluator.isVariable(word);
        AbstractValue name = bare ? new Value.Text(written.span().text()) : evaluator.value(written);
        if (!name.type().mayBe(Type.TEXT))
            throw Mistake.value(
                    ErrorCode.WRONG_VALUE,
                    "`" + option + "` takes a field of the table, not " + name.phrase(),
                    written.span(),
                    fields.map(TableFields::all).orElse(""));
        if (!(name instanceof Value.Text(String text))) return Unknown.of(Type.TEXT);
        if (fields.isPresent() && !fields.get().contains(text)) throw unknown(text, written.span());
        return name;
    }

    private Mistake unknown(String name, Span span) {
        List<String> near = Spelling.nearest(name, fields.orElseThrow(), 1);
        String all = all(fields.orElseThrow());
        String help = near.isEmpty() ? all : "did you mean " + near.getFirst() + "? " + all;
        return Mistake.value(ErrorCode.UNKNOWN_FIELD, "the table has no field `" + name + "`", span, help);
    }

    private static String all(Collection<String> fields) {
        return "its fields are " + String.join(", ", fields);
    }
}
