package io.circuitscript.runtime.evaluate;

import io.circuitscript.runtime.value.AbstractValue;
import io.circuitscript.runtime.value.FieldAccess;
import io.circuitscript.runtime.value.Mistake;
import io.circuitscript.runtime.value.Shapes;
import io.circuitscript.runtime.value.Type;
import io.circuitscript.runtime.value.Unknown;
import io.circuitscript.runtime.value.Value;
import io.circuitscript.source.ErrorCode;
import io.circuitscript.source.Span;
import io.circuitscript.syntax.Expression;
import java.util.List;

/** Evaluates what stands in brackets after a value: an item of a list, a slice, a field of a record. */
final class ItemAccess {
    private final Evaluator evaluator;

    ItemAccess(Evaluator evaluator) {
        this.evaluator = evaluator;
    }

    AbstractValue at(Expression.Index index) {
        AbstractValue target = evaluator.value(index.target());
        if (target.type() == Type.RESULT && !(index.index() instanceof Expression.Range)) {
            AbstractValue field = indexed(index);
            if (field instanceof Value.Text(String name))
                return FieldAccess.of(target, name, index.index().span());
            if (!(field instanceof Value) && field.type().mayBe(Type.TEXT)) return Unknown.ANY;
        }
        if (!target.type().mayBe(Type.LIST)) {
            boolean field = target.type() == Type.RESULT && index.index() instanceof Expression.Word;
            String help = field
                    ? "a field follows a dot: " + index.target().span().text() + "."
                            + index.index().span().text()
                    : "";
            throw Mistake.value(
                    ErrorCode.WRONG_TYPE,
                    "only a list has items by number, and this is " + target.phrase(),
                    index.target().span(),
                    help);
        }
        if (index.index() instanceof Expression.Range slice) {
            AbstractValue from = evaluator.value(slice.from());
            AbstractValue to = evaluator.value(slice.to());
            if (!(target instanceof Value.ListOf(List<Value> items))
                    || !(from instanceof Value first)
                    || !(to instanceof Value last)) {
                return Unknown.listOf(Shapes.itemOf(target));
            }
            int start = position(first, items.size(), slice.from().span(), true);
            int end = position(last, items.size(), slice.to().span(), true);
            if (end < start) return new Value.ListOf(List.of());
            position(last, items.size(), slice.to().span(), false);
            return new Value.ListOf(items.subList(start, end + 1));
        }
        AbstractValue at = evaluator.value(index.index());
        if (at.type() == Type.TEXT && target.type().mayBe(Type.RESULT) && !(target instanceof Value))
            return Unknown.ANY;
        if (at instanceof Value.Text(String name) && target.type() == Type.LIST)
            return FieldAccess.of(target, name, index.index().span());
        if (!(target instanceof Value.ListOf(List<Value> items)) || !(at instanceof Value position))
            return Shapes.itemOf(target);
        return items.get(position(position, items.size(), index.index().span(), false));
    }

    /** What stands in the brackets after a record; a word that is no variable says nothing. */
    private AbstractValue indexed(Expression.Index index) {
        boolean bare = index.index() instanceof Expression.Word word && !evaluator.isVariable(word);
        return bare ? new Value.None() : evaluator.value(index.index());
    }

    /** @param loose whether a bound of a slice that may turn out empty is meant: one before the first item or after the last will do */
    private static int position(Value value, int size, Span span, boolean loose) {
        boolean whole = value instanceof Value.Number(double at, boolean _) && at == Math.rint(at);
        if (!whole)
            throw Mistake.value(
                    ErrorCode.WRONG_TYPE,
                    "an item's number is a whole number from 0, not " + value.display(),
                    span,
                    "");
        double at = ((Value.Number) value).value();
        if (at >= (loose ? -1 : 0) && at <= (loose ? size : size - 1)) return (int) at;
        String has = size == 0 ? "the list is empty" : "the list has the items 0 to " + (size - 1);
        String help = at < 0 ? "items are counted from 0; the last of x is x[len(x) - 1]" : "items are counted from 0";
        throw Mistake.value(ErrorCode.NO_SUCH_ITEM, "there is no item " + value.display() + ": " + has, span, help);
    }
}
