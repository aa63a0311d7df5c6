package io.circuitscript.runtime.metric;

import io.circuitscript.runtime.evaluate.Evaluator;
import io.circuitscript.runtime.evaluate.RandomChoice;
import io.circuitscript.runtime.evaluate.RowContext;
import io.circuitscript.runtime.evaluate.TextTrace;
import io.circuitscript.runtime.value.AbstractValue;
import io.circuitscript.runtime.value.Mistake;
import io.circuitscript.runtime.value.Scope;
import io.circuitscript.runtime.value.Type;
import io.circuitscript.runtime.value.Value;
import io.circuitscript.source.ErrorCode;
import io.circuitscript.source.Span;
import io.circuitscript.syntax.Expression;
import io.circuitscript.syntax.Statement;
import io.circuitscript.task.SpanField;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;

/**
 * Makes the rows of a {@code data generate} block, one after the other. The check uses it to find mistakes that every
 * row would have.
 */
public final class RowGenerator {
    private static final RowContext.Refusals REFUSALS = new RowContext.Refusals(
            ErrorCode.NOT_IN_DATA,
            "generated rows cannot contain statements",
            "give its result a name with `let` before",
            "generated rows cannot call functions of the script",
            "write out what it does",
            "generated rows draw at random with `choose` alone",
            "choose(list) is one item of a list");

    private final Statement.GenerateData definition;
    private final Scope outside;
    private final RowContext context;
    private final Evaluator evaluator;
    private final TextTrace trace = new TextTrace();
    private final RowTemplate template;

    /** @param outside the variables that the block sees */
    RowGenerator(Statement.GenerateData definition, Scope outside, RandomChoice chance) {
        this.definition = definition;
        this.outside = outside;
        this.context = new RowContext(outside, REFUSALS);
        this.evaluator = new Evaluator(context, chance, trace);
        this.template = new RowTemplate(definition);
    }

    /** @throws Mistake where no row can be right */
    public static void check(Statement.GenerateData definition, Scope outside, Span word) {
        Set<String> names = new LinkedHashSet<>();
        for (Statement.Binding column : definition.columns()) {
            if (names.add(column.name().text())) continue;
            throw Mistake.form(
                    ErrorCode.REPEATED_NAME,
                    "there are two columns named `" + column.name() + "`",
                    column.name().span(),
                    "give each a name of its own");
        }
        for (String needed : new String[] {"clean", "corrupted"}) {
            if (names.contains(needed)) continue;
            String message = "generated data needs a column " + needed;
            throw Mistake.form(
                    ErrorCode.DATA_MISSING_COLUMN,
                    message,
                    word,
                    "a row is a pair of texts, clean and corrupted, with whatever else its metric reads");
        }
        new RowGenerator(definition, outside, RandomChoice::any).draw();
    }

    /** The columns of a row, or what is known of them; empty where a condition does not hold. */
    Optional<SequencedMap<String, AbstractValue>> draw() {
        Scope scope = outside.inside();
        context.setScope(scope);
        trace.clear();
        SequencedMap<String, AbstractValue> row = new LinkedHashMap<>();
        for (Statement.Binding column : definition.columns()) {
            AbstractValue value = evaluator.value(column.value());
            checkType(column, value);
            row.put(column.name().text(), value);
            scope.set(column.name().text(), value);
        }
        boolean holds = true;
        for (Expression condition : definition.conditions()) {
            if (evaluator.truth(condition, "`where`") instanceof Value.Bool(boolean truth)) holds &= truth;
        }
        return holds ? Optional.of(row) : Optional.empty();
    }

    /** The named parts of the clean text of the row that was drawn last. */
    List<SpanField> fields(SequencedMap<String, AbstractValue> row) {
        return row.get("clean") instanceof Value.Text clean
                ? template.fields(clean.value(), trace.of(clean))
                : List.of();
    }

    private static void checkType(Statement.Binding column, AbstractValue value) {
        boolean text =
                column.name().text().equals("clean") || column.name().text().equals("corrupted");
        boolean right = text
                ? value.type().mayBe(Type.TEXT)
                : value.type().mayBe(Type.TEXT, Type.NUMBER, Type.TRUTH, Type.LIST);
        if (right) return;
        String wanted = text ? "a text" : "a text, a number or a list of these";
        throw Mistake.value(
                ErrorCode.WRONG_TYPE,
                "the column " + column.name() + " holds " + wanted + ", and this is " + value.phrase(),
                column.value().span(),
                "");
    }
}
