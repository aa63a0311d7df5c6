package io.circuitscript.runtime.metric;

import io.circuitscript.runtime.evaluate.Subexpressions;
import io.circuitscript.runtime.value.Interpolation;
import io.circuitscript.syntax.Expression;
import io.circuitscript.syntax.Statement;
import io.circuitscript.task.SpanField;
import io.circuitscript.task.SpanNames;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The fields of generated rows: the holes of their clean text. A hole's name is its variable's, or, where an expression is in it, that of the one
 * column which that reads; a hole that reads several or none has no name.
 */
final class RowTemplate {
    /** Of more the check does not know how often a field may occur. */
    private static final int MOST_TEXTS = 1_000;

    private final Map<String, Expression> columns = new LinkedHashMap<>();
    private final Map<Expression.Hole, Optional<String>> names = new IdentityHashMap<>();

    RowTemplate(Statement.GenerateData definition) {
        definition.columns().forEach(it -> columns.putIfAbsent(it.name().text(), it.value()));
    }

    /** The named parts of a clean text. @param holes of it */
    List<SpanField> fields(String text, List<Interpolation.Filled> holes) {
        if (holes.isEmpty()) return List.of();
        List<SpanField> fields = new ArrayList<>(holes.size());
        List<String> given = new ArrayList<>(holes.size());
        for (Interpolation.Filled hole : holes) {
            Optional<String> name =
                    names.computeIfAbsent(hole.hole(), this::name).filter(it -> !SpanNames.isOwn(it));
            if (name.isEmpty()) continue;
            SpanField.stripped(name.get(), text, hole.from(), hole.to()).ifPresent(it -> {
                fields.add(it);
                given.add(it.name());
            });
        }
        List<String> numbered = SpanNames.numbered(given);
        for (int i = 0; i < fields.size(); i++)
            if (!numbered.get(i).equals(given.get(i)))
                fields.set(i, fields.get(i).named(numbered.get(i)));
        return fields;
    }

    private Optional<String> name(Expression.Hole hole) {
        if (hole.value() instanceof Expression.Word word) return Optional.of(word.text());
        List<String> read = columns.keySet().stream()
                .filter(it -> Subexpressions.reads(hole.value(), it::equals))
                .toList();
        return read.size() == 1 ? Optional.of(read.getFirst()) : Optional.empty();
    }

    /** The fields that are no spans, since these have names of their own. */
    List<String> passedOver() {
        return texts(columns.get("clean"), new HashSet<>()).stream()
                .flatMap(List::stream)
                .flatMap(hole -> name(hole).stream())
                .filter(SpanNames::isOwn)
                .distinct()
                .toList();
    }

    /** Every name that a field of a row may have: of the texts that the clean one can be, one after the other. */
    List<String> names() {
        Set<String> all = new LinkedHashSet<>();
        for (List<Expression.Hole> text : texts(columns.get("clean"), new HashSet<>())) {
            all.addAll(SpanNames.numbered(text.stream()
                    .flatMap(hole -> name(hole).stream())
                    .filter(it -> !SpanNames.isOwn(it))
                    .toList()));
        }
        return List.copyOf(all);
    }

    /** The holes of each text that an expression may come to, as far as they are written out. @param asked columns that led here */
    private List<List<Expression.Hole>> texts(Expression expression, Set<String> asked) {
        if (expression == null) return List.of();
        if (expression instanceof Expression.StringLiteral text)
            return List.of(text.parts().stream()
                    .filter(Expression.Hole.class::isInstance)
                    .map(Expression.Hole.class::cast)
                    .toList());
        if (expression instanceof Expression.Word word)
            return asked.add(word.text()) ? texts(columns.get(word.text()), asked) : List.of();
        List<List<List<Expression.Hole>>> parts = Subexpressions.of(expression).stream()
                .map(it -> texts(it, new HashSet<>(asked)))
                .toList();
        boolean joins = expression instanceof Expression.Binary binary
                && binary.operator() == Expression.Operator.ADD
                && parts.stream().noneMatch(List::isEmpty)
                && (long) parts.getFirst().size() * parts.getLast().size() <= MOST_TEXTS;
        if (!joins) return parts.stream().flatMap(List::stream).toList();
        List<List<Expression.Hole>> whole = new ArrayList<>();
        for (List<Expression.Hole> first : parts.getFirst()) {
            for (List<Expression.Hole> second : parts.getLast()) {
                List<Expression.Hole> both = new ArrayList<>(first);
                both.addAll(second);
                whole.add(both);
            }
        }
        return whole;
    }
}
