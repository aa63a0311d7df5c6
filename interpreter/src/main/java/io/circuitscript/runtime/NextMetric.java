package io.circuitscript.runtime;

import io.circuitscript.runtime.evaluate.Need;
import io.circuitscript.runtime.evaluate.Subexpressions;
import io.circuitscript.runtime.metric.MetricBinder;
import io.circuitscript.runtime.metric.MetricSource;
import io.circuitscript.runtime.state.State;
import io.circuitscript.runtime.statements.Statements;
import io.circuitscript.runtime.value.Mistake;
import io.circuitscript.runtime.value.Scope;
import io.circuitscript.runtime.value.Value;
import io.circuitscript.source.UserError;
import io.circuitscript.syntax.Expression;
import io.circuitscript.syntax.Statement;
import java.util.List;
import java.util.Optional;

/**
 * Finds the metric that a block chooses right behind its {@code data}, before anything uses the rows: {@code metric NAME}, or a definition. It says which rows
 * {@code skip=true} leaves out.
 *
 * @param statements of the language, for what each needs
 */
record NextMetric(State state, Scope scope, Statements statements) {
    /** @param place of the statement that runs now */
    Optional<MetricSource> after(List<Statement> block, int place) {
        if (!isData(block.get(place))) return Optional.empty();
        for (Statement next : block.subList(place + 1, block.size())) {
            if (next instanceof Statement.MetricDefinition definition) return defined(definition);
            if (next instanceof Statement.Command command
                    && command.word().text().equals("metric")) return named(command);
            if (!passes(next)) return Optional.empty();
        }
        return Optional.empty();
    }

    private static boolean isData(Statement statement) {
        return switch (statement) {
            case Statement.Command command -> command.word().text().equals("data");
            case Statement.Let let ->
                let.value() instanceof Expression.StatementValue it
                        && it.command().word().text().equals("data");
            default -> false;
        };
    }

    private Optional<MetricSource> defined(Statement.MetricDefinition definition) {
        MetricSource source = MetricSource.own(definition, scope);
        try {
            MetricBinder.check(source);
            return Optional.of(source);
        } catch (Mistake | UserError saidThere) {
            return Optional.empty(); // it may need a variable that is set in between
        }
    }

    private Optional<MetricSource> named(Statement.Command command) {
        if (command.arguments().size() != 1 || !(command.arguments().getFirst() instanceof Expression.Word word))
            return Optional.empty();
        return switch (scope.find(word.text()).orElse(null)) {
            case null -> state.defined().metric(word.text());
            case Value.Text(String name) -> state.defined().metric(name);
            default -> Optional.empty();
        };
    }

    /** Whether a statement leaves the rows alone. */
    private boolean passes(Statement statement) {
        return switch (statement) {
            case Statement.Command command ->
                statements
                        .find(command.word().text())
                        .map(it -> it.declaration().needs())
                        .filter(needs -> !needs.contains(Need.DATA) && !needs.contains(Need.METRIC))
                        .isPresent();
            case Statement.Let let -> isPlain(let.value());
            case Statement.Print print -> print.values().stream().allMatch(NextMetric::isPlain);
            case Statement.Def _ -> true;
            default -> false;
        };
    }

    private static boolean isPlain(Expression expression) {
        return !Subexpressions.any(
                expression,
                it -> it instanceof Expression.StatementValue
                        || it instanceof Expression.BlockValue
                        || it instanceof Expression.Call);
    }
}
