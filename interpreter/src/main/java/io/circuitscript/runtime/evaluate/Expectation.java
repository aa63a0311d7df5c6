package io.circuitscript.runtime.evaluate;

import io.circuitscript.runtime.value.AbstractValue;
import io.circuitscript.runtime.value.Mistake;
import io.circuitscript.runtime.value.Operators;
import io.circuitscript.runtime.value.Tables;
import io.circuitscript.runtime.value.Value;
import io.circuitscript.runtime.value.ValuePreview;
import io.circuitscript.source.Span;
import io.circuitscript.syntax.Expression;

/**
 * The comparison of an {@code expect}.
 *
 * @param operator that stands between the two
 * @param right what {@code left} is compared with; of a condition that compares nothing, {@code true}
 */
public record Expectation(String operator, AbstractValue left, AbstractValue right, AbstractValue holds) {
    /** How much of an item is shown. */
    private static final int LONGEST = 200;

    public static Expectation of(Expression condition, Evaluator evaluator) {
        if (condition instanceof Expression.Binary binary && compares(binary.operator())) {
            AbstractValue left = evaluator.operand(binary.left(), binary.operator());
            AbstractValue right = evaluator.operand(binary.right(), binary.operator());
            return new Expectation(
                    binary.operator().text(),
                    left,
                    right,
                    Operators.binary(binary.operator(), left, right, binary.span()));
        }
        AbstractValue holds = evaluator.truth(condition, "`expect`");
        return new Expectation("==", holds, new Value.Bool(true), holds);
    }

    /** That it does not hold, with both values. */
    public Mistake unmet(Span span) {
        return Mistake.unmet(
                "this does not hold: " + shown(left) + " " + operator + " " + shown(right) + difference(), span);
    }

    /** Where two tables of one length differ first: their lengths say nothing then. */
    private String difference() {
        if (!(left instanceof Value.ListOf a) || !Tables.isTable(a)) return "";
        if (!(right instanceof Value.ListOf b)
                || !Tables.isTable(b)
                || a.items().size() != b.items().size()) return "";
        for (int i = 0; i < a.items().size(); i++) {
            Value first = a.items().get(i);
            Value second = b.items().get(i);
            if (!first.equals(second))
                return "; item " + i + " is " + ValuePreview.of(first, LONGEST) + ", "
                        + ValuePreview.of(second, LONGEST);
        }
        return "";
    }

    private static String shown(AbstractValue value) {
        if (value instanceof Value.ListOf list && Tables.isTable(list)) return Tables.phrase(list);
        return value instanceof Value.Text text ? text.repr() : ((Value) value).display();
    }

    private static boolean compares(Expression.Operator operator) {
        return switch (operator) {
            case EQUAL, NOT_EQUAL, LESS, LESS_OR_EQUAL, GREATER, GREATER_OR_EQUAL -> true;
            default -> false;
        };
    }
}
