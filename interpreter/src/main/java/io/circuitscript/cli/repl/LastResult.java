package io.circuitscript.cli.repl;

import io.circuitscript.syntax.Expression;
import io.circuitscript.syntax.Statement;

/** The variable {@code _} at the prompt, which holds the last result, and the statements that set it. */
final class LastResult {
    static final String NAME = "_";

    private LastResult() {}

    /** Whether what a statement gives is the last result from then on. To look at a variable or a part of one leaves the last result as it is. */
    static boolean isSetBy(Statement statement) {
        return statement instanceof Statement.Command
                || statement instanceof Statement.Let let && !isPart(let.value())
                || statement instanceof Statement.ExpressionStatement && !looks(statement);
    }

    /** Whether it shows a variable, a field or an item, as {@code _.faithfulness}, and changes nothing. */
    static boolean looks(Statement statement) {
        return statement instanceof Statement.ExpressionStatement alone && isPart(alone.expression());
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
