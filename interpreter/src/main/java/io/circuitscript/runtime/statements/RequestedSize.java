package io.circuitscript.runtime.statements;

import io.circuitscript.runtime.evaluate.Arguments;
import io.circuitscript.runtime.value.Mistake;
import io.circuitscript.runtime.value.Value;
import io.circuitscript.source.ErrorCode;
import io.circuitscript.source.Span;
import io.circuitscript.syntax.Expression;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/**
 * A size of circuit that {@code sweep} is asked for.
 *
 * @param count how many edges, nodes or neurons
 * @param fraction of all: the one asked for, or the one that the count comes to
 * @param share whether a fraction was asked for
 */
record RequestedSize(int count, double fraction, boolean share) {
    /** The MIB benchmark's. */
    static final List<Double> USUAL = List.of(.001, .002, .005, .01, .02, .05, .1, .2, .5, 1.);

    private static final String HELP =
            "a size is a count, or, with % or a decimal point, a share of all: sizes=[40, 1%, .05]";

    /** As far as they are known. @param there how many there are @param what edges, nodes or neurons @throws Mistake where one is no size */
    static List<RequestedSize> of(Arguments arguments, OptionalInt there, String what) {
        int all = there.orElse(Integer.MAX_VALUE);
        if (!arguments.given("sizes"))
            return USUAL.stream().map(fraction -> share(fraction, all)).toList();
        if (!(arguments.abstractValue("sizes").orElseThrow() instanceof Value.ListOf(List<Value> items)))
            return List.of();
        Span span = arguments.spanOf("sizes");
        if (items.isEmpty()) throw Mistake.value(ErrorCode.WRONG_VALUE, "the list of sizes is empty", span, HELP);
        List<RequestedSize> sizes = new ArrayList<>();
        for (int i = 0; i < items.size(); i++)
            sizes.add(size(items.get(i), pointed(arguments, items.size(), i), all, what, span));
        return sizes;
    }

    private static RequestedSize size(Value item, boolean pointed, int all, String what, Span span) {
        if (!(item instanceof Value.Number(double value, boolean percent))) {
            throw Mistake.value(ErrorCode.WRONG_TYPE, "a size is a number, not " + item.repr(), span, HELP);
        }
        boolean whole = value == Math.rint(value);
        if ((percent || pointed || !whole) && value >= 0 && value <= 1) return share(value, all);
        String shown = percent ? new Value.Number(value * 100).display() + "%" : item.display();
        if (percent || !whole || value < 0)
            throw Mistake.value(ErrorCode.WRONG_VALUE, shown + " is not a size of a circuit", span, HELP);
        if (value <= all) return new RequestedSize((int) value, value / all, false);
        String message = shown + " " + what + " are asked for, and the model has " + all;
        throw Mistake.value(
                ErrorCode.TOO_MANY_EDGES, message, span, "give numbers up to " + all + ", or percentages: 5%");
    }

    private static RequestedSize share(double fraction, int all) {
        return new RequestedSize(Arguments.share(fraction, all), fraction, true);
    }

    /** Whether an item is written with a point: {@code 1.0} is a share where {@code 1} is a count. */
    private static boolean pointed(Arguments arguments, int count, int index) {
        return arguments.written("sizes").orElseThrow() instanceof Expression.ListLiteral list
                && list.items().size() == count
                && list.items().get(index) instanceof Expression.NumberLiteral number
                && number.text().contains(".");
    }
}
