package io.circuitscript.runtime.evaluate;

import io.circuitscript.syntax.Expression;
import io.circuitscript.syntax.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** Lists the direct parts of an expression, for questions about all of its parts. */
public final class Subexpressions {
    private Subexpressions() {}

    /** Whether it, or something within it, is so. */
    public static boolean any(Expression expression, Predicate<Expression> question) {
        return question.test(expression) || of(expression).stream().anyMatch(part -> any(part, question));
    }

    /** Whether it reads a variable of that name. */
    public static boolean reads(Expression expression, Predicate<String> name) {
        return any(
                expression,
                part -> part instanceof Expression.Word word
                        && name.test(word.text().split("\\.", 2)[0]));
    }

    public static List<Expression> of(Expression expression) {
        return switch (expression) {
            case Expression.NumberLiteral _, Expression.BooleanLiteral _, Expression.NoneLiteral _, Expression.Word _ ->
                List.of();
            case Expression.StringLiteral string ->
                string.parts().stream()
                        .filter(Expression.Hole.class::isInstance)
                        .map(part -> ((Expression.Hole) part).value())
                        .toList();
            case Expression.ListLiteral list -> list.items();
            case Expression.SetLiteral set -> set.items();
            case Expression.Range range -> List.of(range.from(), range.to());
            case Expression.Edges edges -> List.of(edges.sources(), edges.destinations());
            case Expression.Port port -> List.of(port.nodes());
            case Expression.AtSpan it -> List.of(it.edges(), it.at());
            case Expression.Unary unary -> List.of(unary.operand());
            case Expression.Binary binary -> List.of(binary.left(), binary.right());
            case Expression.Call call -> {
                // The function's own word is no value.
                List<Expression> parts = new ArrayList<>(call.arguments());
                if (!(call.function() instanceof Expression.Word)) parts.add(call.function());
                call.options().stream().map(Statement.Option::value).forEach(parts::add);
                yield parts;
            }
            case Expression.Index index -> List.of(index.target(), index.index());
            case Expression.Field field -> List.of(field.target());
            case Expression.RecordLiteral it ->
                it.fields().stream().map(Statement.Option::value).toList();
            case Expression.Comprehension it -> {
                List<Expression> parts =
                        new ArrayList<>(List.of(it.item(), it.iteration().list()));
                it.condition().ifPresent(parts::add);
                yield parts;
            }
            // Its statements are no expressions.
            case Expression.BlockValue _ -> List.of();
            case Expression.StatementValue value -> value.command().arguments();
        };
    }
}
