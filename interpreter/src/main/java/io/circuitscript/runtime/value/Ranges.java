package io.circuitscript.runtime.value;

import io.circuitscript.source.ErrorCode;
import io.circuitscript.source.Span;
import java.util.ArrayList;
import java.util.List;

/** Ranges, both ends included: {@code 11..17}, {@code "00" .. "99"}. */
public final class Ranges {
    /** More items than any list of tokens or sizes needs; a slip of the hand should not fill the memory. */
    private static final long MOST = 1_000_000;

    private Ranges() {}

    public static AbstractValue of(AbstractValue from, AbstractValue to, Span span) {
        boolean numbers = from.type().mayBe(Type.NUMBER) && to.type().mayBe(Type.NUMBER);
        boolean texts = from.type().mayBe(Type.TEXT) && to.type().mayBe(Type.TEXT);
        if (!numbers && !texts) {
            String message = "a range does not run from " + from.phrase() + " to " + to.phrase();
            throw Mistake.value(
                    ErrorCode.WRONG_TYPE,
                    message,
                    span,
                    "its ends are two whole numbers, or two texts of digits: \"00\" .. \"99\"");
        }
        if (from instanceof Value.Number a && to instanceof Value.Number b)
            return numbers(whole(a, span), whole(b, span), span);
        if (from instanceof Value.Text a && to instanceof Value.Text b) return texts(a.value(), b.value(), span);
        return Unknown.of(Type.LIST);
    }

    private static long whole(Value.Number number, Span span) {
        double value = number.value();
        if (value == Math.rint(value) && Math.abs(value) < 1e15) return (long) value;
        throw Mistake.value(
                ErrorCode.WRONG_TYPE, "a range needs whole numbers, and one end is " + number.display(), span, "");
    }

    private static Value numbers(long from, long to, Span span) {
        checkLength(from, to, span);
        List<Value> items = new ArrayList<>();
        for (long i = from; i <= to; i++) items.add(new Value.Number(i));
        return new Value.ListOf(items);
    }

    private static Value texts(String from, String to, Span span) {
        if (!from.matches("[0-9]{1,15}") || !to.matches("[0-9]{1,15}")) {
            String message = "a range of texts needs digits at both ends, not " + ValueText.quoted(from) + " .. "
                    + ValueText.quoted(to);
            throw Mistake.value(ErrorCode.WRONG_TYPE, message, span, "for other texts write a list: [\"a\", \"b\"]");
        }
        long first = Long.parseLong(from);
        long last = Long.parseLong(to);
        checkLength(first, last, span);
        List<Value> items = new ArrayList<>();
        for (long i = first; i <= last; i++) {
            String digits = Long.toString(i);
            items.add(new Value.Text("0".repeat(Math.max(0, from.length() - digits.length())) + digits));
        }
        return new Value.ListOf(items);
    }

    private static void checkLength(long from, long to, Span span) {
        if (to - from < MOST) return;
        String message =
                "this range has " + NumberText.count(to - from + 1) + " items, more than " + NumberText.count(MOST);
        throw Mistake.value(ErrorCode.RANGE_TOO_LONG, message, span, "");
    }
}
