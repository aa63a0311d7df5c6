package io.circuitscript.runtime.metric;

import io.circuitscript.syntax.Expression;
import io.circuitscript.syntax.Statement;
import java.util.List;

/** Finds the statements that choose a metric: {@code metric}, {@code loss} and {@code task}, alone or within others. */
public final class MetricChoices {
    private static final List<String> WORDS = List.of("metric", "task");

    private MetricChoices() {}

    public static boolean in(Statement statement) {
        return switch (statement) {
            case Statement.MetricDefinition _ -> true;
            case Statement.Command command -> WORDS.contains(command.word().text());
            case Statement.Let let ->
                let.value() instanceof Expression.StatementValue it
                        && WORDS.contains(it.command().word().text());
            case Statement.For loop -> loop.body().statements().stream().anyMatch(MetricChoices::in);
            case Statement.If choice ->
                choice.branches().stream()
                                .flatMap(it -> it.body().statements().stream())
                                .anyMatch(MetricChoices::in)
                        || choice.otherwise().stream()
                                .flatMap(it -> it.statements().stream())
                                .anyMatch(MetricChoices::in);
            // What a function does is done where it is called, which is not followed; what a task does, where it is
            // taken.
            case Statement.Def _,
                    Statement.TaskDefinition _,
                    Statement.Param _,
                    Statement.Print _,
                    Statement.Expect _,
                    Statement.CircuitDefinition _,
                    Statement.ExpressionStatement _,
                    Statement.Help _,
                    Statement.Import _,
                    Statement.GenerateData _,
                    Statement.Unknown _ -> false;
        };
    }
}
