package io.circuitscript.runtime;

import io.circuitscript.source.Span;
import java.util.List;

/**
 * How large a value may become. A loop that doubles a list or a text a few dozen times asks for more memory than there is, and lists that
 * share their parts show as many items as there are ways through them.
 */
final class ValueSize {
    /** As many items as a range may have, those of lists within lists among them. */
    private static final int MOST_ITEMS = 1_000_000;

    private static final int MOST_CHARACTERS = 10_000_000;

    /** Deeper than brackets may nest in a script. */
    private static final int DEEPEST = 200;

    private ValueSize() {}

    /** @throws Mistake where it is too long */
    static Value.Text text(String text, Span span) {
        if (text.length() <= MOST_CHARACTERS) return new Value.Text(text);
        throw tooLarge("this text has more than " + NumberText.count(MOST_CHARACTERS) + " characters", span);
    }

    /** @throws Mistake where it has too many items, or too many lists within one another */
    static Value.ListOf list(List<Value> items, Span span) {
        if (rest(items, MOST_ITEMS, DEEPEST) >= 0) return new Value.ListOf(items);
        String what = "this list has more than " + NumberText.count(MOST_ITEMS) + " items with those of the lists in it";
        throw tooLarge(what + ", or more than " + DEEPEST + " lists within one another", span);
    }

    /** What is left of a number of items that may be there; below 0 where there are more. */
    private static long rest(List<Value> items, long most, int deepest) {
        if (deepest == 0) return -1;
        long rest = most - items.size();
        for (Value item : items) {
            if (rest < 0) return rest;
            if (item instanceof Value.ListOf(List<Value> inner)) rest = rest(inner, rest, deepest - 1);
            else if (item instanceof Value.Text(String text)) rest -= text.length() / (MOST_CHARACTERS / MOST_ITEMS);
        }
        return rest;
    }

    private static Mistake tooLarge(String what, Span span) {
        return Mistake.value("value-too-large", what, span, "keep what is needed of it only");
    }
}
