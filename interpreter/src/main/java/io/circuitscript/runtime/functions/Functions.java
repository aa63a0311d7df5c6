package io.circuitscript.runtime.functions;

import io.circuitscript.runtime.functions.LanguageFunction.Takes;
import io.circuitscript.runtime.value.AbstractValue;
import io.circuitscript.runtime.value.Mistake;
import io.circuitscript.runtime.value.NumberText;
import io.circuitscript.runtime.value.Operators;
import io.circuitscript.runtime.value.Type;
import io.circuitscript.runtime.value.Unknown;
import io.circuitscript.runtime.value.Value;
import io.circuitscript.source.ErrorCode;
import io.circuitscript.source.Span;
import io.circuitscript.task.NumberFunction;
import io.circuitscript.task.RunFunction;
import io.circuitscript.task.TokenFunction;
import io.circuitscript.task.VectorFunction;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
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
                    "the number rounded, to so many decimals where a second number says how many; each item where X is a list",
                    "print round(2.345, 1), round([0.126, 3.5])",
                    1,
                    2,
                    Takes.EACH,
                    Functions::round),
            new LanguageFunction(
                    "len",
                    "len(LIST)",
                    "how many items a list has, rows a table, characters a text, nodes or edges a set, fields a record",
                    "print len([4, 9]), len({m0..m2})",
                    1,
                    1,
                    Functions::length),
            new LanguageFunction(
                    "clock",
                    "clock()",
                    "seconds since the run began: another number in each run",
                    "let start = clock(); print clock() - start < 60",
                    0,
                    0,
                    Functions::clock),
            new LanguageFunction(
                    "spans",
                    "spans()",
                    "the names of the data's spans, in their order; none where the data have no spans",
                    "let first = spans(); print len(first) >= 0",
                    0,
                    0,
                    Functions::spans));

    private static final Map<String, LanguageFunction> ALL = Stream.of(
                    Arrays.stream(VectorFunction.values()).map(Functions::overNumbers),
                    Arrays.stream(NumberFunction.values()).map(Functions::ofNumber),
                    OTHERS.stream(),
                    Statistics.ALL.stream(),
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

    public static LanguageFunction named(String name) {
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
                    double[] numbers = function.numbers(arguments, span);
                    if (numbers.length == 0 && !fold.ofNothing()) throw function.ofNothing(span);
                    return Operators.finite(fold.of(Arrays.stream(numbers)), word, span);
                });
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
                Takes.EACH,
                (function, arguments, span) -> function.each(arguments.getFirst(), each::of, span));
    }

    private static Value round(LanguageFunction round, List<Value> arguments, Span span) {
        double wanted = arguments.size() == 2 ? round.number(arguments.getLast(), span) : 0;
        if (wanted != Math.rint(wanted) || wanted < 0 || wanted > 17) {
            throw Mistake.value(
                    ErrorCode.WRONG_ARGUMENTS,
                    "`round` takes 0 to 17 decimals, not " + NumberText.of(wanted),
                    span,
                    "");
        }
        int decimals = (int) wanted;
        return round.each(arguments.getFirst(), value -> Double.parseDouble(NumberText.rounded(value, decimals)), span);
    }

    private static AbstractValue length(FunctionCall call) {
        AbstractValue given = call.at(0).value();
        boolean counted = given.type() == Type.RESULT
                ? isRecord(given)
                : given.type().mayBe(Type.LIST, Type.TEXT, Type.NODES, Type.EDGES);
        if (!counted) throw call.function().wrong(given, call.span(), "a list, a text, a set or a record");
        return given instanceof Value known ? new Value.Number(length(known)) : Unknown.of(Type.NUMBER);
    }

    private static AbstractValue clock(FunctionCall call) {
        OptionalDouble seconds = call.clock().get();
        return seconds.isPresent() ? new Value.Number(seconds.getAsDouble()) : Unknown.of(Type.NUMBER);
    }

    private static AbstractValue spans(FunctionCall call) {
        return call.spans()
                .get()
                .<AbstractValue>map(names -> new Value.ListOf(
                        names.stream().<Value>map(Value.Text::new).toList()))
                .orElse(Unknown.listOf(Unknown.of(Type.TEXT)));
    }

    /** A statement's result is none: who counts its fields mostly means one of them. */
    private static boolean isRecord(AbstractValue given) {
        return switch (given) {
            case Value.Fields it -> it.isRecord();
            case Unknown it -> !it.origin().startsWith("the ");
            default -> false;
        };
    }

    private static double length(Value value) {
        return switch (value) {
            case Value.ListOf(List<Value> items) -> items.size();
            case Value.Text(String text) -> text.codePointCount(0, text.length());
            case Value.Nodes nodes -> nodes.nodes().size();
            case Value.EdgeSet edges -> edges.edges().cardinality();
            case Value.Fields it -> it.fields().size();
            case Value.Number _, Value.Bool _, Value.None _, Value.Function _ ->
                throw new IllegalArgumentException(value.typeName());
        };
    }
}
