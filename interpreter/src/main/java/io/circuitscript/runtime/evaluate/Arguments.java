package io.circuitscript.runtime.evaluate;

import io.circuitscript.runtime.value.AbstractValue;
import io.circuitscript.runtime.value.Mistake;
import io.circuitscript.runtime.value.Value;
import io.circuitscript.source.Span;
import io.circuitscript.source.UserError;
import io.circuitscript.syntax.Expression;
import io.circuitscript.syntax.Statement;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The arguments of one statement: the value of each parameter and option by its declared name, of the declared kind.
 * In the check some values are not known yet.
 */
public final class Arguments {
    private final Statement.Command command;
    private final Map<String, AbstractValue> values;
    private final Map<String, Span> spans;
    private final Map<String, RowCondition> conditions;

    Arguments(
            Statement.Command command,
            Map<String, AbstractValue> values,
            Map<String, Span> spans,
            Map<String, RowCondition> conditions) {
        this.command = command;
        this.values = new LinkedHashMap<>(values);
        this.spans = Map.copyOf(spans);
        this.conditions = Map.copyOf(conditions);
    }

    public Span span() {
        return command.span();
    }

    /** Where that word or option is written; the statement's word where it is not. */
    public Span spanOf(String name) {
        return spans.getOrDefault(name, command.word().span());
    }

    /** Whether it was written, rather than left to its default. */
    public boolean given(String name) {
        return spans.containsKey(name);
    }

    /** What is known of it; empty where it was left out and has no default. */
    public Optional<AbstractValue> abstractValue(String name) {
        return Optional.ofNullable(values.get(name));
    }

    public Optional<Value> known(String name) {
        return abstractValue(name).filter(Value.class::isInstance).map(Value.class::cast);
    }

    public Optional<String> knownText(String name) {
        return known(name).filter(Value.Text.class::isInstance).map(v -> ((Value.Text) v).value());
    }

    public Value value(String name) {
        return known(name).orElseThrow(() -> new IllegalStateException(command.word() + ": " + name + " has no value"));
    }

    public String text(String name) {
        return ((Value.Text) value(name)).value();
    }

    public double number(String name) {
        return ((Value.Number) value(name)).value();
    }

    public int count(String name) {
        return (int) number(name);
    }

    public boolean truth(String name) {
        return ((Value.Bool) value(name)).value();
    }

    public Value.EdgeSet edges(String name) {
        return (Value.EdgeSet) value(name);
    }

    public Value.Nodes nodes(String name) {
        return (Value.Nodes) value(name);
    }

    public RowCondition condition(String name) {
        return conditions.get(name);
    }

    /** So many of all there are, rounded down. */
    public static int share(double fraction, int all) {
        return (int) Math.floor(Math.fma(fraction, all, 1e-9 * all)); // 29% of 100 is 29, not 28.999…
    }

    /** An option as it is written; empty where it is left out. */
    public Optional<Expression> written(String option) {
        return command.options().stream()
                .filter(it -> it.key().text().equals(option))
                .map(Statement.Option::value)
                .findFirst();
    }

    /** Runs a piece of work of which what is wrong is wrong with that word or option. */
    public <T> T at(String name, Supplier<T> work) {
        try {
            return work.get();
        } catch (UserError e) {
            throw Mistake.at(spanOf(name), e);
        }
    }
}
