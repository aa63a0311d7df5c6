package io.circuitscript.runtime.metric;

import io.circuitscript.runtime.value.Mistake;
import io.circuitscript.runtime.value.Type;
import io.circuitscript.runtime.value.Value;
import io.circuitscript.source.ErrorCode;
import io.circuitscript.syntax.Expression;
import io.circuitscript.task.Formula;
import java.util.function.Function;

/** Items and slices of vectors that a run gives. */
final class MetricItems {
    private final MetricRows rows;
    private final MetricNumbers numbers;
    private final Function<Expression, MetricPart> parts;

    MetricItems(MetricRows rows, MetricNumbers numbers, Function<Expression, MetricPart> parts) {
        this.rows = rows;
        this.numbers = numbers;
        this.parts = parts;
    }

    MetricPart index(Expression.Index index) {
        MetricPart target = parts.apply(index.target());
        if (target instanceof MetricPart.Unsure) return target;
        Formula vector = numbers.of(target, index.target());
        if (!vector.vector() && !target.isOpen()) {
            throw Mistake.form(
                    ErrorCode.WRONG_TYPE,
                    "only a vector has items by number, and this is a number",
                    index.target().span(),
                    "a list of tokens gives a vector: prob([\"a\", \"b\"])");
        }
        if (!(index.index() instanceof Expression.Range slice)) {
            return new MetricPart.OfRun(new Formula.Item(vector, positions(index.index(), vector, false)));
        }
        int[] from = positions(slice.from(), vector, true);
        int[] to = positions(slice.to(), vector, true);
        int[] lengths = new int[from.length];
        for (int i = 0; i < from.length; i++) {
            lengths[i] = Math.max(0, to[i] - from[i] + 1);
            if (lengths[i] > 0 && from[i] < 0) throw noItem(from[i], vector, i, slice.from());
            if (lengths[i] > 0 && to[i] >= vector.lengths().each()[i]) throw noItem(to[i], vector, i, slice.to());
            if (lengths[i] == 0) from[i] = 0;
        }
        return new MetricPart.OfRun(new Formula.Slice(vector, from, Formula.Lengths.of(lengths)));
    }

    /** @param bound of a slice, which may be empty and then end anywhere */
    private int[] positions(Expression written, Formula vector, boolean bound) {
        if (!(parts.apply(written) instanceof MetricPart.OfRow row)) {
            throw Mistake.form(
                    ErrorCode.WRONG_TYPE,
                    "an item's number may depend only on the row, not on the output of a run",
                    written.span(),
                    "");
        }
        if (!row.general().type().mayBe(Type.NUMBER)) {
            throw Mistake.value(
                    ErrorCode.WRONG_TYPE,
                    "an item's number is a whole number from 0, and this is " + row.phrase(),
                    written.span(),
                    "");
        }
        int[] positions = new int[rows.examples()];
        for (int i = 0; i < positions.length; i++) {
            boolean whole = row.at(i) instanceof Value.Number(double at, boolean _)
                    && at == Math.rint(at)
                    && Math.abs(at) < 1e9;
            if (!whole) {
                String message = "an item's number is a whole number from 0, not "
                        + row.at(i).display();
                throw rows.atRow(Mistake.value(ErrorCode.WRONG_TYPE, message, written.span(), ""), i);
            }
            positions[i] = (int) ((Value.Number) row.at(i)).value();
            boolean there = positions[i] >= 0 && positions[i] < vector.lengths().each()[i];
            if (!bound && !there) throw noItem(positions[i], vector, i, written);
        }
        return positions;
    }

    private Mistake noItem(int at, Formula vector, int example, Expression written) {
        int length = vector.lengths().each()[example];
        String has = length == 0 ? "the vector is empty" : "the vector has the items 0 to " + (length - 1);
        return rows.atRow(
                Mistake.value(ErrorCode.NO_SUCH_ITEM, "there is no item " + at + ": " + has, written.span(), ""),
                example);
    }
}
