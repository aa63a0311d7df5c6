package io.circuitscript.runtime.functions;

import io.circuitscript.runtime.functions.LanguageFunction.Option;
import io.circuitscript.runtime.value.AbstractValue;
import io.circuitscript.runtime.value.FieldAccess;
import io.circuitscript.runtime.value.Mistake;
import io.circuitscript.runtime.value.NumberText;
import io.circuitscript.runtime.value.Shapes;
import io.circuitscript.runtime.value.Type;
import io.circuitscript.runtime.value.Unknown;
import io.circuitscript.runtime.value.Value;
import io.circuitscript.runtime.value.ValueLimits;
import io.circuitscript.source.ErrorCode;
import io.circuitscript.source.Span;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/** Functions of lists and tables: {@code sort}, {@code unique}, {@code group}, {@code count}, {@code zip}, {@code sample}, {@code shuffle}. */
final class ListFunctions {
    private static final String BY = "by";
    private static final String REVERSE = "reverse";

    static final List<LanguageFunction> ALL = List.of(
            new LanguageFunction(
                    "sort",
                    "sort(LIST, by=FIELD, reverse=true)",
                    "the list in order, the smallest first: numbers by size, texts by their characters, none last; equal items keep their order",
                    "print sort([3, 1, 2], reverse=true), sort([(size=40), (size=10)], by=\"size\")",
                    1,
                    1,
                    List.of(
                            new Option(BY, "the field of a table that decides, or several: by=[\"method\", \"size\"]"),
                            new Option(REVERSE, "whether the largest comes first")),
                    ListFunctions::sort),
            new LanguageFunction(
                    "flatten",
                    "flatten(LIST)",
                    "the items of the lists in a list, as one list: the rounds of a loop in a loop as one table",
                    "print flatten([[1, 2], [3]])",
                    1,
                    1,
                    ListFunctions::flatten),
            new LanguageFunction(
                    "unique",
                    "unique(LIST)",
                    "the list with each item once, where it comes first",
                    "print unique([2, 1, 2])",
                    1,
                    1,
                    ListFunctions::unique),
            new LanguageFunction(
                    "group",
                    "group(TABLE, by=FIELD)",
                    "the rows of a table that have the same value in a field, as a list of records with the fields key and rows",
                    "print [g.key for g in group([(size=40), (size=10), (size=40)], by=\"size\")]",
                    1,
                    1,
                    List.of(new Option(BY, "the field, or several: by=[\"method\", \"size\"] makes the key a record")),
                    ListFunctions::group),
            new LanguageFunction(
                    "count",
                    "count(LIST, VALUE)",
                    "how many items of a list equal a value; without a value, how many are not none. In a text, how often another text occurs",
                    "print count([\"eap\", \"exact\", \"eap\"], \"eap\"), count([1, none])",
                    1,
                    2,
                    ListFunctions::count),
            new LanguageFunction(
                    "zip",
                    "zip(LIST, LIST, …)",
                    "a list of lists: the first items of all, the second ones, and so on; the lists are equally long",
                    "print [p[0] * p[1] for p in zip([1, 2], [10, 20])]",
                    2,
                    Integer.MAX_VALUE,
                    ListFunctions::zip),
            new LanguageFunction(
                    "sample",
                    "sample(LIST, 3)",
                    "so many items of a list, drawn at random without replacement, in random order; it follows seed",
                    "print len(sample(1..100, 3))",
                    2,
                    2,
                    ListFunctions::sample),
            new LanguageFunction(
                    "shuffle",
                    "shuffle(LIST)",
                    "the list in random order; it follows seed",
                    "print len(shuffle(1..10))",
                    1,
                    1,
                    ListFunctions::shuffle));

    private ListFunctions() {}

    private static AbstractValue sort(FunctionCall call) {
        AbstractValue list = call.of(0, Type.LIST);
        boolean reverse = call.truth(REVERSE, false);
        SortOrder order = new SortOrder(reverse, call.at(0).span());
        boolean byField = call.options().containsKey(BY);
        if (!byField) checkNoTable(call, list);
        SequencedMap<String, AbstractValue> columns =
                byField ? columns(call, list) : new LinkedHashMap<>(Map.of("", list));
        if (!call.isKnown()) return Unknown.listOf(Shapes.itemOf(list));
        Comparator<Integer> byAll = (a, b) -> 0;
        for (Map.Entry<String, AbstractValue> column : columns.entrySet()) {
            List<Value> keys = ((Value.ListOf) column.getValue()).items();
            order.check(keys, column.getKey());
            byAll = byAll.thenComparing(keys::get, order);
        }
        List<Value> items = call.items(0);
        return new Value.ListOf(IntStream.range(0, items.size())
                .boxed()
                .sorted(byAll)
                .map(items::get)
                .toList());
    }

    /** Records have no order of their own. */
    private static void checkNoTable(FunctionCall call, AbstractValue list) {
        AbstractValue first = list instanceof Value.ListOf(List<Value> items) && !items.isEmpty()
                ? items.getFirst()
                : Shapes.itemOf(list);
        if (first.type() == Type.RESULT)
            throw Mistake.value(
                    ErrorCode.MISSING_ARGUMENT,
                    "`sort` needs `by=` for a list of records: the field to sort by",
                    call.span(),
                    "as in sort(rows, by=\"size\")");
    }

    /** The columns of a table that the option names; none where the check does not know which. */
    private static SequencedMap<String, AbstractValue> columns(FunctionCall call, AbstractValue table) {
        checkRows(call, table);
        SequencedMap<String, AbstractValue> columns = new LinkedHashMap<>();
        for (String field : call.fields(BY).orElse(List.of()))
            columns.put(field, FieldAccess.of(table, field, call.placeOf(BY)));
        return columns;
    }

    private static void checkRows(FunctionCall call, AbstractValue table) {
        String needs = "`" + BY + "` of `" + call.function().word() + "` needs a list of records, and ";
        Span place = call.at(0).span();
        if (!(table instanceof Value.ListOf(List<Value> items))) {
            AbstractValue item = Shapes.itemOf(table);
            if (!item.type().mayBe(Type.RESULT))
                throw Mistake.value(ErrorCode.WRONG_TYPE, needs + "an item of this one is " + item.phrase(), place, "");
            return;
        }
        for (int i = 0; i < items.size(); i++) {
            if (items.get(i) instanceof Value.Fields) continue;
            String message = needs + "item " + i + " is " + items.get(i).phrase();
            throw Mistake.value(ErrorCode.WRONG_TYPE, message, place, "");
        }
    }

    private static AbstractValue flatten(FunctionCall call) {
        AbstractValue list = call.of(0, Type.LIST);
        if (!call.isKnown()) {
            AbstractValue item = Shapes.itemOf(list);
            return Unknown.listOf(item.type() == Type.LIST ? Shapes.itemOf(item) : Unknown.ANY);
        }
        List<Value> joined = new ArrayList<>();
        for (Value item : call.items(0)) {
            if (item instanceof Value.ListOf(List<Value> items)) joined.addAll(items);
            else joined.add(item);
        }
        return new Value.ListOf(ValueLimits.checked(joined, call.span()));
    }

    private static AbstractValue unique(FunctionCall call) {
        AbstractValue list = call.of(0, Type.LIST);
        if (!call.isKnown()) return Unknown.listOf(Shapes.itemOf(list));
        Set<Object> known = new HashSet<>();
        return new Value.ListOf(
                call.items(0).stream().filter(it -> known.add(ValueKey.of(it))).toList());
    }

    private static AbstractValue group(FunctionCall call) {
        AbstractValue table = call.of(0, Type.LIST);
        if (!call.options().containsKey(BY))
            throw Mistake.form(
                    ErrorCode.MISSING_ARGUMENT,
                    "`group` needs `by=`: the field to group by",
                    call.span(),
                    "as in group(rows, by=\"size\")");
        SequencedMap<String, AbstractValue> columns = columns(call, table);
        AbstractValue by = call.options().get(BY).value();
        boolean several = by.type() == Type.LIST;
        if (!call.isKnown()) return shapeOfGroups(columns, several, Shapes.itemOf(table), by instanceof Value);
        Map<Object, Value> keys = new LinkedHashMap<>();
        Map<Object, List<Value>> rows = new LinkedHashMap<>();
        List<Value> items = call.items(0);
        for (int i = 0; i < items.size(); i++) {
            Value key = key(columns, several, i);
            Object same = ValueKey.of(key);
            keys.putIfAbsent(same, key);
            rows.computeIfAbsent(same, _ -> new ArrayList<>()).add(items.get(i));
        }
        List<Value> groups = new ArrayList<>();
        keys.forEach((same, key) -> groups.add(record(key, new Value.ListOf(rows.get(same)))));
        return new Value.ListOf(ValueLimits.checked(groups, call.span()));
    }

    private static Value key(SequencedMap<String, AbstractValue> columns, boolean several, int row) {
        SequencedMap<String, Value> key = new LinkedHashMap<>();
        columns.forEach(
                (name, column) -> key.put(name, ((Value.ListOf) column).items().get(row)));
        return several ? Value.Fields.record(key) : key.firstEntry().getValue();
    }

    private static Value record(Value key, Value rows) {
        SequencedMap<String, Value> fields = new LinkedHashMap<>();
        fields.put("key", key);
        fields.put("rows", rows);
        return Value.Fields.record(fields);
    }

    private static AbstractValue shapeOfGroups(
            SequencedMap<String, AbstractValue> columns, boolean several, AbstractValue row, boolean knowsBy) {
        SequencedMap<String, AbstractValue> key = new LinkedHashMap<>();
        columns.forEach((name, column) -> key.put(name, Shapes.loose(Shapes.itemOf(column))));
        SequencedMap<String, AbstractValue> fields = new LinkedHashMap<>();
        AbstractValue known = several
                ? Unknown.record(key)
                : key.isEmpty() ? Unknown.ANY : key.firstEntry().getValue();
        fields.put("key", knowsBy ? known : Unknown.ANY);
        fields.put("rows", Unknown.listOf(row));
        return Unknown.listOf(Unknown.record(fields));
    }

    private static AbstractValue count(FunctionCall call) {
        AbstractValue among = call.at(0).value();
        if (!among.type().mayBe(Type.LIST, Type.TEXT)) throw call.wrong("a list, or a text", call.at(0));
        if (among.type() == Type.TEXT && !call.has(1)) {
            throw Mistake.form(
                    ErrorCode.WRONG_ARGUMENTS,
                    "`count` in a text takes the text to look for",
                    call.span(),
                    "len(…) is the number of its characters");
        }
        if (among.type() == Type.TEXT) call.of(1, Type.TEXT);
        if (!call.isKnown()) return Unknown.of(Type.NUMBER);
        if (among instanceof Value.Text(String text)) return new Value.Number(occurrences(call, text));
        if (!call.has(1)) {
            return new Value.Number(call.items(0).stream()
                    .filter(it -> !(it instanceof Value.None))
                    .count());
        }
        Object wanted = ValueKey.of((Value) call.at(1).value());
        return new Value.Number(call.items(0).stream()
                .filter(it -> ValueKey.of(it).equals(wanted))
                .count());
    }

    /** Not overlapping, as Python counts them. */
    private static int occurrences(FunctionCall call, String text) {
        String part = TextFunctions.searched(call, 1);
        int count = 0;
        for (int at = text.indexOf(part); at >= 0; at = text.indexOf(part, at + part.length())) count++;
        return count;
    }

    private static AbstractValue zip(FunctionCall call) {
        List<AbstractValue> shapes = new ArrayList<>();
        for (int i = 0; i < call.arguments().size(); i++) shapes.add(Shapes.itemOf(call.of(i, Type.LIST)));
        checkLengths(call);
        if (!call.isKnown()) return Unknown.listOf(Unknown.listOf(Shapes.loose(Shapes.item(shapes))));
        List<Value> zipped = new ArrayList<>();
        for (int row = 0; row < call.items(0).size(); row++) {
            List<Value> items = new ArrayList<>();
            for (int i = 0; i < call.arguments().size(); i++)
                items.add(call.items(i).get(row));
            zipped.add(new Value.ListOf(items));
        }
        return new Value.ListOf(ValueLimits.checked(zipped, call.span()));
    }

    private static void checkLengths(FunctionCall call) {
        Optional<Integer> first = Optional.empty();
        for (FunctionCall.Argument argument : call.arguments()) {
            if (!(argument.value() instanceof Value.ListOf(List<Value> items))) continue;
            if (first.isEmpty()) first = Optional.of(items.size());
            if (first.get() == items.size()) continue;
            throw Mistake.value(
                    ErrorCode.WRONG_LENGTH,
                    "`zip` takes lists of the same length, and one has " + items(first.get()) + ", this one "
                            + NumberText.count(items.size()),
                    argument.span(),
                    "cut the longer one: list[0..n - 1] are its first n items");
        }
    }

    private static String items(int size) {
        return NumberText.count(size) + (size == 1 ? " item" : " items");
    }

    private static AbstractValue sample(FunctionCall call) {
        AbstractValue list = call.of(0, Type.LIST);
        AbstractValue wanted = call.of(1, Type.NUMBER);
        if (list instanceof Value.ListOf(List<Value> items) && wanted instanceof Value.Number count)
            checkSample(call, items.size(), count);
        Optional<RandomGenerator> chance = call.chance().get();
        if (!call.isKnown() || chance.isEmpty()) return Unknown.listOf(Shapes.loose(Shapes.itemOf(list)));
        return drawn(call.items(0), (int) call.number(1), chance.get());
    }

    /** The beginning of a Fisher-Yates shuffle. */
    private static Value drawn(List<Value> from, int count, RandomGenerator chance) {
        List<Value> items = new ArrayList<>(from);
        for (int i = 0; i < count; i++) Collections.swap(items, i, chance.nextInt(i, items.size()));
        return new Value.ListOf(items.subList(0, count));
    }

    private static void checkSample(FunctionCall call, int size, Value.Number wanted) {
        double count = wanted.value();
        Span place = call.at(1).span();
        if (count != Math.rint(count) || count < 0) {
            String message = "`sample` draws a whole number of items, not " + wanted.display();
            throw Mistake.value(ErrorCode.WRONG_VALUE, message, place, "");
        }
        if (count <= size) return;
        throw Mistake.value(
                ErrorCode.WRONG_VALUE,
                "`sample` draws an item at most once, and the list has " + items(size) + ", not " + wanted.display(),
                place,
                "");
    }

    private static AbstractValue shuffle(FunctionCall call) {
        AbstractValue list = call.of(0, Type.LIST);
        Optional<RandomGenerator> chance = call.chance().get();
        if (!call.isKnown() || chance.isEmpty()) return Unknown.listOf(Shapes.loose(Shapes.itemOf(list)));
        return drawn(call.items(0), call.items(0).size(), chance.get());
    }
}
