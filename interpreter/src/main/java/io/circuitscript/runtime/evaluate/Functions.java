package io.circuitscript.runtime.evaluate;

import io.circuitscript.runtime.evaluate.LanguageFunction.Takes;
import io.circuitscript.runtime.value.Mistake;
import io.circuitscript.runtime.value.NumberText;
import io.circuitscript.runtime.value.Operators;
import io.circuitscript.runtime.value.Value;
import io.circuitscript.source.ErrorCode;
import io.circuitscript.source.Span;
import io.circuitscript.task.NumberFunction;
import io.circuitscript.task.RunFunction;
import io.circuitscript.task.TokenFunction;
import io.circuitscript.task.VectorFunction;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The functions of the language: {@code sum}, {@code mean}, {@code len} and their like. Those that metrics have too are declared in {@code task}, and
 * are here by themselves; a new one of another kind is a new item of {@link #OTHERS}.
 */
public final class Functions {
    private static final List<LanguageFunction> OTHERS = List.of(
            new LanguageFunction(
                    "round",
                    "round(X, 2)",
                    "the number rounded, to so many decimals where a second number says how many",
                    "print round(2.345, 1)",
                    1,
                    2,
                    Takes.NUMBERS,
                    Functions::round),
            new LanguageFunction(
                    "len",
                    "len(LIST)",
                    "how many items a list has, characters a text, nodes or edges a set",
                    "print len([4, 9]), len({m0..m2})",
                    1,
                    1,
                    Takes.WHAT_HAS_ITEMS,
                    (len, arguments, span) -> new Value.Number(length(len, arguments.getFirst(), span))));

    private static final Map<String, LanguageFunction> ALL = Stream.of(
                    Arrays.stream(VectorFunction.values()).map(Functions::overNumbers),
                    Arrays.stream(NumberFunction.values()).map(Functions::ofNumber),
                    OTHERS.stream(),
                    ListFunctions.ALL.stream(),
                    TextFunctions.ALL.stream())
            .flatMap(it -> it)
            .collect(Collectors.toMap(LanguageFunction::word, Function.identity(), (a, b) -> a, TreeMap::new));

    private static final List<LanguageFunction> OF_METRICS = Stream.concat(
                    Arrays.stream(TokenFunction.values())
                            .map(it -> LanguageFunction.ofMetrics(
                                    it.word(), "t", it.doc(), "metric own(correct) = " + it.word() + "(correct)")),
                    Arrays.stream(RunFunction.values())
                            .map(it -> LanguageFunction.ofMetrics(
                                    it.word(), "RUN", it.doc(), "loss own() = " + it.word() + "(clean)")))
            .toList();

    private Functions() {}

    public static Set<String> names() {
        return ALL.keySet();
    }

    public static boolean has(String name) {
        return ALL.containsKey(name);
    }

    /** Every function, by its name. */
    public static List<LanguageFunction> all() {
        return List.copyOf(ALL.values());
    }

    /** Those that read a run, and stand in metrics alone. */
    public static List<LanguageFunction> ofMetrics() {
        return OF_METRICS;
    }

    static LanguageFunction named(String name) {
        return ALL.get(name);
    }

    private static LanguageFunction overNumbers(VectorFunction fold) {
        String word = fold.word();
        return new LanguageFunction(
                word,
                word + "(LIST)",
                fold.doc() + " of a list, or of several numbers",
                "print " + word + "([1, 2, 3]), " + word + "(3, 1)",
                1,
                Integer.MAX_VALUE,
                Takes.NUMBERS_OR_A_LIST,
                (function, arguments, span) -> {
                    List<Double> numbers = numbers(function, arguments, span);
                    if (numbers.isEmpty() && !fold.ofNothing()) {
                        throw Mistake.value(ErrorCode.EMPTY_LIST, "an empty list has no " + word, span, "");
                    }
                    double folded = fold.of(numbers.stream().mapToDouble(d -> d));
                    return Operators.finite(folded, word, span);
                });
    }

    private static List<Double> numbers(LanguageFunction function, List<Value> arguments, Span span) {
        List<Value> items = arguments;
        if (arguments.size() == 1 && arguments.getFirst() instanceof Value.ListOf(List<Value> listed)) items = listed;
        List<Double> numbers = new ArrayList<>();
        for (Value item : items) numbers.add(function.number(item, span));
        return numbers;
    }

    private static LanguageFunction ofNumber(NumberFunction each) {
        String word = each.word();
        return new LanguageFunction(
                word,
                word + "(X)",
                each.doc() + ", of each item where X is a list",
                "print " + word + "([4, 9])",
                1,
                1,
                Takes.NUMBERS_OR_A_LIST,
                (function, arguments, span) -> eachNumber(function, arguments.getFirst(), each, span));
    }

    private static Value eachNumber(LanguageFunction function, Value value, NumberFunction each, Span span) {
        if (value instanceof Value.ListOf(List<Value> items)) {
            return new Value.ListOf(items.stream()
                    .map(item -> eachNumber(function, item, each, span))
                    .toList());
        }
        return Operators.finite(each.of(function.number(value, span)), function.word(), span);
    }

    private static Value round(LanguageFunction round, List<Value> arguments, Span span) {
        double value = round.number(arguments.getFirst(), span);
        int decimals = 0;
        if (arguments.size() == 2) {
            double wanted = round.number(arguments.getLast(), span);
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

    private static double length(LanguageFunction len, Value value, Span span) {
        return switch (value) {
            case Value.ListOf(List<Value> items) -> items.size();
            case Value.Text(String text) -> text.codePointCount(0, text.length());
            case Value.Nodes nodes -> nodes.nodes().size();
            case Value.EdgeSet edges -> edges.edges().cardinality();
            case Value.Number _, Value.Bool _, Value.None _, Value.Fields _, Value.Function _ ->
                throw len.wrong(value, span, "a list, a text or a set");
        };
    }
}
