package io.circuitscript.runtime.functions;

import io.circuitscript.runtime.value.Mistake;
import io.circuitscript.runtime.value.Type;
import io.circuitscript.runtime.value.Value;
import io.circuitscript.runtime.value.ValuePreview;
import io.circuitscript.source.ErrorCode;
import io.circuitscript.source.Span;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/**
 * The order of {@code sort}: numbers by size, texts as {@code <} has them, {@code false} before {@code true}, lists and records by their first
 * item that differs. {@code none} comes last, in the reverse order too.
 *
 * @param span where values without an order are reported
 */
record SortOrder(boolean reverse, Span span) implements Comparator<Value> {
    private static final int SHOWN = 40;

    @Override
    public int compare(Value a, Value b) {
        if (a instanceof Value.None || b instanceof Value.None)
            return Boolean.compare(a instanceof Value.None, b instanceof Value.None);
        if (a instanceof Value.Number x && b instanceof Value.Number y)
            return directed(x.value() < y.value() ? -1 : x.value() > y.value() ? 1 : 0);
        if (a instanceof Value.Text(String x) && b instanceof Value.Text(String y)) return directed(x.compareTo(y));
        if (a instanceof Value.Bool(boolean x) && b instanceof Value.Bool(boolean y))
            return directed(Boolean.compare(x, y));
        if (a instanceof Value.ListOf(List<Value> x) && b instanceof Value.ListOf(List<Value> y)) return lists(x, y);
        if (a instanceof Value.Fields x
                && b instanceof Value.Fields y
                && x.fields().keySet().equals(y.fields().keySet())) return records(x, y);
        throw noOrder(shown(a) + " and " + shown(b));
    }

    private int directed(int compared) {
        return reverse ? -Integer.signum(compared) : compared;
    }

    private int lists(List<Value> a, List<Value> b) {
        for (int i = 0; i < Math.min(a.size(), b.size()); i++) {
            int compared = compare(a.get(i), b.get(i));
            if (compared != 0) return compared;
        }
        return directed(Integer.compare(a.size(), b.size()));
    }

    private int records(Value.Fields a, Value.Fields b) {
        for (Map.Entry<String, Value> field : a.fields().entrySet()) {
            int compared = compare(field.getValue(), b.fields().get(field.getKey()));
            if (compared != 0) return compared;
        }
        return 0;
    }

    /**
     * Names the first two items that have no order.
     *
     * @param field what decides; empty where it is the items themselves
     */
    void check(List<Value> items, String field) {
        int first = -1;
        for (int i = 0; i < items.size(); i++) {
            Value item = items.get(i);
            if (item instanceof Value.None) continue;
            if (!item.type().mayBe(Type.NUMBER, Type.TEXT, Type.TRUTH, Type.LIST, Type.RESULT)) {
                String what = (field.isEmpty() ? "item " : "`" + field + "` of item ") + i;
                String message = "`sort` takes numbers or texts, and " + what + " is " + item.phrase();
                throw Mistake.value(ErrorCode.WRONG_TYPE, message, span, "");
            }
            if (first < 0) first = i;
            if (items.get(first).type() == item.type()) continue;
            String where = (field.isEmpty() ? "" : "`" + field + "` of ") + "items " + first + " and " + i;
            throw noOrder(shown(items.get(first)) + " and " + shown(item) + ": " + where);
        }
    }

    private Mistake noOrder(String which) {
        return Mistake.value(
                ErrorCode.WRONG_TYPE,
                "`sort` cannot order " + which,
                span,
                "it orders numbers, or texts, but not both together; `none` comes last");
    }

    private static String shown(Value value) {
        String text = ValuePreview.of(value, SHOWN);
        int end = Math.min(text.length(), SHOWN);
        return end == text.length() ? text : text.substring(0, end) + "…";
    }
}
