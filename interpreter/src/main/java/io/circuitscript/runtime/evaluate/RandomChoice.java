package io.circuitscript.runtime.evaluate;

import io.circuitscript.runtime.value.AbstractValue;
import io.circuitscript.runtime.value.Mistake;
import io.circuitscript.runtime.value.Type;
import io.circuitscript.runtime.value.Unknown;
import io.circuitscript.runtime.value.Value;
import io.circuitscript.source.ErrorCode;
import io.circuitscript.source.Span;
import java.util.List;

/** Makes the choices of {@code choose} in generated data. */
public interface RandomChoice {
    /** One of the items of a list, or of several values. */
    AbstractValue choose(List<AbstractValue> among, Span span);

    /** What {@code choose} was given, as items; empty where they are not known. @throws Mistake where there are none to choose from */
    static List<Value> items(List<AbstractValue> among, Span span) {
        List<AbstractValue> given = among;
        if (among.size() == 1) {
            AbstractValue only = among.getFirst();
            if (!only.type().mayBe(Type.LIST)) {
                throw Mistake.value(
                        ErrorCode.WRONG_TYPE,
                        "`choose` takes a list, or several values, and this is " + only.phrase(),
                        span,
                        "as in choose(11..17)");
            }
            if (!(only instanceof Value.ListOf(List<Value> items))) return List.of();
            if (items.isEmpty())
                throw Mistake.value(
                        ErrorCode.EMPTY_LIST, "there is nothing to choose from: the list is empty", span, "");
            return items;
        }
        if (given.isEmpty())
            throw Mistake.form(
                    ErrorCode.WRONG_ARGUMENTS,
                    "`choose` takes a list, or several values",
                    span,
                    "as in choose(\"war\", \"siege\")");
        if (!given.stream().allMatch(Value.class::isInstance)) return List.of();
        return given.stream().map(Value.class::cast).toList();
    }

    /** In the check: any of them, and so of their common type. */
    static AbstractValue any(List<AbstractValue> among, Span span) {
        List<Value> items = items(among, span);
        if (items.isEmpty()) return Unknown.ANY;
        Type type = items.getFirst().type();
        return items.stream().allMatch(item -> item.type() == type) ? Unknown.of(type) : Unknown.ANY;
    }
}
