package io.circuitscript.runtime.evaluate;

import io.circuitscript.runtime.value.AbstractValue;
import io.circuitscript.runtime.value.Mistake;
import io.circuitscript.runtime.value.NumberText;
import io.circuitscript.runtime.value.Operators;
import io.circuitscript.runtime.value.Type;
import io.circuitscript.runtime.value.Unknown;
import io.circuitscript.runtime.value.Value;
import io.circuitscript.source.ErrorCode;
import io.circuitscript.source.Span;
import io.circuitscript.syntax.Expression;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** The functions of the language: {@code sum}, {@code mean}, {@code len} and their like. */
public final class Functions {
    private interface Body {
        Value apply(List<Value> arguments, Span span);
    }

    /** @param most how many arguments it takes at most */
    private record Builtin(int least, int most, Type result, Body body) {}

    private static final Map<String, Builtin> ALL = new TreeMap<>(Map.of(
            "sum",
                    overNumbers(
                            "sum",
                            true,
                            numbers -> numbers.stream().mapToDouble(d -> d).sum()),
            "mean",
                    overNumbers(
                            "mean",
                            false,
                            numbers -> numbers.stream().mapToDouble(d -> d).sum() / numbers.size()),
            "min",
                    overNumbers(
                            "min",
                            false,
                            numbers ->
                                    numbers.stream().mapToDouble(d -> d).min().orElseThrow()),
            "max",
                    overNumbers(
                            "max",
                            false,
                            numbers ->
                                    numbers.stream().mapToDouble(d -> d).max().orElseThrow()),
            "exp", ofNumber("exp", Math::exp),
            "log", ofNumber("log", Math::log),
            "sqrt", ofNumber("sqrt", Math::sqrt),
            "abs", ofNumber("abs", Math::abs),
            "round", new Builtin(1, 2, Type.NUMBER, Functions::round),
            "len",
                    new Builtin(
                            1,
                            1,
                            Type.NUMBER,
                            (arguments, span) -> new Value.Number(length(arguments.getFirst(), span)))));

    private Functions() {}

    public static Set<String> names() {
        return ALL.keySet();
    }

    public static boolean has(String name) {
        return ALL.containsKey(name);
    }

    static AbstractValue call(String name, List<AbstractValue> arguments, Expression.Call call) {
        Builtin builtin = ALL.get(name);
        Span span = call.span();
        if (arguments.size() < builtin.least || arguments.size() > builtin.most) {
            String several = builtin.most == 2 ? "one value or two" : "a list, or several numbers";
            String wanted = builtin.least == builtin.most ? "one value" : several;
            throw Mistake.form(ErrorCode.WRONG_ARGUMENTS, "`" + name + "` takes " + wanted, span, "");
        }
        List<Value> known = new ArrayList<>();
        for (int i = 0; i < arguments.size(); i++) {
            AbstractValue argument = arguments.get(i);
            if (!argument.type().mayBe(accepted(name, arguments.size())))
                throw wrong(name, argument, call.arguments().get(i).span());
            if (argument instanceof Value value) known.add(value);
        }
        if (known.size() < arguments.size()) return Unknown.of(builtin.result);
        return builtin.body.apply(known, span);
    }

    private static Type[] accepted(String name, int arguments) {
        if (name.equals("len")) return new Type[] {Type.LIST, Type.TEXT, Type.NODES, Type.EDGES};
        return name.equals("round") || arguments > 1 ? new Type[] {Type.NUMBER} : new Type[] {Type.NUMBER, Type.LIST};
    }

    private static Mistake wrong(String name, AbstractValue argument, Span span) {
        String takes = name.equals("len") ? "a list, a text or a set" : "numbers";
        String help = argument.type() == Type.RESULT ? "name one of its fields, as r.metric" : "";
        return Mistake.value(
                ErrorCode.WRONG_TYPE,
                "`" + name + "` takes " + takes + ", and this is " + argument.phrase(),
                span,
                help);
    }

    private static Builtin overNumbers(
            String name, boolean emptyAllowed, java.util.function.ToDoubleFunction<List<Double>> fold) {
        return new Builtin(1, Integer.MAX_VALUE, Type.NUMBER, (arguments, span) -> {
            List<Double> numbers = numbers(name, arguments, span);
            if (numbers.isEmpty() && !emptyAllowed) {
                throw Mistake.value(ErrorCode.EMPTY_LIST, "an empty list has no " + name, span, "");
            }
            return Operators.finite(fold.applyAsDouble(numbers), name, span);
        });
    }

    private static List<Double> numbers(String name, List<Value> arguments, Span span) {
        List<Value> items = arguments;
        if (arguments.size() == 1 && arguments.getFirst() instanceof Value.ListOf(List<Value> listed)) items = listed;
        List<Double> numbers = new ArrayList<>();
        for (Value item : items) numbers.add(number(name, item, span));
        return numbers;
    }

    private static double number(String name, Value value, Span span) {
        if (value instanceof Value.Number n) return n.value();
        throw wrong(name, value, span);
    }

    private static Builtin ofNumber(String name, java.util.function.DoubleUnaryOperator function) {
        return new Builtin(
                1, 1, Type.NUMBER, (arguments, span) -> eachNumber(name, arguments.getFirst(), function, span));
    }

    private static Value eachNumber(
            String name, Value value, java.util.function.DoubleUnaryOperator function, Span span) {
        if (value instanceof Value.ListOf(List<Value> items)) {
            return new Value.ListOf(items.stream()
                    .map(item -> eachNumber(name, item, function, span))
                    .toList());
        }
        return Operators.finite(function.applyAsDouble(number(name, value, span)), name, span);
    }

    private static Value round(List<Value> arguments, Span span) {
        double value = number("round", arguments.getFirst(), span);
        int decimals = 0;
        if (arguments.size() == 2) {
            double wanted = number("round", arguments.getLast(), span);
            if (wanted != Math.rint(wanted) || wanted < 0 || wanted > 17) {
                throw Mistake.value(
                        ErrorCode.WRONG_ARGUMENTS,
                        "`round` takes 0 to 17 decimals, not " + NumberText.of(wanted),
                        span,
                        "");
            }
            decimals = (int) wanted;
        }
        return new Value.Number(Double.parseDouble(NumberText.rounded(value, decimals)));
    }

    private static double length(Value value, Span span) {
        return switch (value) {
            case Value.ListOf(List<Value> items) -> items.size();
            case Value.Text(String text) -> text.codePointCount(0, text.length());
            case Value.Nodes nodes -> nodes.nodes().size();
            case Value.EdgeSet edges -> edges.edges().cardinality();
            case Value.Number _, Value.Bool _, Value.None _, Value.Fields _, Value.Function _ ->
                throw wrong("len", value, span);
        };
    }
}
