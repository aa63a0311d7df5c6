package io.circuitscript.runtime.evaluate;

import io.circuitscript.runtime.value.AbstractValue;
import io.circuitscript.runtime.value.Mistake;
import io.circuitscript.runtime.value.Tables;
import io.circuitscript.runtime.value.Type;
import io.circuitscript.runtime.value.Unknown;
import io.circuitscript.runtime.value.Value;
import io.circuitscript.source.ErrorCode;
import io.circuitscript.source.Span;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;

/** A value as the table that a statement takes: a list of records that have the same fields. */
final class TableArgument {
    /** The column of a list of numbers or texts. */
    private static final String COLUMN = "value";

    private static final String HELP =
            "a table is a list of records: [(size=10, method=\"eap\"), (size=20, method=\"eap\")]";

    private TableArgument() {}

    /** @throws Mistake where it is none */
    static AbstractValue of(Declaration.Argument argument, AbstractValue given, Span span) {
        return switch (given) {
            case Value.ListOf list -> rows(argument, list, span);
            case Value.Fields record -> new Value.ListOf(List.of(record));
            case Unknown unknown when unknown.type() == Type.RESULT -> Unknown.listOf(unknown);
            case Unknown unknown
            when unknown.type().mayBe(Type.LIST) -> unknown.type() == Type.LIST ? unknown : Unknown.of(Type.LIST);
            default -> throw wrong(argument, given.phrase(), span);
        };
    }

    /** The table of a statement's result: the entries of one of its lists, or its fields as a row. */
    static AbstractValue ofResult(AbstractValue result, EvaluationContext context) {
        Optional<String> field = statement(result).flatMap(context::declaration).flatMap(Declaration::table);
        if (field.isEmpty()) return result;
        return switch (result) {
            case Value.Fields fields -> fields.field(field.get()).orElse(fields);
            case Unknown unknown -> unknown.field(field.get()).orElse(result);
            default -> result;
        };
    }

    private static Optional<String> statement(AbstractValue result) {
        String phrase = result.type() == Type.RESULT ? result.phrase() : "";
        String before = "the result of ";
        return phrase.startsWith(before) ? Optional.of(phrase.substring(before.length())) : Optional.empty();
    }

    private static Value rows(Declaration.Argument argument, Value.ListOf list, Span span) {
        List<Value> items = list.items();
        if (items.isEmpty() || Tables.columns(items).isPresent()) return list;
        List<Value> rows = new ArrayList<>();
        for (int i = 0; i < items.size(); i++) {
            Value item = items.get(i);
            boolean plain = item instanceof Value.Number
                    || item instanceof Value.Text
                    || item instanceof Value.Bool
                    || item instanceof Value.None;
            if (!plain) throw other(argument, items, i, span);
            SequencedMap<String, Value> row = new LinkedHashMap<>();
            row.put(COLUMN, item);
            rows.add(Value.Fields.record(row));
        }
        return new Value.ListOf(rows);
    }

    private static Mistake other(Declaration.Argument argument, List<Value> items, int at, Span span) {
        if (!(items.getFirst() instanceof Value.Fields first) || first.fields().isEmpty())
            return wrong(
                    argument, "a list whose item " + at + " is " + items.get(at).phrase(), span);
        for (int i = 1; i < items.size(); i++) {
            if (!(items.get(i) instanceof Value.Fields row))
                return wrong(
                        argument,
                        "a list whose item " + i + " is " + items.get(i).phrase(),
                        span);
            Set<String> different = new LinkedHashSet<>(first.fields().keySet());
            different.removeAll(row.fields().keySet());
            if (different.isEmpty()) {
                different.addAll(row.fields().keySet());
                different.removeAll(first.fields().keySet());
            }
            if (different.isEmpty()) continue;
            return Mistake.value(
                    ErrorCode.WRONG_VALUE,
                    "the records of a table have the same fields, and only one of items 0 and " + i + " has `"
                            + different.iterator().next() + "`",
                    span,
                    "give every record the same fields; `none` stands for what is missing");
        }
        throw new IllegalStateException("it is a table");
    }

    private static Mistake wrong(Declaration.Argument argument, String is, Span span) {
        return Mistake.value(
                ErrorCode.WRONG_VALUE, "`" + argument.name() + "` takes a table, and this is " + is, span, HELP);
    }
}
