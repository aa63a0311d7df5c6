package io.circuitscript.runtime.evaluate;

import io.circuitscript.runtime.value.AbstractValue;
import io.circuitscript.runtime.value.Mistake;
import io.circuitscript.runtime.value.Sets;
import io.circuitscript.runtime.value.Shapes;
import io.circuitscript.runtime.value.Type;
import io.circuitscript.runtime.value.Unknown;
import io.circuitscript.runtime.value.Value;
import io.circuitscript.source.ErrorCode;
import io.circuitscript.source.Span;
import io.circuitscript.syntax.Statement;
import java.util.List;

/** The items that {@code for} goes through, and the limit on nested calls. */
public final class Loops {
    /** More than any script needs; a function that calls itself for ever is told so. */
    public static final int DEEPEST_CALL = 200;

    private Loops() {}

    public static List<Value> items(Value value, Span span) {
        return switch (value) {
            case Value.ListOf(List<Value> items) -> items;
            case Value.Nodes nodes -> Sets.members(nodes);
            case Value.EdgeSet edges -> Sets.members(edges);
            case Value.Number _, Value.Bool _, Value.Text _, Value.None _, Value.Fields _, Value.Function _ ->
                throw noList(value, span);
        };
    }

    /** What is known of each item of what the check does not know as a whole. */
    public static AbstractValue itemOf(AbstractValue list) {
        return switch (list.type()) {
            case NODES -> Unknown.of(Type.NODES);
            case EDGES -> Unknown.of(Type.EDGES);
            default -> Shapes.itemOf(list);
        };
    }

    public static Mistake noList(AbstractValue given, Span span) {
        String help = given.type() == Type.NUMBER ? "write a range: 1..10" : "";
        return Mistake.value(
                ErrorCode.WRONG_TYPE, "`for` goes through a list or a set, and this is " + given.phrase(), span, help);
    }

    public static Mistake tooDeep(Statement.Def function, Span span) {
        String message = "`" + function.name() + "` calls itself more than " + DEEPEST_CALL + " times";
        return Mistake.value(ErrorCode.TOO_DEEP, message, span, "let it end where there is nothing left to do");
    }
}
