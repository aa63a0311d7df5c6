package io.circuitscript.task;

import io.circuitscript.model.tokenizer.TokenList;
import io.circuitscript.model.tokenizer.Tokenizer;
import io.circuitscript.source.ErrorCode;
import io.circuitscript.source.QuotedText;
import io.circuitscript.source.Spelling;
import io.circuitscript.source.UserError;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Turns what a metric calls a token into its id: a text, or a column's values. */
public final class LabelTokens {
    private LabelTokens() {}

    /**
     * The token that each pair's value of a column is: a column of whole numbers holds ids, any other holds texts of exactly one token.
     *
     * @return an id for each pair, in order
     * @throws UserError where the column is missing, or a value is no single token, naming the row
     */
    public static int[] ofColumn(Pairs pairs, String column, Tokenizer tokenizer) {
        if (!pairs.columns().contains(column)) throw missing(pairs, column);
        boolean ids =
                pairs.pairs().stream().allMatch(pair -> isWhole(pair.columns().get(column)));
        Map<String, Integer> known = new HashMap<>();
        int[] tokens = new int[pairs.size()];
        for (int i = 0; i < tokens.length; i++) {
            Pair pair = pairs.pairs().get(i);
            String value = pair.columns().get(column);
            String where = "row " + pair.row() + " of " + pairs.name() + ", column " + column;
            tokens[i] =
                    known.computeIfAbsent(value, it -> ids ? byId(it, tokenizer, where) : single(it, tokenizer, where));
        }
        return tokens;
    }

    /**
     * The id of a text that is exactly one token.
     *
     * @param where the text comes from, for the message
     * @throws UserError showing the tokens that it is instead
     */
    public static int single(String text, Tokenizer tokenizer, String where) {
        return label(text, tokenizer, where).ids()[0];
    }

    /** The same as a label, whose ids are exactly one. */
    public static Tokenizer.Label label(String text, Tokenizer tokenizer, String where) {
        Tokenizer.Label label = tokenizer.label(text);
        int[] ids = label.ids();
        if (ids.length == 1) return label;
        if (splitsIntoDigits(text, ids, tokenizer)) throw digits(text, ids, tokenizer, where);
        List<String> notes = new ArrayList<>();
        if (ids.length > 0) notes.add("its tokens: " + TokenList.show(tokenizer, ids));
        if (MissingValues.isMissing(text.strip()))
            notes.add("this is how pandas writes a missing value: fill in the row, or leave it out (df.dropna())");
        String spaced = " " + text;
        boolean mended = !text.isEmpty()
                && !text.startsWith(" ")
                && tokenizer.label(spaced).ids().length == 1;
        if (mended) notes.add("with a space in front, " + QuotedText.of(spaced) + " is one token");
        throw new UserError(
                UserError.Kind.INPUT,
                ErrorCode.NOT_ONE_TOKEN,
                QuotedText.of(text)
                        + (ids.length == 0
                                ? " is not a token of this tokenizer"
                                : " is not one token but " + ids.length)
                        + " (" + where + ")",
                notes,
                "a label is a text that is exactly one token, or a whole number, which is taken as a token's id");
    }

    /** Whether a text is a number of several digits, of which every one is a token of its own. */
    private static boolean splitsIntoDigits(String text, int[] ids, Tokenizer tokenizer) {
        return text.length() > 1
                && isWhole(text)
                && ids.length >= text.length()
                && tokenizer.tokens(ids).stream()
                        .allMatch(token -> token.strip().length() <= 1);
    }

    private static UserError digits(String text, int[] ids, Tokenizer tokenizer, String where) {
        return new UserError(
                UserError.Kind.INPUT,
                ErrorCode.NOT_ONE_TOKEN,
                "this model's tokenizer splits numbers into digits: " + QuotedText.of(text) + " is " + ids.length
                        + " tokens (" + where + ")",
                List.of(
                        "its tokens: " + TokenList.show(tokenizer, ids),
                        "prob_diff and the task greater-than need each of the years 00 … 99 as one token"),
                "take a model whose tokenizer keeps two digits together, as GPT-2's does, or write a metric over single digits");
    }

    /** That labels were read with a space in front, for the user to read. */
    public static String spaceAdded(List<String> labels) {
        String text = labels.getFirst();
        int others = labels.size() - 1;
        return "the label " + QuotedText.of(text) + " is read as " + QuotedText.of(" " + text)
                + ", the token that begins a word: this tokenizer has none without the space"
                + (others == 0 ? "" : "; so " + (others == 1 ? "is 1 other label" : "are " + others + " other labels"));
    }

    /** What in columns of tokens is likely not meant, for the user to read; empty where all is as it should be. */
    public static List<String> warnings(Collection<String> columns, Pairs pairs, Tokenizer tokenizer) {
        return columns.stream()
                .flatMap(column -> withoutSpace(pairs, column, tokenizer).stream()
                        .map(pair -> "the column " + column + " holds "
                                + QuotedText.of(pair.columns().get(column)) + " without a space in front, in row "
                                + pair.row() + "; after a word the model says "
                                + QuotedText.of(" " + pair.columns().get(column))
                                + ", another token: begin the field with a space, right after the comma"))
                .toList();
    }

    /**
     * The first row whose text lacks the space that the word it names begins with in running text; empty where the words would not be one token with it.
     * Where other rows have the space, that is a slip; where none has, it must hold for all of them, since what is meant may be no word's beginning.
     */
    private static Optional<Pair> withoutSpace(Pairs pairs, String column, Tokenizer tokenizer) {
        boolean afterWords = pairs.pairs().stream().allMatch(pair -> endsAWord(pair.cleanText()));
        List<Pair> bare = pairs.pairs().stream()
                .filter(pair -> isBare(pair.columns().get(column)))
                .toList();
        boolean mixed = bare.size() < pairs.size()
                && pairs.pairs().stream()
                        .allMatch(pair -> isBare(pair.columns().get(column))
                                || pair.columns().get(column).startsWith(" "));
        if (!afterWords || bare.size() < pairs.size() && !mixed) return Optional.empty();
        boolean tokens = bare.stream()
                .map(pair -> pair.columns().get(column))
                .distinct()
                .allMatch(text -> tokenizer.label(" " + text).ids().length == 1);
        return tokens
                ? bare.stream()
                        .filter(pair ->
                                !tokenizer.label(pair.columns().get(column)).spaceAdded())
                        .findFirst()
                : Optional.empty();
    }

    private static boolean isBare(String text) {
        return !text.isEmpty() && !text.startsWith(" ") && !isWhole(text);
    }

    /** Whether a space stands between this text and a word that follows it. */
    private static boolean endsAWord(String text) {
        if (text.isEmpty()) return false;
        int last = text.codePointBefore(text.length());
        return Character.isLetter(last) || ",.;:!?".indexOf(last) >= 0;
    }

    private static boolean isWhole(String value) {
        return !value.isEmpty() && value.chars().allMatch(c -> c >= '0' && c <= '9');
    }

    /**
     * The id that a text of digits is.
     *
     * @param where it comes from, for the message
     * @throws UserError where the tokenizer has no token of that id
     */
    public static int byId(String value, Tokenizer tokenizer, String where) {
        // Longer than any id, and perhaps than an int.
        int id = value.length() > 9 ? Integer.MAX_VALUE : Integer.parseInt(value);
        if (id < tokenizer.vocabulary()) return id;
        throw new UserError(
                UserError.Kind.INPUT,
                ErrorCode.NO_SUCH_TOKEN,
                "there is no token with id " + value + " (" + where + ")",
                List.of("the model's tokenizer has ids up to " + (tokenizer.vocabulary() - 1)),
                "the ids of a column are those of one tokenizer: load the model that the file was made for, or use texts");
    }

    private static UserError missing(Pairs pairs, String column) {
        List<String> notes = new ArrayList<>();
        notes.add("its columns: " + String.join(", ", pairs.columns()));
        List<String> nearest = Spelling.nearest(column, pairs.columns(), 3);
        if (!nearest.isEmpty()) notes.add("nearest: " + String.join(", ", nearest));
        return new UserError(
                UserError.Kind.INPUT,
                ErrorCode.DATA_MISSING_COLUMN,
                pairs.name() + " has no column " + column,
                notes,
                "say which column is meant: " + column + "=COLUMN");
    }
}
