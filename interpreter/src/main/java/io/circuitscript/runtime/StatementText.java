package io.circuitscript.runtime;

import io.circuitscript.runtime.evaluate.Declaration;
import io.circuitscript.runtime.evaluate.Evaluator;
import io.circuitscript.runtime.evaluate.Kind;
import io.circuitscript.runtime.evaluate.Subexpressions;
import io.circuitscript.runtime.value.Type;
import io.circuitscript.runtime.value.Value;
import io.circuitscript.source.Span;
import io.circuitscript.syntax.Expression;
import io.circuitscript.syntax.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** A statement's text as its result shows it: with what its variables hold. */
final class StatementText {
    /** The longest value, as text, that is shown in place of its variable. */
    private static final int LONGEST_VALUE = 40;

    private final Evaluator evaluator;
    private final LoopVariables variables;

    StatementText(Evaluator evaluator, LoopVariables variables) {
        this.evaluator = evaluator;
        this.variables = variables;
    }

    /**
     * The statement's text, with each variable that it is given replaced by what it holds, where that is short. Sets keep the names that the script gives
     * them, but where they are another one in each round of a loop, or in each call.
     */
    String of(Statement.Command command, Declaration declaration) {
        List<Declaration.Argument> parameters =
                declaration.filled(command.arguments().size());
        // The words of a condition are columns, and another value in each row.
        Set<Expression> conditions = IntStream.range(0, parameters.size())
                .filter(i -> parameters.get(i).kind() == Kind.CONDITION)
                .mapToObj(command.arguments()::get)
                .collect(Collectors.toSet());
        List<Expression> given = Stream.concat(
                        command.arguments().stream().filter(it -> !conditions.contains(it)),
                        command.options().stream()
                                .filter(it -> declaration
                                        .option(it.key().text())
                                        .filter(option -> option.kind() == Kind.FIELD || option.kind() == Kind.COLUMN)
                                        .isEmpty())
                                .map(Statement.Option::value))
                .toList();
        Set<Expression> names = IntStream.range(0, parameters.size())
                .filter(i -> parameters.get(i).kind() == Kind.NAME)
                .mapToObj(command.arguments()::get)
                .collect(Collectors.toSet());
        List<Span> edges = IntStream.range(0, parameters.size())
                .filter(i -> parameters.get(i).kind() == Kind.EDGES)
                .mapToObj(i -> command.arguments().get(i).span())
                .toList();
        Span all = command.span();
        StringBuilder text = new StringBuilder();
        int at = all.start();
        for (Expression expression : substitutable(given)) {
            if (expression.span().start() < at) continue;
            Value value = (Value) evaluator.value(expression);
            boolean plain = value instanceof Value.Number || value instanceof Value.Text || value instanceof Value.Bool;
            boolean turning = expression instanceof Expression.Word(String name, Span _)
                    && variables.isTurning(name)
                    && !(value instanceof Value.Function);
            boolean ownName = names.contains(expression) && !(value instanceof Value.Text) // it stands for itself
                    || isCircuit(expression, value, edges);
            if (!plain && !turning || ownName || value.repr().length() > LONGEST_VALUE) continue;
            text.append(all.source().text(at, expression.span().start())).append(value.repr());
            at = expression.span().end();
        }
        return text.append(all.source().text(at, all.end())).toString();
    }

    /** Where edges are wanted, a name whose variable holds something else is that of a circuit. */
    private static boolean isCircuit(Expression expression, Value value, List<Span> edges) {
        boolean set = value.type().mayBe(Type.EDGES, Type.NODES, Type.TEXT, Type.LIST);
        int at = expression.span().start();
        return !set && edges.stream().anyMatch(it -> it.start() <= at && at < it.end());
    }

    /** The variables and the strings with holes in expressions, in their order. */
    private List<Expression> substitutable(List<Expression> expressions) {
        List<Expression> found = new ArrayList<>();
        for (Expression expression : expressions) {
            switch (expression) {
                case Expression.Word word when evaluator.isVariable(word) -> found.add(word);
                case Expression.StringLiteral string
                when string.constant().isEmpty() && !acts(string) -> found.add(string);
                case Expression.AtSpan at
                when evaluator.isSpanName(at.at()) -> found.addAll(substitutable(List.of(at.edges())));
                case Expression.Comprehension _, Expression.BlockValue _ -> {} // they have variables of their own
                default -> found.addAll(substitutable(Subexpressions.of(expression)));
            }
        }
        return found;
    }

    /** Whether evaluating it once more could give something else, or do something. */
    private static boolean acts(Expression expression) {
        return Subexpressions.any(
                expression,
                part -> part instanceof Expression.Call
                        || part instanceof Expression.StatementValue
                        || part instanceof Expression.BlockValue);
    }
}
