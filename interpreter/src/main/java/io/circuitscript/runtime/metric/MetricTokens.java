package io.circuitscript.runtime.metric;

import io.circuitscript.model.tokenizer.Tokenizer;
import io.circuitscript.runtime.value.Mistake;
import io.circuitscript.runtime.value.Type;
import io.circuitscript.runtime.value.Value;
import io.circuitscript.source.ErrorCode;
import io.circuitscript.source.UserError;
import io.circuitscript.syntax.Expression;
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
 * Reads the tokens that a metric names: a text that is exactly one token, a whole number that is taken as an id, or a
 * column or list of these.
 */
final class MetricTokens {
    private final MetricSource source;
    private final MetricRows rows;
    private final Optional<Tokenizer> tokenizer;
    private final Map<Value, Integer> known = new HashMap<>();
    private final Set<String> columns = new LinkedHashSet<>();
    private final Set<String> spaceAdded = new LinkedHashSet<>();

    /** @param tokenizer empty during the check */
    MetricTokens(MetricSource source, MetricRows rows, Optional<Tokenizer> tokenizer) {
        this.source = source;
        this.rows = rows;
        this.tokenizer = tokenizer;
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
        if (type == Type.LIST) return new MetricPart.OfRun(several(quantity, run, written, row));
        if (rows.isColumn(written)) columns.add(column(written));
        int[] ids = new int[rows.examples()];
        for (int i = 0; i < ids.length; i++)
            ids[i] = id(row.at(i), written, i, row.each().isEmpty());
        return new MetricPart.OfRun(new Formula.Token(quantity, run, ids));
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
        if (row.general().type() == Type.ANY && !rows.isColumn(written)) return MetricPart.UNSURE;
        return new MetricPart.OfRun(new Formula.Token(quantity, run, new int[0]));
    }

    private Formula several(TokenFunction quantity, Formula.Run run, Expression written, MetricPart.OfRow row) {
        int[][] ids = new int[rows.examples()][];
        int[] each = new int[ids.length];
        for (int i = 0; i < ids.length; i++) {
            boolean same = row.each().isEmpty();
            int example = i;
            ids[i] = i > 0 && same
                    ? ids[0]
                    : ((Value.ListOf) row.at(i))
                            .items().stream()
                                    .mapToInt(item -> id(item, written, example, same))
                                    .toArray();
            each[i] = ids[i].length;
        }
        Formula.Lengths lengths = Formula.Lengths.of(each);
        int[] last = null;
        for (int i = 0; i < ids.length; i++) {
            boolean again = i > 0 && row.each().isEmpty();
            last = again ? last : Arrays.copyOf(ids[i], lengths.width()); // padded with token 0, which nobody reads
            ids[i] = last;
        }
        return new Formula.Tokens(quantity, run, ids, lengths);
    }

    private int id(Value value, Expression written, int example, boolean same) {
        Integer before = known.get(value);
        if (before != null) return before;
        String where = rows.isColumn(written) && !same
                ? rows.row(example) + ", column " + rows.fileColumn(column(written))
                : "a token of the metric " + source.name() + (same ? "" : ", " + rows.row(example));
        int id;
        try {
            id = switch (value) {
                case Value.Text(String text) -> labelled(text, where);
                case Value.Number number
                when number.value() == Math.rint(number.value()) && number.value() >= 0 ->
                    LabelTokens.byId(number.display(), tokenizer.orElseThrow(), where);
                default ->
                    throw UserError.input(
                            ErrorCode.NOT_A_TOKEN,
                            value.display() + " is not a token (" + where + ")",
                            "a token is a text, as \" Rosa\", or a whole number, which is taken as its id; \"{x}\" makes text of a number");
            };
        } catch (UserError e) {
            throw Mistake.at(written.span(), e);
        }
        known.put(value, id);
        return id;
    }

    private int labelled(String text, String where) {
        Tokenizer.Label label = LabelTokens.label(text, tokenizer.orElseThrow(), where);
        if (label.spaceAdded()) spaceAdded.add(text);
        return label.ids()[0];
    }
}
