package io.circuitscript.runtime.evaluate;

import io.circuitscript.runtime.functions.Functions;
import io.circuitscript.runtime.value.AbstractValue;
import io.circuitscript.runtime.value.Mistake;
import io.circuitscript.runtime.value.Type;
import io.circuitscript.runtime.value.Unknown;
import io.circuitscript.runtime.value.Value;
import io.circuitscript.runtime.value.ValueText;
import io.circuitscript.source.ErrorCode;
import io.circuitscript.source.Span;
import io.circuitscript.syntax.Expression;
import io.circuitscript.syntax.Statement;
import io.circuitscript.task.SpanColumns;
import io.circuitscript.task.SpanColumns.Choice;
import io.circuitscript.task.SpanColumns.Pick;
import io.circuitscript.task.SpanNames;
import io.circuitscript.task.SpanSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import java.util.function.Function;

/**
 * Reads which columns are spans: {@code [giver, first(place)]}, {@code (S1=first(giver), S2=last(giver))} or {@code tokens}. As a value, it is a list
 * with a record for each span, or the text {@code tokens}.
 */
public final class SpanArgument {
    private static final String TOKENS = SpanSource.TOKENS.word();

    /** Columns with a choice in their names, as a record has them. */
    private static final String NAME = "name";

    private static final String COLUMN = "column";
    private static final String CHOICE = "choice";

    private static final String FORMS =
            "as in spans=[giver, first(place)], spans=(S1=first(giver), S2=last(giver)) or spans=tokens";

    private final Function<Expression, AbstractValue> evaluation;
    private final WordReader words;

    /** @param evaluation of what is no name */
    SpanArgument(Function<Expression, AbstractValue> evaluation, WordReader words) {
        this.evaluation = evaluation;
        this.words = words;
    }

    AbstractValue read(Expression written) {
        if (written instanceof Expression.Word word
                && word.text().equals(TOKENS)
                && !words.variable(word).isPresent()) return new Value.Text(TOKENS);
        List<Optional<Pick>> picks = picks(written);
        if (picks.contains(Optional.<Pick>empty())) return Unknown.of(Type.LIST);
        List<Pick> known = picks.stream().map(Optional::get).toList();
        check(known, written.span());
        return new Value.ListOf(known.stream().map(SpanArgument::record).toList());
    }

    private List<Optional<Pick>> picks(Expression written) {
        List<Optional<Pick>> picks = new ArrayList<>();
        switch (written) {
            case Expression.ListLiteral list -> list.items().forEach(it -> picks.addAll(picks(it)));
            case Expression.RecordLiteral record -> {
                for (Statement.Option field : record.fields())
                    picks.add(pick(field.value()).map(it -> new Pick(field.key().text(), it.column(), it.choice())));
            }
            case Expression.Call call when choice(call).isPresent() -> picks.add(pick(call));
            case Expression.Call call when isUnknown(call) -> throw noChoice(call);
            case Expression.SetLiteral set ->
                throw Mistake.form(
                        ErrorCode.WRONG_VALUE,
                        "`spans` takes a list, and this is a set",
                        set.span(),
                        "write [ and ] in place of { and }");
            case Expression.Word word -> picks.addAll(ofValue(words.valueOrText(word), word.span()));
            default -> picks.addAll(ofValue(evaluation.apply(written), written.span()));
        }
        return picks;
    }

    private static Optional<Choice> choice(Expression.Call call) {
        if (!(call.function() instanceof Expression.Word word)) return Optional.empty();
        return switch (word.text()) {
            case "first" -> Optional.of(Choice.FIRST);
            case "last" -> Optional.of(Choice.LAST);
            case "positions" -> Optional.of(Choice.POSITIONS);
            default -> Optional.empty();
        };
    }

    private boolean isUnknown(Expression.Call call) {
        return call.function() instanceof Expression.Word word
                && !Functions.has(word.text())
                && words.variable(word).isEmpty();
    }

    private static Mistake noChoice(Expression.Call call) {
        return Mistake.form(
                ErrorCode.WRONG_VALUE,
                "of a column's values, `spans` takes first(…), last(…) or positions(…), and not "
                        + call.function().span().text() + "(…)",
                call.span(),
                FORMS);
    }

    /** One column; empty where the check does not know it. */
    private Optional<Pick> pick(Expression written) {
        if (written instanceof Expression.Call call && choice(call).isPresent()) {
            if (call.arguments().size() != 1 || !call.options().isEmpty())
                throw Mistake.form(
                        ErrorCode.WRONG_ARGUMENTS,
                        "`" + call.function().span().text() + "` takes one column",
                        call.span(),
                        FORMS);
            return column(call.arguments().getFirst())
                    .map(it -> new Pick(it, it, choice(call).get()));
        }
        return column(written).map(it -> new Pick(it, it, Choice.COLUMN));
    }

    private Optional<String> column(Expression written) {
        if (written instanceof Expression.Call call && (choice(call).isPresent() || isUnknown(call)))
            throw Mistake.form(
                    ErrorCode.WRONG_VALUE,
                    "a column stands here, and not " + call.span().text(),
                    call.span(),
                    FORMS);
        AbstractValue value =
                written instanceof Expression.Word word ? words.valueOrText(word) : evaluation.apply(written);
        if (!value.type().mayBe(Type.TEXT)) throw wrong(value, written.span());
        return value instanceof Value.Text(String text) ? Optional.of(text) : Optional.empty();
    }

    /** A variable may hold one name or a list of them. */
    private static List<Optional<Pick>> ofValue(AbstractValue value, Span span) {
        if (value instanceof Value.Text(String text)) return List.of(Optional.of(new Pick(text, text, Choice.COLUMN)));
        if (value instanceof Value.ListOf(List<Value> items)) {
            List<Optional<Pick>> picks = new ArrayList<>();
            for (Value item : items) {
                if (!(item instanceof Value.Text)) throw wrong(item, span);
                picks.addAll(ofValue(item, span));
            }
            return picks;
        }
        if (value instanceof Value || !value.type().mayBe(Type.TEXT, Type.LIST)) throw wrong(value, span);
        return List.of(Optional.empty());
    }

    private static Mistake wrong(AbstractValue value, Span span) {
        return Mistake.value(
                ErrorCode.WRONG_VALUE, "`spans` takes names of columns, and this is " + value.phrase(), span, FORMS);
    }

    private static void check(List<Pick> picks, Span span) {
        Set<Pick> given = new HashSet<>();
        for (Pick pick : picks) {
            if (SpanNames.isOwn(pick.name()))
                throw Mistake.value(
                        ErrorCode.TAKEN_NAME,
                        "no column can be the span `" + pick.name() + "`: " + String.join(", ", SpanNames.own())
                                + " have a meaning in all data",
                        span,
                        "give it another name: spans=(other=" + pick.column() + ")");
            if (pick.name().isBlank())
                throw Mistake.value(ErrorCode.WRONG_VALUE, "the name of a span is empty", span, FORMS);
            if (!given.add(pick))
                throw Mistake.value(
                        ErrorCode.REPEATED_NAME,
                        "the span " + ValueText.quoted(pick.name()) + " is given twice",
                        span,
                        "leave one of them out");
        }
        List<String> names =
                SpanColumns.of(picks).picks().stream().map(Pick::name).toList();
        Set<String> before = new HashSet<>();
        for (int i = 0; i < names.size(); i++) {
            if (!before.add(names.get(i)))
                throw Mistake.value(
                        ErrorCode.REPEATED_NAME,
                        "two spans are named " + ValueText.quoted(names.get(i)),
                        span,
                        "give one of them another name: spans=(other=first("
                                + picks.get(i).column() + "))");
        }
    }

    private static Value record(Pick pick) {
        SequencedMap<String, Value> fields = new LinkedHashMap<>();
        fields.put(NAME, new Value.Text(pick.name()));
        fields.put(COLUMN, new Value.Text(pick.column()));
        fields.put(CHOICE, new Value.Text(pick.choice().name().toLowerCase(Locale.ROOT)));
        return Value.Fields.record(fields);
    }

    /** What such a value stands for. */
    public static SpanColumns columns(Value value) {
        if (!(value instanceof Value.ListOf(List<Value> items))) return SpanColumns.TOKENS;
        List<Pick> picks = new ArrayList<>();
        for (Value item : items) {
            Value.Fields pick = (Value.Fields) item;
            picks.add(new Pick(
                    text(pick, NAME),
                    text(pick, COLUMN),
                    Choice.valueOf(text(pick, CHOICE).toUpperCase(Locale.ROOT))));
        }
        return SpanColumns.of(picks);
    }

    private static String text(Value.Fields pick, String field) {
        return pick.field(field).orElseThrow().display();
    }
}
