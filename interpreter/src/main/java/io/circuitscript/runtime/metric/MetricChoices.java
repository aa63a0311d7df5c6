package io.circuitscript.runtime.metric;

import io.circuitscript.runtime.evaluate.InnerStatements;
import io.circuitscript.syntax.Expression;
import io.circuitscript.syntax.Statement;
import java.util.List;

/** Finds the statements that choose a metric: {@code metric}, {@code loss} and {@code task}, alone or within others. */
public final class MetricChoices {
    private static final List<String> WORDS = List.of("metric", "task");

    private MetricChoices() {}

    public static boolean in(Statement statement) {
        // What a function does is done where it is called, which is not followed; what a task does, where it is taken.
        return InnerStatements.any(List.of(statement), MetricChoices::chooses);
    }

    private static boolean chooses(Statement statement) {
        return switch (statement) {
            case Statement.MetricDefinition _ -> true;
            case Statement.Command command -> WORDS.contains(command.word().text());
            case Statement.Let let ->
                let.value() instanceof Expression.StatementValue it
                        && WORDS.contains(it.command().word().text());
            default -> false;
        };
    }
}
