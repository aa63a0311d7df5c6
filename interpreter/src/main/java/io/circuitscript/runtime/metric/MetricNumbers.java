package io.circuitscript.runtime.metric;

import io.circuitscript.runtime.value.Mistake;
import io.circuitscript.runtime.value.Type;
import io.circuitscript.runtime.value.Value;
import io.circuitscript.source.ErrorCode;
import io.circuitscript.syntax.Expression;
import io.circuitscript.task.Formula;
import java.util.List;

/** What a part of a metric comes to, as a formula to calculate with. */
final class MetricNumbers {
    private final MetricRows rows;

    MetricNumbers(MetricRows rows) {
        this.rows = rows;
    }

    /** As numbers to calculate with. */
    Formula of(MetricPart part, Expression written) {
        return switch (part) {
            case MetricPart.OfRun run -> run.formula();
            case MetricPart.Unsure _ ->
                throw new IllegalStateException("unsure: " + written.span().text());
            case MetricPart.OfRow row -> {
                Type type = row.general().type();
                if (type == Type.LIST) yield table(row, written);
                if (!type.mayBe(Type.NUMBER, Type.TRUTH)) {
                    throw Mistake.value(
                            ErrorCode.WRONG_TYPE,
                            "a metric calculates with numbers, and this is " + row.phrase(),
                            written.span(),
                            "");
                }
                double[] values = new double[rows.examples()];
                for (int i = 0; i < values.length; i++) values[i] = number(row.at(i), i, written);
                yield new Formula.Numbers(values);
            }
        };
    }

    private double number(Value value, int example, Expression written) {
        if (value instanceof Value.Number(double number, boolean _)) return number;
        if (value instanceof Value.Bool(boolean truth)) return truth ? 1 : 0;
        String message = "a metric calculates with numbers, and this is " + value.phrase();
        throw rows.atRow(Mistake.value(ErrorCode.WRONG_TYPE, message, written.span(), ""), example);
    }

    private Formula table(MetricPart.OfRow row, Expression written) {
        int[] each = new int[rows.examples()];
        for (int i = 0; i < each.length; i++)
            each[i] = ((Value.ListOf) row.at(i)).items().size();
        Formula.Lengths lengths = Formula.Lengths.of(each);
        double[][] values = new double[each.length][lengths.width()];
        for (int i = 0; i < each.length; i++) {
            List<Value> items = ((Value.ListOf) row.at(i)).items();
            for (int j = 0; j < items.size(); j++) values[i][j] = number(items.get(j), i, written);
        }
        return new Formula.Rows(values, lengths);
    }
}
