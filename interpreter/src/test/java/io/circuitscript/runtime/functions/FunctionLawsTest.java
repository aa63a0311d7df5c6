package io.circuitscript.runtime.functions;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.circuitscript.Randomly;
import io.circuitscript.runtime.value.AbstractValue;
import io.circuitscript.runtime.value.Operators;
import io.circuitscript.runtime.value.Type;
import io.circuitscript.runtime.value.Unknown;
import io.circuitscript.runtime.value.Value;
import io.circuitscript.source.Source;
import io.circuitscript.source.Span;
import io.circuitscript.syntax.Expression;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Random;
import java.util.SequencedMap;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Functions of lists and texts against second implementations, as simple as can be, on values made at random. */
final class FunctionLawsTest {
    private static final int TRIES = 400;
    private static final Span SPAN = new Span(new Source("test", "x"), 0, 1);
    private static final List<String> TEXTS = List.of("", "a", "b", "B", "aa", "ä", "𝄞", "z");

    // --- calling
    // -------------------------------------------------------------------------------------------------------------------

    private static AbstractValue call(String function, Map<String, Value> options, AbstractValue... arguments) {
        return call(function, options, Optional.empty(), arguments);
    }

    private static AbstractValue call(
            String function, Map<String, Value> options, Optional<Long> seed, AbstractValue... arguments) {
        Map<String, FunctionCall.Argument> given = new LinkedHashMap<>();
        options.forEach((name, value) -> given.put(name, new FunctionCall.Argument(value, SPAN)));
        return Functions.named(function)
                .call(new FunctionCall(
                        Functions.named(function),
                        List.of(arguments).stream()
                                .map(it -> new FunctionCall.Argument(it, SPAN))
                                .toList(),
                        given,
                        SPAN,
                        () -> seed.map(SplittableRandom::new),
                        OptionalDouble::empty,
                        () -> Optional.of(List.of())));
    }

    private static List<Value> items(AbstractValue list) {
        return ((Value.ListOf) list).items();
    }

    private static double number(AbstractValue value) {
        return ((Value.Number) value).value();
    }

    private static Value list(List<Double> numbers) {
        return new Value.ListOf(numbers.stream().<Value>map(Value.Number::new).toList());
    }

    private static boolean equal(Value a, Value b) {
        return ((Value.Bool) Operators.binary(Expression.Operator.EQUAL, a, b, SPAN)).value();
    }

    // --- values made at random
    // -----------------------------------------------------------------------------------------------------

    /** Few different ones, so that many are equal. */
    private static Value any(Random random, int depth) {
        return switch (random.nextInt(depth > 0 ? 7 : 5)) {
            case 0 -> new Value.Number(random.nextInt(-1, 3));
            case 1 -> new Value.Number(Randomly.oneOf(random, List.of(0.0, -0.0, 0.05, 1.0)), random.nextBoolean());
            case 2 -> new Value.Text(Randomly.oneOf(random, TEXTS));
            case 3 -> new Value.Bool(random.nextBoolean());
            case 4 -> new Value.None();
            case 5 -> new Value.ListOf(Randomly.list(random, 0, 2, it -> any(it, depth - 1)));
            default -> row(random, any(random, depth - 1), any(random, depth - 1));
        };
    }

    /** Its fields in either order: it is the same record. */
    private static Value.Fields row(Random random, Value a, Value b) {
        SequencedMap<String, Value> fields = new LinkedHashMap<>();
        boolean swapped = random.nextBoolean();
        fields.put(swapped ? "b" : "a", swapped ? b : a);
        fields.put(swapped ? "a" : "b", swapped ? a : b);
        return Value.Fields.record(fields);
    }

    private static Value key(Random random, boolean text) {
        if (random.nextInt(6) == 0) return new Value.None();
        return text ? new Value.Text(Randomly.oneOf(random, TEXTS)) : new Value.Number(random.nextInt(-2, 3));
    }

    private static double decimal(Random random) {
        return switch (random.nextInt(3)) {
            case 0 -> random.nextInt(-4, 5);
            case 1 -> random.nextInt(-400, 400) / 8.0;
            default -> random.nextGaussian() * Math.pow(10, random.nextInt(-3, 4));
        };
    }

    // --- the laws
    // ------------------------------------------------------------------------------------------------------------------

    @Test
    void sortIsInsertionOfEachBehindWhatIsNotLarger() {
        Randomly.check(TRIES, random -> {
            boolean text = random.nextBoolean();
            boolean reverse = random.nextBoolean();
            List<Value> rows = new ArrayList<>();
            int size = random.nextInt(12);
            for (int i = 0; i < size; i++) rows.add(row(random, key(random, text), new Value.Number(i)));
            List<Value> expected = new ArrayList<>();
            for (Value row : rows) {
                int at = expected.size();
                while (at > 0 && isBefore(field(row, "a"), field(expected.get(at - 1), "a"), reverse)) at--;
                expected.add(at, row);
            }
            Map<String, Value> options = Map.of("by", new Value.Text("a"), "reverse", new Value.Bool(reverse));
            assertEquals(expected, items(call("sort", options, new Value.ListOf(rows))));
            List<Value> keys = rows.stream().map(it -> field(it, "a")).toList();
            assertEquals(
                    expected.stream().map(it -> field(it, "a")).toList(),
                    items(call("sort", Map.of("reverse", new Value.Bool(reverse)), new Value.ListOf(keys))));
        });
    }

    private static Value field(Value row, String name) {
        return ((Value.Fields) row).field(name).orElseThrow();
    }

    private static boolean isBefore(Value a, Value b, boolean reverse) {
        if (a instanceof Value.None) return false;
        if (b instanceof Value.None) return true;
        var operator = reverse ? Expression.Operator.GREATER : Expression.Operator.LESS;
        return ((Value.Bool) Operators.binary(operator, a, b, SPAN)).value();
    }

    @Test
    void sortByTwoFieldsIsSortBySecondThenByFirst() {
        Randomly.check(TRIES, random -> {
            Value rows = new Value.ListOf(Randomly.list(random, 0, 12, it -> row(it, key(it, false), key(it, false))));
            Value both = new Value.ListOf(List.of(new Value.Text("a"), new Value.Text("b")));
            Value reverse = new Value.Bool(random.nextBoolean());
            AbstractValue second = call("sort", Map.of("by", new Value.Text("b"), "reverse", reverse), rows);
            AbstractValue first = call("sort", Map.of("by", new Value.Text("a"), "reverse", reverse), second);
            assertEquals(first, call("sort", Map.of("by", both, "reverse", reverse), rows));
        });
    }

    @Test
    void uniqueKeepsWhatNoEarlierItemEquals() {
        Randomly.check(TRIES, random -> {
            List<Value> list = Randomly.list(random, 0, 14, it -> any(it, 2));
            List<Value> expected = new ArrayList<>();
            for (Value item : list) if (expected.stream().noneMatch(it -> equal(it, item))) expected.add(item);
            assertEquals(expected, items(call("unique", Map.of(), new Value.ListOf(list))));
            for (Value item : expected) {
                long equals = list.stream().filter(it -> equal(it, item)).count();
                assertEquals(equals, number(call("count", Map.of(), new Value.ListOf(list), item)));
            }
        });
    }

    @Test
    void groupsAreTheRowsOfEachKey() {
        Randomly.check(TRIES, random -> {
            List<Value> rows = Randomly.list(random, 0, 12, it -> row(it, any(it, 1), any(it, 0)));
            Value table = new Value.ListOf(rows);
            Value names = new Value.ListOf(List.of(new Value.Text("a"), new Value.Text("b")));
            checkGroups(rows, items(call("group", Map.of("by", new Value.Text("a")), table)), false);
            checkGroups(rows, items(call("group", Map.of("by", names), table)), true);
        });
    }

    private static void checkGroups(List<Value> rows, List<Value> groups, boolean whole) {
        List<Value> keys = new ArrayList<>();
        for (Value row : rows) {
            Value key = whole ? row : field(row, "a");
            if (keys.stream().noneMatch(it -> equal(it, key))) keys.add(key);
        }
        assertEquals(keys.size(), groups.size());
        for (int i = 0; i < keys.size(); i++) {
            Value key = keys.get(i);
            assertTrue(equal(key, field(groups.get(i), "key")));
            List<Value> same = rows.stream()
                    .filter(row -> equal(whole ? row : field(row, "a"), key))
                    .toList();
            assertEquals(same, items(field(groups.get(i), "rows")));
        }
    }

    /** In exact arithmetic, from the definition. */
    @Test
    void quantileLiesBetweenTheNearestItems() {
        Randomly.check(TRIES, random -> {
            List<Double> numbers = Randomly.list(random, 1, 9, FunctionLawsTest::decimal);
            double share = random.nextInt(3) == 0 ? random.nextInt(2) : random.nextInt(0, 129) / 128.0;
            List<BigDecimal> sorted =
                    numbers.stream().map(BigDecimal::new).sorted().toList();
            BigDecimal at = new BigDecimal(share).multiply(BigDecimal.valueOf(sorted.size() - 1));
            int below = at.intValue();
            BigDecimal low = sorted.get(below);
            BigDecimal high = sorted.get(Math.min(below + 1, sorted.size() - 1));
            BigDecimal rest = at.subtract(BigDecimal.valueOf(below));
            double expected = low.add(high.subtract(low).multiply(rest)).doubleValue();
            assertNear(expected, number(call("quantile", Map.of(), list(numbers), new Value.Number(share))), numbers);
        });
    }

    @Test
    void medianIsTheQuantileInTheMiddleAndLeavesAsManyOnEachSide() {
        Randomly.check(TRIES, random -> {
            List<Double> numbers = Randomly.list(random, 1, 9, FunctionLawsTest::decimal);
            double median = number(call("median", Map.of(), list(numbers)));
            assertNear(number(call("quantile", Map.of(), list(numbers), new Value.Number(0.5))), median, numbers);
            long below = numbers.stream().filter(it -> it < median).count();
            long above = numbers.stream().filter(it -> it > median).count();
            assertTrue(2 * below <= numbers.size() && 2 * above <= numbers.size(), numbers + ": " + median);
        });
    }

    /** By the squares of all differences: n (n − 1) variance = Σ (x − y)² over all pairs. */
    @Test
    void stdIsThatOfAllPairs() {
        Randomly.check(TRIES, random -> {
            List<Double> numbers = Randomly.list(random, 2, 9, FunctionLawsTest::decimal);
            BigDecimal squares = BigDecimal.ZERO;
            for (int i = 0; i < numbers.size(); i++) {
                for (int j = 0; j < i; j++) {
                    BigDecimal less = new BigDecimal(numbers.get(i)).subtract(new BigDecimal(numbers.get(j)));
                    squares = squares.add(less.multiply(less));
                }
            }
            BigDecimal pairs = BigDecimal.valueOf((long) numbers.size() * (numbers.size() - 1));
            double expected = squares.divide(pairs, MathContext.DECIMAL128)
                    .sqrt(MathContext.DECIMAL128)
                    .doubleValue();
            assertNear(expected, number(call("std", Map.of(), list(numbers))), numbers);
        });
    }

    private static void assertNear(double expected, double actual, List<Double> numbers) {
        double largest = numbers.stream().mapToDouble(Math::abs).max().orElse(0);
        assertEquals(expected, actual, 1e-13 * largest, numbers::toString);
    }

    @Test
    void modIsPythons() {
        Randomly.check(TRIES, random -> {
            int a = random.nextInt(-60, 61);
            int b = random.nextInt(1, 13) * (random.nextBoolean() ? 1 : -1);
            assertEquals(Math.floorMod(a, b), number(call("mod", Map.of(), new Value.Number(a), new Value.Number(b))));
            // Eighths are exact: the same law holds of them.
            assertEquals(
                    Math.floorMod(a, b) / 8.0,
                    number(call("mod", Map.of(), new Value.Number(a / 8.0), new Value.Number(b / 8.0))));
            double large = Math.floor(random.nextLong() / 1024.0);
            double expected = new BigDecimal(large)
                    .toBigInteger()
                    .mod(BigInteger.valueOf(7))
                    .doubleValue();
            assertEquals(expected, number(call("mod", Map.of(), new Value.Number(large), new Value.Number(7))));
        });
    }

    @Test
    void samplesArePartsAndShufflesAreAll() {
        Randomly.check(TRIES, random -> {
            List<Value> list = Randomly.list(random, 0, 9, it -> any(it, 1));
            Optional<Long> seed = Optional.of(random.nextLong());
            int count = random.nextInt(list.size() + 1);
            Value all = new Value.ListOf(list);
            List<Value> sample = items(call("sample", Map.of(), seed, all, new Value.Number(count)));
            assertEquals(count, sample.size());
            List<Value> left = new ArrayList<>(list);
            sample.forEach(item -> assertTrue(left.remove(item)));
            List<Value> shuffled = items(call("shuffle", Map.of(), seed, all));
            assertEquals(counts(list), counts(shuffled));
            assertEquals(shuffled, items(call("shuffle", Map.of(), seed, all)));
        });
    }

    private static Map<Value, Long> counts(List<Value> items) {
        return items.stream().collect(Collectors.groupingBy(it -> it, Collectors.counting()));
    }

    /** Each order of three items comes as often as any other. */
    @Test
    void shuffleIsFair() {
        Value three = list(List.of(1.0, 2.0, 3.0));
        Map<AbstractValue, Integer> times = new LinkedHashMap<>();
        for (long seed = 0; seed < 6000; seed++)
            times.merge(call("shuffle", Map.of(), Optional.of(seed), three), 1, Integer::sum);
        assertEquals(6, times.size());
        times.values().forEach(it -> assertTrue(it > 850 && it < 1150, times::toString));
    }

    @Test
    void splitAndJoinUndoEachOther() {
        Randomly.check(TRIES, random -> {
            String separator = Randomly.oneOf(random, List.of(",", ", ", "aa", "𝄞"));
            List<String> parts =
                    Randomly.list(random, 1, 6, it -> Randomly.oneOf(it, List.of("", "x", "y z", "a", "é")));
            Value list =
                    new Value.ListOf(parts.stream().<Value>map(Value.Text::new).toList());
            Value between = new Value.Text(separator);
            AbstractValue joined = call("join", Map.of(), list, between);
            assertEquals(new Value.Text(String.join(separator, parts)), joined);
            AbstractValue split = call("split", Map.of(), joined, between);
            assertEquals(joined, call("join", Map.of(), split, between));
            // `a` and `aa` may run into one another.
            if (!separator.equals("aa")) assertEquals(list, split);
            String text = ((Value.Text) joined).value();
            AbstractValue replaced = call("replace", Map.of(), joined, between, new Value.Text("-"));
            assertEquals(new Value.Text(text.replace(separator, "-")), replaced);
            assertEquals(items(split).size() - 1, number(call("count", Map.of(), joined, between)));
        });
    }

    @Test
    void zipTurnsRowsIntoColumns() {
        Randomly.check(TRIES, random -> {
            int size = random.nextInt(5);
            AbstractValue[] lists = Randomly.list(
                            random, 2, 4, it -> new Value.ListOf(Randomly.list(it, size, size, each -> any(each, 1))))
                    .toArray(AbstractValue[]::new);
            List<Value> zipped = items(call("zip", Map.of(), lists));
            assertEquals(size, zipped.size());
            for (int row = 0; row < size; row++) {
                for (int i = 0; i < lists.length; i++)
                    assertEquals(
                            items(lists[i]).get(row), items(zipped.get(row)).get(i));
            }
        });
    }

    /** What the check knows of a list's items, it knows of what these functions give. */
    @Test
    void theCheckKeepsWhatIsKnownOfItems() {
        SequencedMap<String, AbstractValue> fields = new LinkedHashMap<>();
        fields.put("a", Unknown.of(Type.NUMBER));
        Unknown table = Unknown.listOf(Unknown.record(fields));
        Map<String, Value> by = Map.of("by", new Value.Text("a"));
        assertEquals(table, call("sort", by, table));
        assertEquals(table, call("unique", Map.of(), table));
        assertEquals(table, call("shuffle", Map.of(), table));
        assertEquals(table, call("sample", Map.of(), table, new Value.Number(1)));
        Unknown groups = (Unknown) call("group", by, table);
        Unknown group = (Unknown) groups.item().orElseThrow();
        assertEquals(table, group.field("rows").orElseThrow());
        assertEquals(fields.get("a"), group.field("key").orElseThrow());
    }

    @Test
    void largeTablesAreSortedAndGrouped() {
        List<Value> rows = new ArrayList<>();
        for (int i = 0; i < 5000; i++)
            rows.add(row(new Random(i), new Value.Number(i * 7919L % 5000), new Value.Text("k" + i % 50)));
        Value table = new Value.ListOf(rows);
        List<Value> sorted = items(call("sort", Map.of("by", new Value.Text("a")), table));
        for (int i = 0; i < 5000; i++) assertEquals(new Value.Number(i), field(sorted.get(i), "a"));
        assertNotEquals(rows, sorted);
        List<Value> groups = items(call("group", Map.of("by", new Value.Text("b")), table));
        assertEquals(50, groups.size());
        groups.forEach(it -> assertEquals(100, items(field(it, "rows")).size()));
        assertEquals(5000, items(call("unique", Map.of(), table)).size());
    }
}
