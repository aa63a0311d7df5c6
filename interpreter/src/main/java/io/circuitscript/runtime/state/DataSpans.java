package io.circuitscript.runtime.state;

import io.circuitscript.engine.CancelToken;
import io.circuitscript.graph.Spans;
import io.circuitscript.model.tokenizer.Tokenizer;
import io.circuitscript.task.Pair;
import io.circuitscript.task.Pairs;
import io.circuitscript.task.RowSpans;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The spans of some data, which are found when something first asks for them: most scripts never do. */
final class DataSpans {
    /** The rows that spans were found of, and the same with spans. */
    private Optional<Pairs> rows = Optional.empty();

    private Optional<Pairs> found = Optional.empty();

    /** The spans of each row's text, by its number. */
    private final Map<Integer, int[]> ofRows = new HashMap<>();

    /** With the answers of the metric; empty until they are asked for. */
    private Optional<Spans> all = Optional.empty();

    private boolean asked;

    /** Whether something has asked for the spans of these data, so that what runs on them has to have them. */
    boolean asked() {
        return asked;
    }

    Optional<Spans> known() {
        return all;
    }

    /** There are other data. */
    void forget() {
        asked = false;
        forgetAnswers();
    }

    /** The metric, or the rows that it reads, have changed. */
    void forgetAnswers() {
        all = Optional.empty();
    }

    /** Finds the spans of texts, once for these rows of one model's tokens. */
    Pairs ofTexts(Pairs data, Tokenizer tokenizer, CancelToken cancel) {
        asked = true;
        if (rows.filter(it -> it == data).isPresent()) return found.orElseThrow();
        Pairs withSpans = RowSpans.of(data, tokenizer, cancel);
        ofRows.clear();
        for (Pair pair : withSpans.pairs()) ofRows.put(pair.row(), pair.spans());
        rows = Optional.of(data);
        found = Optional.of(withSpans);
        return withSpans;
    }

    /** @param several the numbers of the rows whose metric reads an answer of several tokens */
    Spans find(Pairs ofTexts, Set<Integer> several) {
        Spans spans = RowSpans.withAnswers(ofTexts, it -> several.contains(it.row()));
        all = Optional.of(spans);
        return spans;
    }

    /** Some of the rows with their spans, where these are known. */
    Pairs on(Pairs some) {
        if (all.isEmpty() || all.get().isNone()) return some;
        return some.with(some.pairs().stream()
                        .map(it -> it.withSpans(ofRows.get(it.row())))
                        .toList())
                .withSpans(all.get());
    }
}
