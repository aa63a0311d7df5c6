package io.circuitscript.runtime.value;

import io.circuitscript.source.ErrorCode;
import io.circuitscript.source.Span;
import io.circuitscript.source.Spelling;
import java.util.Collection;
import java.util.List;

/** Looks a field of a result up. */
public final class FieldAccess {
    private FieldAccess() {}

    public static AbstractValue of(AbstractValue target, String field, Span span) {
        return switch (target) {
            case Value.Fields it ->
                it.field(field)
                        .orElseThrow(
                                () -> unknown(it.phrase(), field, it.fields().keySet(), span));
            case Unknown it
            when it.type() == Type.RESULT && !it.fields().isEmpty() ->
                it.field(field)
                        .orElseThrow(
                                () -> unknown(it.phrase(), field, it.fields().keySet(), span));
            case Unknown it when it.type().mayBe(Type.RESULT) -> Unknown.ANY;
            default -> {
                boolean counted =
                        target.type() == Type.LIST || target.type() == Type.NODES || target.type() == Type.EDGES;
                String help = counted
                        ? "len(…) is the number of its items"
                        : "results of statements have fields: let r = evaluate";
                throw Mistake.value(ErrorCode.NO_FIELDS, target.phrase() + " has no fields", span, help);
            }
        };
    }

    private static Mistake unknown(String what, String field, Collection<String> fields, Span span) {
        List<String> near = Spelling.nearest(field, fields, 1);
        String all = "its fields are " + String.join(", ", fields);
        String help = near.isEmpty() ? all : "did you mean " + near.getFirst() + "? " + all;
        return Mistake.value(ErrorCode.UNKNOWN_FIELD, what + " has no field `" + field + "`", span, help);
    }
}
