package io.circuitscript.runtime.value;

import io.circuitscript.source.ErrorCode;
import io.circuitscript.source.Span;
import io.circuitscript.source.Spelling;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** Looks up a field of a result or a record, or the column of a table. */
public final class FieldAccess {
    private FieldAccess() {}

    public static AbstractValue of(AbstractValue target, String field, Span span) {
        return switch (target) {
            case Value.Fields it ->
                it.field(field)
                        .orElseThrow(
                                () -> unknown(it.phrase(), field, it.fields().keySet(), span));
            case Value.ListOf(List<Value> items) -> column(items, field, span);
            case Unknown it
            when it.type() == Type.RESULT && !it.fields().isEmpty() ->
                it.field(field)
                        .orElseThrow(
                                () -> unknown(it.phrase(), field, it.fields().keySet(), span));
            case Unknown it when it.type() == Type.LIST -> column(it, field, span);
            case Unknown it when it.type().mayBe(Type.RESULT) -> Unknown.ANY;
            default -> throw noFields(target.phrase() + " has no fields", target, span);
        };
    }

    private static AbstractValue column(List<Value> items, String field, Span span) {
        String table = Tables.columns(items).isPresent() ? "the table" : "";
        List<Value> column = new ArrayList<>(items.size());
        for (int i = 0; i < items.size(); i++) {
            if (!(items.get(i) instanceof Value.Fields row)) {
                throw noFields(
                        "only a list of records has columns, and item " + i + " is "
                                + items.get(i).phrase(),
                        Unknown.of(Type.LIST),
                        span);
            }
            int at = i;
            column.add(row.field(field)
                    .orElseThrow(() -> unknown(
                            table.isEmpty() ? "item " + at + " of the list" : table,
                            field,
                            row.fields().keySet(),
                            span)));
        }
        return new Value.ListOf(column);
    }

    private static AbstractValue column(Unknown list, String field, Span span) {
        AbstractValue item = list.item().orElse(Unknown.ANY);
        if (!item.type().mayBe(Type.RESULT)) {
            throw noFields(
                    "only a list of records has columns, and an item of this one is " + item.phrase(), list, span);
        }
        if (!(item instanceof Unknown row) || row.fields().isEmpty()) return Unknown.of(Type.LIST);
        return Unknown.listOf(row.field(field)
                .orElseThrow(() -> unknown("the table", field, row.fields().keySet(), span)));
    }

    private static Mistake noFields(String message, AbstractValue target, Span span) {
        boolean counted = target.type() == Type.LIST || target.type() == Type.NODES || target.type() == Type.EDGES;
        String help =
                counted ? "len(…) is the number of its items" : "results of statements have fields: let r = evaluate";
        return Mistake.value(ErrorCode.NO_FIELDS, message, span, help);
    }

    private static Mistake unknown(String what, String field, Collection<String> fields, Span span) {
        List<String> near = Spelling.nearest(field, fields, 1);
        String all = "its fields are " + String.join(", ", fields);
        String help = near.isEmpty() ? all : "did you mean " + near.getFirst() + "? " + all;
        return Mistake.value(ErrorCode.UNKNOWN_FIELD, what + " has no field `" + field + "`", span, help);
    }
}
