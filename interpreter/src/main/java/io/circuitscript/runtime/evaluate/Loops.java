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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.stream.Collectors;

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
        String help = switch (given.type()) {
            case NUMBER -> "write a range: 1..10";
            case TEXT -> "split makes a list of a text: split(text, \",\")";
            case RESULT -> ofFields(given, span.text());
            default -> "";
        };
        return Mistake.value(
                ErrorCode.WRONG_TYPE, "`for` goes through a list or a set, and this is " + given.phrase(), span, help);
    }

    private static String ofFields(AbstractValue given, String written) {
        SequencedMap<String, ? extends AbstractValue> fields = switch (given) {
            case Value.Fields it -> it.fields();
            case Unknown it -> it.fields();
            default -> new LinkedHashMap<>();
        };
        String name = written.matches("[\\p{L}_][\\p{L}\\p{N}_-]*") ? written : "r";
        Optional<String> list = fields.entrySet().stream()
                .filter(it -> it.getValue().type() == Type.LIST)
                .map(Map.Entry::getKey)
                .findFirst();
        if (list.isPresent()) return "its field " + list.get() + " is a list: for x in " + name + "." + list.get();
        if (fields.isEmpty()) return "name a field that is a list: for x in " + name + ".values";
        String some =
                fields.keySet().stream().limit(2).map(it -> name + "." + it).collect(Collectors.joining(", "));
        return "make a list of its fields: for x in [" + some + "]";
    }

    public static Mistake tooDeep(Statement.Def function, Span span) {
        String message = "`" + function.name() + "` calls itself more than " + DEEPEST_CALL + " times";
        return Mistake.value(ErrorCode.TOO_DEEP, message, span, "let it end where there is nothing left to do");
    }
}
