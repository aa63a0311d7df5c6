package io.circuitscript.runtime.evaluate;

import io.circuitscript.syntax.Expression;
import io.circuitscript.syntax.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** The statements that run as part of another: those of its block, and those with a block that stand in its values. */
public final class InnerStatements {
    private InnerStatements() {}

    /** The direct ones, in their order. What a function or a task holds runs elsewhere. */
    public static List<Statement> of(Statement statement) {
        List<Statement> inner = new ArrayList<>();
        for (Expression expression : expressions(statement)) collect(expression, inner);
        for (Statement.Block block : own(statement)) inner.addAll(block.statements());
        return inner;
    }

    /** The blocks of a statement, and those of the statements that stand in its values. */
    public static List<Statement.Block> blocks(Statement statement) {
        List<Statement> inValues = new ArrayList<>();
        for (Expression expression : expressions(statement)) collect(expression, inValues);
        List<Statement.Block> blocks = new ArrayList<>(own(statement));
        for (Statement inner : inValues) blocks.addAll(blocks(inner));
        return blocks;
    }

    /** Whether one of these statements, or one within them, is so. */
    public static boolean any(List<Statement> statements, Predicate<Statement> question) {
        return statements.stream().anyMatch(it -> question.test(it) || any(of(it), question));
    }

    /** How many statements there are, those within them included. */
    public static int size(List<Statement> statements) {
        return statements.stream().mapToInt(it -> 1 + size(of(it))).sum();
    }

    private static void collect(Expression expression, List<Statement> found) {
        if (expression instanceof Expression.BlockValue block) found.add(block.statement());
        else for (Expression part : Subexpressions.of(expression)) collect(part, found);
    }

    private static List<Statement.Block> own(Statement statement) {
        return switch (statement) {
            case Statement.For loop -> List.of(loop.body());
            case Statement.While loop -> List.of(loop.body());
            case Statement.Quiet quiet -> List.of(quiet.body());
            case Statement.If choice ->
                Stream.concat(choice.branches().stream().map(Statement.Branch::body), choice.otherwise().stream())
                        .toList();
            case Statement.Let _,
                    Statement.Param _,
                    Statement.Print _,
                    Statement.Expect _,
                    Statement.Command _,
                    Statement.ExpressionStatement _,
                    Statement.Return _,
                    Statement.Jump _,
                    Statement.Def _,
                    Statement.Import _,
                    Statement.CircuitDefinition _,
                    Statement.TaskDefinition _,
                    Statement.MetricDefinition _,
                    Statement.GenerateData _,
                    Statement.Help _,
                    Statement.Unknown _ -> List.of();
        };
    }

    /** The values that are written in the statement itself. */
    public static List<Expression> expressions(Statement statement) {
        return switch (statement) {
            case Statement.Let let -> List.of(let.value());
            case Statement.Param param -> List.of(param.value());
            case Statement.Print print -> print.values();
            case Statement.Expect expect -> List.of(expect.condition());
            case Statement.Command command ->
                Stream.concat(
                                command.arguments().stream(),
                                command.options().stream().map(Statement.Option::value))
                        .toList();
            case Statement.ExpressionStatement alone -> List.of(alone.expression());
            case Statement.Return it -> it.value().stream().toList();
            case Statement.Import it -> List.of(it.path());
            case Statement.CircuitDefinition circuit -> circuit.edges();
            case Statement.For loop ->
                loop.iterations().stream().map(Statement.Iteration::list).toList();
            case Statement.While loop -> List.of(loop.condition());
            case Statement.If choice ->
                choice.branches().stream().map(Statement.Branch::condition).toList();
            case Statement.Quiet _,
                    Statement.Jump _,
                    Statement.Def _,
                    Statement.TaskDefinition _,
                    Statement.MetricDefinition _,
                    Statement.GenerateData _,
                    Statement.Help _,
                    Statement.Unknown _ -> List.of();
        };
    }
}
