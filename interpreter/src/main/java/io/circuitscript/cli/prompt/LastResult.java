package io.circuitscript.cli.prompt;

import io.circuitscript.runtime.evaluate.Subexpressions;
import io.circuitscript.runtime.functions.Functions;
import io.circuitscript.source.Span;
import io.circuitscript.syntax.Expression;
import io.circuitscript.syntax.Statement;
import java.util.Optional;
import java.util.function.Predicate;

/** The variable {@code _} at the prompt, which holds the last result, and the statements that set it. */
public final class LastResult {
    static final String NAME = "_";

    private LastResult() {}

    /** Whether what a statement gives is the last result from then on. To look at a variable or a part of one leaves the last result as it is. */
    static boolean isSetBy(Statement statement) {
        return statement instanceof Statement.Command
                || statement instanceof Statement.Let let && !isPart(let.value())
                || statement instanceof Statement.ExpressionStatement && !looks(statement);
    }

    /** Where the result stands that a statement shows for its value; empty where it shows none, as {@code let x = 3}. */
    public static Optional<Span> shown(Statement statement) {
        return switch (statement) {
            case Statement.Command command -> Optional.of(command.span());
            case Statement.Let let
            when let.value() instanceof Expression.StatementValue of ->
                Optional.of(of.command().span());
            case Statement.ExpressionStatement alone
            when alone.expression() instanceof Expression.StatementValue of ->
                Optional.of(of.command().span());
            case Statement.ExpressionStatement alone -> Optional.of(alone.span());
            default -> Optional.empty();
        };
    }

    /** Whether it shows a variable, a field or an item, as {@code _.faithfulness}, and changes nothing. */
    static boolean looks(Statement statement) {
        return statement instanceof Statement.ExpressionStatement alone && isPart(alone.expression());
    }

    /**
     * Whether it shows a value that was computed, as {@code _.edges * 2}, and changes nothing: no statement runs in it, and no function of the user's.
     *
     * @param isVariable whether a name is the user's, and no longer the language's
     */
    static boolean computes(Statement statement, Predicate<String> isVariable) {
        return statement instanceof Statement.ExpressionStatement alone
                && !Subexpressions.any(alone.expression(), part -> mayChange(part, isVariable));
    }

    private static boolean mayChange(Expression part, Predicate<String> isVariable) {
        return part instanceof Expression.StatementValue
                || part instanceof Expression.Call call
                        && !(call.function() instanceof Expression.Word(String name, Span _)
                                && Functions.has(name)
                                && !isVariable.test(name));
    }

    private static boolean isPart(Expression expression) {
        return switch (expression) {
            case Expression.Word _ -> true;
            case Expression.Field field -> isPart(field.target());
            case Expression.Index index -> isPart(index.target()) && isPlace(index.index());
            default -> false;
        };
    }

    private static boolean isPlace(Expression index) {
        return switch (index) {
            case Expression.NumberLiteral _ -> true;
            case Expression.Range range -> isPlace(range.from()) && isPlace(range.to());
            default -> isPart(index);
        };
    }
}
