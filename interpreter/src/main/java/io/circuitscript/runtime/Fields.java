package io.circuitscript.runtime;

import io.circuitscript.source.Span;
import io.circuitscript.source.Spelling;
import java.util.Collection;
import java.util.List;

/** Looks a field of a result up. */
final class Fields {
    private Fields() {}

    static Held of(Held target, String field, Span span) {
        return switch (target) {
            case Value.Fields fields -> fields.field(field).orElseThrow(() -> unknown(fields.phrase(), field, fields.fields().keySet(), span));
            case Unknown unknown when unknown.type() == Type.RESULT && !unknown.fields().isEmpty() ->
                unknown.field(field).orElseThrow(() -> unknown(unknown.phrase(), field, unknown.fields().keySet(), span));
            case Unknown unknown when unknown.type().mayBe(Type.RESULT) -> Unknown.ANY;
            default -> throw Mistake.value("no-fields", target.phrase() + " has no fields", span, "results of statements have: let r = evaluate");
        };
    }

    private static Mistake unknown(String what, String field, Collection<String> fields, Span span) {
        List<String> near = Spelling.nearest(field, fields, 1);
        String all = "its fields are " + String.join(", ", fields);
        String help = near.isEmpty() ? all : "did you mean " + near.getFirst() + "? " + all;
        return Mistake.value("unknown-field", what + " has no field `" + field + "`", span, help);
    }
}
