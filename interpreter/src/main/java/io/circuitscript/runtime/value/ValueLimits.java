package io.circuitscript.runtime.value;

import io.circuitscript.source.ErrorCode;
import io.circuitscript.source.Span;
import java.util.Collection;
import java.util.List;

/** Maximum sizes of values: more than any analysis needs, and less than would fill the memory. */
public final class ValueLimits {
    public static final int MOST_ITEMS = 1_000_000;
    static final int MOST_CHARACTERS = 10_000_000;

    /** So many characters of a text count as an item of the list that it is in. */
    private static final int CHARACTERS_AN_ITEM = 16;

    /** More than brackets may nest in a script, and few enough to be shown. */
    private static final int DEEPEST = 200;

    private ValueLimits() {}

    /** @throws Mistake where a text has grown too long */
    public static void check(CharSequence text, Span span) {
        if (text.length() <= MOST_CHARACTERS) return;
        throw Mistake.value(
                ErrorCode.VALUE_TOO_LARGE,
                "this text has more than " + NumberText.count(MOST_CHARACTERS) + " characters",
                span,
                "");
    }

    /** @throws Mistake where a list has grown too long, the lists in it counted too, or too deep */
    public static List<Value> checked(List<Value> items, Span span) {
        if (count(items, 0) > MOST_ITEMS) {
            String help = "a list in a list counts with all that it holds";
            throw Mistake.value(
                    ErrorCode.VALUE_TOO_LARGE,
                    "this list has more than " + NumberText.count(MOST_ITEMS) + " items",
                    span,
                    help);
        }
        if (isDeeper(items, DEEPEST)) {
            throw Mistake.value(
                    ErrorCode.VALUE_TOO_LARGE, "more than " + DEEPEST + " lists are nested in one another", span, "");
        }
        return items;
    }

    private static boolean isDeeper(Collection<Value> items, int depth) {
        return depth == 0 && !items.isEmpty() || items.stream().anyMatch(item -> isDeeper(inside(item), depth - 1));
    }

    /** What a list or a record holds. */
    private static Collection<Value> inside(Value value) {
        return switch (value) {
            case Value.ListOf(List<Value> items) -> items;
            case Value.Fields it -> it.fields().values();
            default -> List.of();
        };
    }

    /** Goes no further than it has to: the same list may be in there many times. */
    private static long count(Collection<Value> items, long before) {
        long count = before;
        for (Value item : items) {
            count++;
            if (item instanceof Value.Text(String text)) count += text.length() / CHARACTERS_AN_ITEM;
            count = count(inside(item), count);
            if (count > MOST_ITEMS) break;
        }
        return count;
    }
}
