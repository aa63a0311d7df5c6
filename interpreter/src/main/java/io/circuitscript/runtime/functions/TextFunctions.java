package io.circuitscript.runtime.functions;

import io.circuitscript.runtime.value.AbstractValue;
import io.circuitscript.runtime.value.Mistake;
import io.circuitscript.runtime.value.Type;
import io.circuitscript.runtime.value.Unknown;
import io.circuitscript.runtime.value.Value;
import io.circuitscript.runtime.value.ValueLimits;
import io.circuitscript.source.ErrorCode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.UnaryOperator;

/** Functions of text: {@code split}, {@code join}, {@code replace}, {@code lower}, {@code upper}, {@code trim}. */
final class TextFunctions {
    private static final String TEXTS = "text, or a list of texts";

    static final List<LanguageFunction> ALL = List.of(
            new LanguageFunction(
                    "split",
                    "split(TEXT, \",\")",
                    "the parts of a text between separators, as a list; without a separator, its words",
                    "print split(\"a,b,c\", \",\"), split(\"the war\")",
                    1,
                    2,
                    TextFunctions::split),
            new LanguageFunction(
                    "join",
                    "join(LIST, \", \")",
                    "one text of the items of a list, with a text between them",
                    "print join([\"a\", \"b\"], \", \"), join(1..3, \"-\")",
                    2,
                    2,
                    TextFunctions::join),
            new LanguageFunction(
                    "replace",
                    "replace(TEXT, OLD, NEW)",
                    "the text with NEW wherever OLD was; of each item where TEXT is a list",
                    "print replace(\"the war\", \"war\", \"siege\")",
                    3,
                    3,
                    TextFunctions::replace),
            each("lower", "the text in small letters", "print lower(\"The War\")", it -> it.toLowerCase(Locale.ROOT)),
            each("upper", "the text in capitals", "print upper(\"The War\")", it -> it.toUpperCase(Locale.ROOT)),
            each(
                    "trim",
                    "the text without the space at its beginning and its end",
                    "print trim(\"  war \")",
                    TextFunctions::trimmed));

    private TextFunctions() {}

    private static LanguageFunction each(String word, String doc, String example, UnaryOperator<String> function) {
        String usage = word + "(TEXT)";
        String all = doc + "; of each item where TEXT is a list";
        return new LanguageFunction(word, usage, all, example, 1, 1, call -> each(call, function));
    }

    private static AbstractValue each(FunctionCall call, UnaryOperator<String> function) {
        AbstractValue given = call.at(0).value();
        if (!given.type().mayBe(Type.TEXT, Type.LIST)) throw call.wrong(TEXTS, call.at(0));
        return call.isKnown() ? each(call, (Value) given, function) : LanguageFunction.eachLike(given, Type.TEXT);
    }

    private static Value each(FunctionCall call, Value value, UnaryOperator<String> function) {
        return switch (value) {
            case Value.Text(String text) -> text(call, function.apply(text));
            case Value.ListOf(List<Value> items) -> {
                List<Value> made = new ArrayList<>(items.size());
                for (Value item : items) made.add(each(call, item, function));
                yield new Value.ListOf(ValueLimits.checked(made, call.span()));
            }
            default -> throw call.wrong(TEXTS, value, call.at(0).span());
        };
    }

    private static Value text(FunctionCall call, String made) {
        ValueLimits.check(made, call.span());
        return new Value.Text(made);
    }

    private static AbstractValue split(FunctionCall call) {
        call.of(0, Type.TEXT);
        if (call.has(1)) call.of(1, Type.TEXT);
        if (!call.isKnown()) return Unknown.listOf(Unknown.of(Type.TEXT));
        String text = call.text(0);
        List<String> parts = call.has(1) ? parts(text, searched(call, 1)) : words(text);
        List<Value> items = parts.stream().<Value>map(Value.Text::new).toList();
        return new Value.ListOf(ValueLimits.checked(items, call.span()));
    }

    private static List<String> parts(String text, String separator) {
        List<String> parts = new ArrayList<>();
        int from = 0;
        int at = text.indexOf(separator);
        while (at >= 0) {
            parts.add(text.substring(from, at));
            from = at + separator.length();
            // One part too many says that there are too many.
            at = parts.size() > ValueLimits.MOST_ITEMS ? -1 : text.indexOf(separator, from);
        }
        parts.add(text.substring(from));
        return parts;
    }

    private static List<String> words(String text) {
        List<String> words = new ArrayList<>();
        int from = -1;
        for (int i = 0; i <= text.length() && words.size() <= ValueLimits.MOST_ITEMS; i++) {
            boolean space = i == text.length() || isSpace(text.charAt(i));
            if (space && from >= 0) words.add(text.substring(from, i));
            if (space) from = -1;
            else if (from < 0) from = i;
        }
        return words;
    }

    private static String trimmed(String text) {
        int from = 0;
        int to = text.length();
        while (from < to && isSpace(text.charAt(from))) from++;
        while (to > from && isSpace(text.charAt(to - 1))) to--;
        return text.substring(from, to);
    }

    /** A no-break space and the next-line character too, as Python has it; all of these are single characters. */
    private static boolean isSpace(char character) {
        return Character.isWhitespace(character) || Character.isSpaceChar(character) || character == '\u0085';
    }

    /** A text to look for. @throws Mistake where it is empty, and so is everywhere */
    static String searched(FunctionCall call, int argument) {
        String text = call.text(argument);
        if (!text.isEmpty()) return text;
        throw Mistake.value(
                ErrorCode.EMPTY_TEXT,
                "`" + call.function().word() + "` looks for a text, and this one is empty",
                call.at(argument).span(),
                "it is written " + call.function().usage());
    }

    private static AbstractValue join(FunctionCall call) {
        call.of(0, Type.LIST);
        call.of(1, Type.TEXT);
        if (!call.isKnown()) return Unknown.of(Type.TEXT);
        StringBuilder joined = new StringBuilder();
        String between = "";
        for (Value item : call.items(0)) {
            joined.append(between).append(item.display());
            between = call.text(1);
            ValueLimits.check(joined, call.span());
        }
        return new Value.Text(joined.toString());
    }

    private static AbstractValue replace(FunctionCall call) {
        AbstractValue given = call.at(0).value();
        if (!given.type().mayBe(Type.TEXT, Type.LIST)) throw call.wrong(TEXTS, call.at(0));
        call.of(1, Type.TEXT);
        call.of(2, Type.TEXT);
        if (!call.isKnown()) return LanguageFunction.eachLike(given, Type.TEXT);
        String old = searched(call, 1);
        return each(call, (Value) given, text -> replaced(call, text, old));
    }

    private static String replaced(FunctionCall call, String text, String old) {
        String by = call.text(2);
        StringBuilder made = new StringBuilder();
        int from = 0;
        for (int at = text.indexOf(old); at >= 0; at = text.indexOf(old, from)) {
            made.append(text, from, at).append(by);
            ValueLimits.check(made, call.span());
            from = at + old.length();
        }
        return made.append(text, from, text.length()).toString();
    }
}
