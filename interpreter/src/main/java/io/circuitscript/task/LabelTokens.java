package io.circuitscript.task;

import io.circuitscript.io.table.ListCell;
import io.circuitscript.model.tokenizer.TokenList;
import io.circuitscript.model.tokenizer.Tokenizer;
import io.circuitscript.source.ErrorCode;
import io.circuitscript.source.QuotedText;
import io.circuitscript.source.Spelling;
import io.circuitscript.source.UserError;
import io.circuitscript.source.Visible;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** Turns what a metric calls a token into its id: a text, or a column's values. */
public final class LabelTokens {
    private static final Pattern WHOLE = Pattern.compile("[0-9]+(\\.0+)?");

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
        return label(text, tokenizer, where, true).ids()[0];
    }

    /** The same as a label, whose ids are exactly one. @param cell whether the text is of the data, and not of the script */
    public static Tokenizer.Label label(String text, Tokenizer tokenizer, String where, boolean cell) {
        Tokenizer.Label label = tokenizer.label(text);
        if (label.ids().length == 1) return label;
        throw notOne(text, label.ids(), tokenizer, where, true, cell);
    }

    /**
     * A text of one token or of several, which are read one after the other.
     *
     * @param where the text comes from, for the message
     * @param cell whether the text is of the data, and not of the script
     * @throws UserError where the tokenizer has none for it, or it is written like a list, or a cell has it for a missing value
     */
    public static Tokenizer.Label answer(String text, Tokenizer tokenizer, String where, boolean cell) {
        Tokenizer.Label label = tokenizer.label(text);
        int count = label.ids().length;
        if (count == 1 || count > 1 && !(cell && MissingValues.isMissing(text)) && !looksLikeList(text)) return label;
        throw notOne(text, label.ids(), tokenizer, where, false, cell);
    }

    /**
     * The same of a whole cell, which is no answer if it is in brackets and not one token.
     *
     * @throws UserError as for a text, and where the cell is in brackets
     */
    public static Tokenizer.Label answerOfCell(String cell, Tokenizer tokenizer, String where) {
        Optional<String> fault = ListCell.fault(cell);
        if (fault.isPresent() && tokenizer.label(cell).ids().length != 1) throw notAList(cell, fault.get(), where);
        return answer(cell, tokenizer, where, true);
    }

    /** That a cell is no list of answers. @param fault what is wrong with it */
    public static UserError notAList(String cell, String fault, String where) {
        return UserError.input(
                ErrorCode.NOT_ONE_TOKEN,
                QuotedText.of(cell) + " " + fault + " (" + where + ")",
                "a list of answers holds texts and ids, as [\" ship\", \" boat\"] or [300, 301]; leave out what is missing");
    }

    private static boolean looksLikeList(String text) {
        return ListCell.items(text).isPresent();
    }

    /** @param single whether it must be a single token */
    private static UserError notOne(
            String text, int[] ids, Tokenizer tokenizer, String where, boolean single, boolean cell) {
        if (single && splitsIntoDigits(text, ids, tokenizer)) return digits(text, ids, tokenizer, where);
        List<String> notes = new ArrayList<>();
        if (ids.length > 0) notes.add("its tokens: " + TokenList.show(tokenizer, ids));
        boolean missing = cell && MissingValues.isMissing(text.strip());
        if (missing)
            notes.add("this is how pandas writes a missing value: fill in the row, or leave it out (df.dropna())");
        String spaced = " " + text;
        boolean mended = !text.isEmpty()
                && !text.startsWith(" ")
                && tokenizer.label(spaced).ids().length == 1;
        if (mended) notes.add("with a space in front, " + QuotedText.of(spaced) + " is one token");
        if (looksLikeList(text))
            notes.add("it is written like a list; a column holds lists where every one of its cells is one");
        return new UserError(
                UserError.Kind.INPUT,
                ErrorCode.NOT_ONE_TOKEN,
                QuotedText.of(text)
                        + (ids.length == 0
                                ? " is not a token of this tokenizer"
                                : " is not one token but " + ids.length)
                        + " (" + where + ")",
                notes,
                single && ids.length > 1 && !missing && !looksLikeList(text)
                        ? "logprob(t) and prob(t) take texts of several tokens, as the metrics logprob_diff and answer_logprob do; logit(t) and"
                                + " logit_diff take single tokens"
                                + (cell ? ": write `metric logprob_diff` right before or after `data`" : "")
                        : single
                                ? "a label is a text that is exactly one token, or a whole number, which is taken as a token's id"
                                : "an answer is a text that this tokenizer has tokens for, or a whole number, which is taken as a token's id");
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
                List.of("its tokens: " + TokenList.show(tokenizer, ids), "logit(t) takes single tokens"),
                "read the number with prob(t) or logprob(t), which take its digits one after the other, as prob_diff does");
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
                .flatMap(column -> withoutSpace(pairs, column, tokenizer).stream())
                .toList();
    }

    /** What a cell names: its items where it is a list, else itself. */
    private static List<String> texts(String cell) {
        return ListCell.items(cell)
                .map(items -> items.stream()
                        .filter(String.class::isInstance)
                        .map(String.class::cast)
                        .toList())
                .orElse(List.of(cell));
    }

    /**
     * That a text lacks the space that the word it names begins with in running text: the first one; empty where a single token would not be one with it.
     * Where other texts have the space, that is a slip; where none has, it must hold for all of them, since what is meant may be no word's beginning.
     */
    private static Optional<String> withoutSpace(Pairs pairs, String column, Tokenizer tokenizer) {
        if (!pairs.pairs().stream().allMatch(pair -> endsAWord(pair.cleanText()))) return Optional.empty();
        List<String> all = pairs.pairs().stream()
                .flatMap(pair -> texts(pair.columns().get(column)).stream())
                .toList();
        List<String> bare = all.stream().filter(LabelTokens::isBare).toList();
        boolean mixed = all.stream().allMatch(text -> isBare(text) || text.startsWith(" "));
        if (bare.size() < all.size() && !mixed) return Optional.empty();
        boolean tokens = bare.stream()
                .distinct()
                .allMatch(text -> tokenizer.label(" " + text).ids().length == 1
                        || tokenizer.label(text).ids().length > 1);
        if (!tokens) return Optional.empty();
        return bare.stream()
                .filter(text -> !tokenizer.label(text).spaceAdded())
                .findFirst()
                .map(text -> "the column " + column + " holds " + QuotedText.of(text)
                        + " without a space in front, in row " + row(pairs, column, text)
                        + "; after a word the model says " + QuotedText.of(" " + text) + ", "
                        + (tokenizer.label(text).ids().length == 1 ? "another token" : "other tokens")
                        + ": " + beginWithSpace(pairs, column));
    }

    /** How the space comes before a text in the file. */
    private static String beginWithSpace(Pairs pairs, String column) {
        String name = pairs.name().toLowerCase(Locale.ROOT);
        boolean tabs = name.endsWith(".tsv") || name.endsWith(".tab");
        if (isList(pairs, column) || !tabs && !name.endsWith(".csv")) return "begin the text with a space";
        return "begin the field with a space, right after the " + (tabs ? "tab" : "comma");
    }

    private static boolean isList(Pairs pairs, String column) {
        return looksLikeList(pairs.pairs().getFirst().columns().get(column));
    }

    private static int row(Pairs pairs, String column, String text) {
        return pairs.pairs().stream()
                .filter(pair -> texts(pair.columns().get(column)).contains(text))
                .findFirst()
                .orElseThrow()
                .row();
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

    /** Whether a cell is an id: a whole number, or one as pandas writes it in a column of floats, {@code 300.0}. */
    private static boolean isWhole(String value) {
        return WHOLE.matcher(value).matches();
    }

    /**
     * The id that a text of digits is, with nothing but zeros behind a point.
     *
     * @param where it comes from, for the message
     * @throws UserError where the tokenizer has no token of that id
     */
    public static int byId(String value, Tokenizer tokenizer, String where) {
        String whole = value.contains(".") ? value.substring(0, value.indexOf('.')) : value;
        // Longer than any id, and perhaps than an int.
        int id = whole.length() > 9 ? Integer.MAX_VALUE : Integer.parseInt(whole);
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
        notes.add("its columns: " + Visible.line(String.join(", ", pairs.columns())));
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
