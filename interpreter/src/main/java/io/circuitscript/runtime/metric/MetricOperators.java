package io.circuitscript.runtime.metric;

import io.circuitscript.runtime.value.Mistake;
import io.circuitscript.source.ErrorCode;
import io.circuitscript.syntax.Expression;
import io.circuitscript.task.Formula;
import java.util.Arrays;
import java.util.function.Function;

/** Operators on what a run gives. */
final class MetricOperators {
    private final MetricRows rows;
    private final MetricNumbers numbers;
    private final Function<Expression, MetricPart> parts;

    MetricOperators(MetricRows rows, MetricNumbers numbers, Function<Expression, MetricPart> parts) {
        this.rows = rows;
        this.numbers = numbers;
        this.parts = parts;
    }

    MetricPart unary(Expression.Unary unary) {
        if (unary.operator() == Expression.Operator.NOT) {
            throw Mistake.form(
                    ErrorCode.NOT_IN_A_METRIC,
                    "`not` cannot be used on the output of a run",
                    unary.span(),
                    "a comparison gives 1 or 0: write 1 - x");
        }
        MetricPart operand = parts.apply(unary.operand());
        boolean negates = unary.operator() == Expression.Operator.NEGATE;
        if (operand instanceof MetricPart.Unsure || !negates) return operand;
        return new MetricPart.OfRun(new Formula.Negate(numbers.of(operand, unary.operand())), operand.isOpen());
    }

    MetricPart binary(Expression.Binary binary) {
        MetricPart first = parts.apply(binary.left());
        MetricPart second = parts.apply(binary.right());
        if (first instanceof MetricPart.Unsure || second instanceof MetricPart.Unsure) return MetricPart.UNSURE;
        Formula left = numbers.of(first, binary.left());
        Formula right = numbers.of(second, binary.right());
        if (left.vector() && right.vector()) checkLengths(left, right, binary);
        return new MetricPart.OfRun(
                switch (binary.operator()) {
                    case ADD -> new Formula.Combine(Formula.Operator.ADD, left, right);
                    case SUBTRACT -> new Formula.Combine(Formula.Operator.SUBTRACT, left, right);
                    case MULTIPLY -> new Formula.Combine(Formula.Operator.MULTIPLY, left, right);
                    case DIVIDE -> new Formula.Combine(Formula.Operator.DIVIDE, left, right);
                    case POWER -> new Formula.Combine(Formula.Operator.POWER, left, right);
                    case LESS -> new Formula.Combine(Formula.Operator.LESS, left, right);
                    case LESS_OR_EQUAL -> new Formula.Combine(Formula.Operator.LESS_OR_EQUAL, left, right);
                    case GREATER -> new Formula.Combine(Formula.Operator.LESS, right, left);
                    case GREATER_OR_EQUAL -> new Formula.Combine(Formula.Operator.LESS_OR_EQUAL, right, left);
                    case EQUAL -> new Formula.Combine(Formula.Operator.EQUAL, left, right);
                    case NOT_EQUAL ->
                        new Formula.Combine(
                                Formula.Operator.SUBTRACT,
                                new Formula.Numbers(ones()),
                                new Formula.Combine(Formula.Operator.EQUAL, left, right));
                    case IN, AND, OR, NOT, NEGATE, PLUS, INTERSECT ->
                        throw Mistake.form(
                                ErrorCode.NOT_IN_A_METRIC,
                                "`" + binary.operator().text() + "` cannot be used on the output of a run",
                                binary.span(),
                                "a comparison gives 1 or 0: x * y is both, max(x, y) one of them");
                },
                first.isOpen() || second.isOpen());
    }

    private double[] ones() {
        double[] ones = new double[rows.examples()];
        Arrays.fill(ones, 1);
        return ones;
    }

    private void checkLengths(Formula left, Formula right, Expression.Binary binary) {
        for (int i = 0; i < rows.examples(); i++) {
            int a = left.lengths().each()[i];
            int b = right.lengths().each()[i];
            if (a == b) continue;
            String message = "`" + binary.operator().text() + "` takes two vectors of one length, and these have " + a
                    + " and " + b + " items";
            throw rows.atRow(Mistake.value(ErrorCode.WRONG_LENGTH, message, binary.span(), ""), i);
        }
    }
}
