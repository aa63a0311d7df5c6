package io.circuitscript.syntax;

import io.circuitscript.source.Span;
import java.lang.reflect.RecordComponent;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** A tree as text without its spans, so that two readings can be compared. */
final class Shape {
    private Shape() {}

    static String of(Object value) {
        return switch (value) {
            case List<?> list -> list.stream().map(Shape::of).collect(Collectors.joining(", ", "[", "]"));
            case Optional<?> some -> some.map(Shape::of).orElse("-");
            case Record node -> {
                var parts = new StringBuilder();
                for (RecordComponent component : node.getClass().getRecordComponents()) {
                    if (component.getType() == Span.class) continue;
                    if (!parts.isEmpty()) parts.append(", ");
                    parts.append(of(read(node, component)));
                }
                yield node.getClass().getSimpleName() + "(" + parts + ")";
            }
            default -> value.toString();
        };
    }

    private static Object read(Record node, RecordComponent component) {
        try {
            return component.getAccessor().invoke(node);
        } catch (ReflectiveOperationException e) {
            throw new AssertionError(e);
        }
    }
}
