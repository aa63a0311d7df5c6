package io.circuitscript.task;

import io.circuitscript.engine.CancelToken;
import io.circuitscript.graph.Spans;
import io.circuitscript.model.tokenizer.TokenTexts;
import io.circuitscript.model.tokenizer.Tokenizer;
import java.nio.IntBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Finds the span of every position of every row. A position is in exactly one: the beginning-of-sequence token's, the last position's, that of the
 * first field in the text's order which has a character of the token, or that of the rest.
 */
public final class RowSpans {
    private static final int BOS = -1;
    private static final int REST = -2;
    private static final int END = -3;

    /** Tokens of a row's clean text, and the order in which they are read there. */
    private record Placed(String name, BitSet tokens, int from) {
        int first() {
            return tokens.nextSetBit(0);
        }
    }

    private final Pairs pairs;
    private final Tokenizer tokenizer;
    private final CancelToken cancel;
    private final Map<String, TokenTexts> texts = new HashMap<>();

    /** Fields in the order in which they were found, each with its number. */
    private final Map<String, Integer> fields = new LinkedHashMap<>();

    private RowSpans(Pairs pairs, Tokenizer tokenizer, CancelToken cancel) {
        this.pairs = pairs;
        this.tokenizer = tokenizer;
        this.cancel = cancel;
    }

    /**
     * The same rows with their spans; as they are where their positions are not told apart.
     *
     * @param pairs all of the data, so that a part of them has the same spans
     * @param tokenizer that made their tokens
     * @param cancel asked between rows
     */
    public static Pairs of(Pairs pairs, Tokenizer tokenizer, CancelToken cancel) {
        return pairs.source() == SpanSource.NONE ? pairs : new RowSpans(pairs, tokenizer, cancel).found();
    }

    private Pairs found() {
        List<int[]> places = new ArrayList<>(pairs.size());
        Map<IntBuffer, int[]> shared = new HashMap<>(); // rows of one form share theirs
        for (Pair pair : pairs.pairs()) {
            cancel.check();
            int[] found = places(pair);
            places.add(shared.computeIfAbsent(IntBuffer.wrap(found), _ -> found));
        }
        Set<Integer> occurring = new HashSet<>();
        for (int[] row : shared.values()) for (int code : row) occurring.add(code);
        List<String> names = new ArrayList<>();
        Map<Integer, Integer> numbers = new HashMap<>();
        if (occurring.contains(BOS)) add(BOS, Spans.BOS, names, numbers);
        fields.forEach((name, code) -> add(code, name, names, numbers));
        if (occurring.contains(REST)) add(REST, Spans.REST, names, numbers);
        if (occurring.contains(END)) add(END, Spans.END, names, numbers);
        for (int[] row : shared.values()) for (int i = 0; i < row.length; i++) row[i] = numbers.get(row[i]);
        List<Pair> rows = new ArrayList<>(pairs.size());
        for (int i = 0; i < places.size(); i++) rows.add(pairs.pairs().get(i).withSpans(places.get(i)));
        return pairs.with(rows).withSpans(spans(names, rows));
    }

    private static void add(int code, String name, List<String> names, Map<Integer, Integer> numbers) {
        numbers.put(code, names.size());
        names.add(name);
    }

    /** What each position is in: a field's number, or one of the constants. */
    private int[] places(Pair pair) {
        int[] places = new int[pair.length()];
        Arrays.fill(places, REST);
        if (pairs.source() == SpanSource.TOKENS) {
            for (int at = 0; at < places.length; at++) places[at] = at;
        } else {
            List<Placed> placed = placed(pair);
            for (Placed field : placed) {
                BitSet free = new BitSet();
                field.tokens().stream().filter(at -> places[at] == REST).forEach(free::set);
                if (free.isEmpty()) continue;
                int number = fields.computeIfAbsent(field.name(), _ -> fields.size());
                free.stream().forEach(at -> places[at] = number);
            }
        }
        places[places.length - 1] = END;
        if (tokenizer.bos().isPresent()) places[0] = BOS;
        if (pairs.source() == SpanSource.TOKENS)
            for (int at : places) if (at >= 0) fields.computeIfAbsent(SpanNames.ofToken(at), _ -> at);
        return places;
    }

    /** A row's fields in the order of its text, without the first and the last position where those are spans of their own. */
    private List<Placed> placed(Pair pair) {
        if (pair.fields().isEmpty()) return List.of();
        Map<String, Placed> byName = new LinkedHashMap<>();
        for (SpanField field : pair.fields()) {
            BitSet tokens = tokens(field, pair);
            tokens.clear(pair.length() - 1, pair.length());
            if (tokenizer.bos().isPresent()) tokens.clear(0);
            if (tokens.isEmpty()) continue;
            Placed one = new Placed(field.name(), tokens, field.from());
            byName.merge(field.name(), one, (a, b) -> {
                a.tokens().or(b.tokens());
                return a;
            });
        }
        List<Placed> inOrder = new ArrayList<>(byName.values());
        inOrder.sort(Comparator.comparingInt(Placed::first).thenComparingInt(Placed::from)); // stable
        return inOrder;
    }

    private BitSet tokens(SpanField field, Pair pair) {
        BitSet tokens = new BitSet();
        if (field.ofTokens()) {
            tokens.set(field.from(), Math.min(field.to(), pair.length()));
            return tokens;
        }
        TokenTexts texts = this.texts.computeIfAbsent(pair.cleanText(), tokenizer::encodeWithTexts);
        if (!Arrays.equals(texts.ids(), pair.clean()))
            throw new IllegalStateException("row " + pair.row() + " was tokenized otherwise");
        for (int i = 0; i < texts.size(); i++)
            if (overlaps(field, pair.cleanText(), texts.starts()[i], texts.ends()[i])) tokens.set(i);
        return tokens;
    }

    /** Whether a token has a character of a field, not counting the space in front of a word. */
    private static boolean overlaps(SpanField field, String text, int start, int end) {
        int from = start;
        while (from < end && Character.isWhitespace(text.charAt(from))) from++;
        if (from == end) from = start;
        return from == end ? field.from() <= from && from < field.to() : from < field.to() && field.from() < end;
    }

    /** Of rows whose metric reads one token each. */
    private static Spans spans(List<String> names, List<Pair> rows) {
        return spans(names, rows, -1, _ -> false);
    }

    /**
     * The same data where a metric reads answers of several tokens, which are the span {@code answer} then.
     *
     * @param several whether a row has such an answer
     */
    public static Spans withAnswers(Pairs data, Predicate<Pair> several) {
        if (data.spans().isNone() || data.pairs().stream().noneMatch(several)) return data.spans();
        List<String> names = new ArrayList<>(data.spans().names());
        names.add(Spans.ANSWER);
        return spans(names, data.pairs(), names.size() - 1, several);
    }

    private static Spans spans(List<String> names, List<Pair> rows, int answer, Predicate<Pair> several) {
        List<BitSet> seen = new ArrayList<>();
        for (int i = 0; i < names.size(); i++) seen.add(new BitSet());
        BitSet read = new BitSet();
        Set<IntBuffer> known = new HashSet<>();
        Set<IntBuffer> knownBeforeAnswers = new HashSet<>();
        for (Pair row : rows) {
            IntBuffer form = IntBuffer.wrap(row.spans());
            if (known.add(form)) {
                BitSet before = new BitSet();
                for (int span : row.spans()) {
                    before.set(span);
                    seen.get(span).or(before);
                }
                read.set(row.spans()[row.spans().length - 1]);
            }
            if (answer < 0 || !several.test(row) || !knownBeforeAnswers.add(form)) continue;
            for (int span : row.spans()) seen.get(answer).set(span);
            seen.get(answer).set(answer);
            read.set(answer);
        }
        return Spans.of(names, seen, read);
    }
}
