package io.circuitscript.editor.feature;

import io.circuitscript.runtime.evaluate.InnerStatements;
import io.circuitscript.runtime.evaluate.Subexpressions;
import io.circuitscript.source.Span;
import io.circuitscript.syntax.Expression;
import io.circuitscript.syntax.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Finds the edges that are written at a place. */
final class EdgesAt {
    private EdgesAt() {}

    /** The innermost edges whose text holds an offset. */
    static Optional<Expression.Edges> of(List<Statement> statements, int offset) {
        for (Statement statement : statements) {
            if (!holds(statement.span(), offset)) continue;
            List<Statement> inner = new ArrayList<>(InnerStatements.of(statement));
            switch (statement) {
                case Statement.Def def -> inner.addAll(def.body().statements());
                case Statement.TaskDefinition task -> inner.addAll(task.body().statements());
                default -> {}
            }
            Optional<Expression.Edges> found = of(inner, offset);
            if (found.isPresent()) return found;
            for (Expression expression : InnerStatements.expressions(statement)) {
                found = within(expression, offset);
                if (found.isPresent()) return found;
            }
        }
        return Optional.empty();
    }

    private static Optional<Expression.Edges> within(Expression expression, int offset) {
        if (!holds(expression.span(), offset)) return Optional.empty();
        for (Expression part : Subexpressions.of(expression)) {
            Optional<Expression.Edges> found = within(part, offset);
            if (found.isPresent()) return found;
        }
        return expression instanceof Expression.Edges edges ? Optional.of(edges) : Optional.empty();
    }

    private static boolean holds(Span span, int offset) {
        return span.start() <= offset && offset <= span.end();
    }
}
