package io.circuitscript.runtime.metric;

import io.circuitscript.model.tokenizer.Tokenizer;
import io.circuitscript.runtime.value.Mistake;
import io.circuitscript.runtime.value.Type;
import io.circuitscript.runtime.value.Value;
import io.circuitscript.source.ErrorCode;
import io.circuitscript.source.UserError;
import io.circuitscript.syntax.Expression;
import io.circuitscript.task.AnswerPoints;
import io.circuitscript.task.Formula;
import io.circuitscript.task.LabelTokens;
import io.circuitscript.task.TokenFunction;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Reads the tokens that a metric names: a text of one token or several, a whole number that is taken as an id, or a column or list of these. A text of
 * several tokens is read one after the other.
 */
final class MetricTokens {
    private final MetricSource source;
    private final MetricRows rows;
    private final Optional<Tokenizer> tokenizer;
    private final Map<Value, AnswerPoints.Answer> known = new HashMap<>();
    private final AnswerPoints points;
    private final Set<String> columns = new LinkedHashSet<>();
    private final Set<String> spaceAdded = new LinkedHashSet<>();

    /** @param tokenizer empty during the check */
    MetricTokens(MetricSource source, MetricRows rows, Optional<Tokenizer> tokenizer) {
        this.source = source;
        this.rows = rows;
        this.tokenizer = tokenizer;
        this.points = new AnswerPoints(rows.examples());
    }

    /** Where texts of several tokens are read. */
    AnswerPoints points() {
        return points;
    }

    /** The columns that tokens were read from. */
    Set<String> columns() {
        return columns;
    }

    /** The texts that are tokens only with a space in front. */
    Set<String> spaceAdded() {
        return spaceAdded;
    }

    MetricPart read(TokenFunction quantity, Formula.Run run, Expression written, MetricPart.OfRow row) {
        Type type = row.general().type();
        if (!type.mayBe(Type.TEXT, Type.NUMBER, Type.LIST)) {
            String help = "a token is a text, as \" Rosa\", or a whole number, which is taken as its id";
            throw Mistake.form(
                    ErrorCode.WRONG_TYPE,
                    "tokens are expected here, and this is " + row.phrase(),
                    written.span(),
                    help);
        }
        if (rows.checking()) return checked(quantity, run, written, row);
        if (rows.isColumn(written)) columns.add(column(written));
        if (type == Type.LIST) return new MetricPart.OfRun(several(quantity, run, written, row));
        AnswerPoints.Answer[][] answers = new AnswerPoints.Answer[rows.examples()][];
        boolean same = row.each().isEmpty();
        for (int i = 0; i < answers.length; i++) {
            answers[i] = i > 0 && same
                    ? answers[0]
                    : new AnswerPoints.Answer[] {answer(quantity, row.at(i), written, i, same, true)};
        }
        if (!single(answers)) return new MetricPart.OfRun(texts(quantity, run, answers, null));
        int[] ids = Arrays.stream(answers).mapToInt(it -> it[0].tokens()[0]).toArray();
        return new MetricPart.OfRun(new Formula.Token(quantity, run, ids));
    }

    private static boolean single(AnswerPoints.Answer[][] answers) {
        return Arrays.stream(answers).distinct().flatMap(Arrays::stream).allMatch(AnswerPoints.Answer::single);
    }

    private Formula texts(
            TokenFunction quantity, Formula.Run run, AnswerPoints.Answer[][] answers, Formula.Lengths lengths) {
        for (int i = 0; i < answers.length; i++) {
            for (AnswerPoints.Answer answer : answers[i]) points.read(i, answer);
        }
        return new Formula.Texts(quantity, run, points, answers, lengths);
    }

    private String column(Expression written) {
        String name = ((Expression.Word) written).text();
        return source.columns().getOrDefault(name, name);
    }

    private MetricPart checked(TokenFunction quantity, Formula.Run run, Expression written, MetricPart.OfRow row) {
        if (row.general().type() == Type.LIST) {
            int length = row.general() instanceof Value.ListOf(List<Value> items) ? items.size() : 1;
            return new MetricPart.OfRun(new Formula.Tokens(quantity, run, new int[0][], Formula.Lengths.of(0, length)));
        }
        boolean column = rows.isColumn(written);
        if (row.general().type() == Type.ANY && !column) return MetricPart.UNSURE;
        return new MetricPart.OfRun(new Formula.Token(quantity, run, new int[0]), column);
    }

    private Formula several(TokenFunction quantity, Formula.Run run, Expression written, MetricPart.OfRow row) {
        boolean same = row.each().isEmpty();
        AnswerPoints.Answer[][] answers = new AnswerPoints.Answer[rows.examples()][];
        int[] each = new int[answers.length];
        for (int i = 0; i < answers.length; i++) {
            int example = i;
            answers[i] = i > 0 && same
                    ? answers[0]
                    : ((Value.ListOf) row.at(i))
                            .items().stream()
                                    .map(item -> answer(quantity, item, written, example, same, false))
                                    .toArray(AnswerPoints.Answer[]::new);
            each[i] = answers[i].length;
        }
        Formula.Lengths lengths = Formula.Lengths.of(each);
        if (!single(answers)) return texts(quantity, run, answers, lengths);
        int[][] ids = new int[answers.length][];
        for (int i = 0; i < ids.length; i++) ids[i] = i > 0 && same ? ids[0] : padded(answers[i], lengths.width());
        return new Formula.Tokens(quantity, run, ids, lengths);
    }

    /** Their tokens, then token 0, which nobody reads. */
    private static int[] padded(AnswerPoints.Answer[] answers, int width) {
        int[] ids = Arrays.stream(answers).mapToInt(it -> it.tokens()[0]).toArray();
        return Arrays.copyOf(ids, width);
    }

    private AnswerPoints.Answer answer(
            TokenFunction quantity, Value value, Expression written, int example, boolean same, boolean whole) {
        AnswerPoints.Answer before = known.get(value);
        if (before != null && (before.single() || quantity.takesTexts())) return before;
        AnswerPoints.Answer found = points.answer(ids(quantity, value, written, example, same, whole));
        known.put(value, found);
        return found;
    }

    /** @param whole whether the value is a whole cell, where it comes from a column, and no item of one */
    private int[] ids(
            TokenFunction quantity, Value value, Expression written, int example, boolean same, boolean whole) {
        boolean ofColumn = rows.isColumn(written) && !same;
        String where = ofColumn
                ? rows.row(example) + ", column " + rows.fileColumn(column(written))
                : "a token of the metric " + source.name() + (same ? "" : ", " + rows.row(example));
        try {
            return switch (value) {
                case Value.Text(String text) -> labelled(quantity, text, where, ofColumn, whole);
                case Value.Number number
                when number.value() == Math.rint(number.value()) && number.value() >= 0 ->
                    new int[] {LabelTokens.byId(number.display(), tokenizer.orElseThrow(), where)};
                default ->
                    throw UserError.input(
                            ErrorCode.NOT_A_TOKEN,
                            value.display() + " is not a token (" + where + ")",
                            "a token is a text, as \" Rosa\", or a whole number, which is taken as its id; \"{x}\" makes text of a number");
            };
        } catch (UserError e) {
            throw Mistake.at(written.span(), e);
        }
    }

    private int[] labelled(TokenFunction quantity, String text, String where, boolean ofColumn, boolean whole) {
        Tokenizer of = tokenizer.orElseThrow();
        Tokenizer.Label label = !quantity.takesTexts()
                ? LabelTokens.label(text, of, where, ofColumn)
                : ofColumn && whole
                        ? LabelTokens.answerOfCell(text, of, where)
                        : LabelTokens.answer(text, of, where, ofColumn);
        if (label.spaceAdded()) spaceAdded.add(text);
        return label.ids();
    }
}
