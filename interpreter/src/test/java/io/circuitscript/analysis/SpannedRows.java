package io.circuitscript.analysis;

import io.circuitscript.graph.Circuit;
import io.circuitscript.graph.ModelGraph;
import io.circuitscript.graph.Spans;
import io.circuitscript.task.Pair;
import io.circuitscript.task.Pairs;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Random;
import java.util.function.Function;

/** Rows with spans that a test gives them. */
public final class SpannedRows {
    private SpannedRows() {}

    /**
     * The same rows.
     *
     * @param names of the spans; {@link Spans#ANSWER}, the last of them, where the metric reads answers of several tokens
     * @param of the span of each position of a row's texts
     */
    public static Pairs of(Pairs pairs, List<String> names, Function<Pair, int[]> of) {
        List<Pair> rows = new ArrayList<>();
        List<BitSet> seen = new ArrayList<>();
        for (int i = 0; i < names.size(); i++) seen.add(new BitSet());
        BitSet read = new BitSet();
        int answer = names.indexOf(Spans.ANSWER);
        for (Pair pair : pairs.pairs()) {
            int[] spans = of.apply(pair);
            rows.add(pair.withSpans(spans));
            BitSet before = new BitSet();
            for (int span : spans) {
                before.set(span);
                seen.get(span).or(before);
            }
            read.set(spans[spans.length - 1]);
            if (answer < 0) continue;
            before.set(answer);
            seen.get(answer).or(before);
            read.set(answer);
        }
        return new Pairs(
                pairs.name(),
                pairs.columns(),
                rows,
                pairs.named(),
                pairs.skipped(),
                pairs.source(),
                Spans.of(names, seen, read));
    }

    /** Each position in one of so many spans by chance. */
    public static Pairs random(Pairs pairs, int spans, boolean answers, Random random) {
        List<String> names = new ArrayList<>();
        for (int i = 0; i < spans; i++) names.add("s" + i);
        if (answers) names.add(Spans.ANSWER);
        return of(
                pairs, names, pair -> random.ints(pair.clean().length, 0, spans).toArray());
    }

    /** Where the text begins, in the middle, and its last position, with random borders: spans that see some of the others only. */
    public static Pairs inOrder(Pairs pairs, boolean answers, Random random) {
        List<String> names = new ArrayList<>(List.of("start", "early", "late", "end"));
        if (answers) names.add(Spans.ANSWER);
        return of(pairs, names, pair -> {
            int length = pair.clean().length;
            int[] spans = new int[length];
            int border = 1 + random.nextInt(length - 2);
            for (int i = 1; i < length; i++) spans[i] = i == length - 1 ? 3 : i < border ? 1 : 2;
            return spans;
        });
    }

    /** Elements by chance, each as likely. */
    public static Circuit circuit(ModelGraph graph, double share, Random random) {
        BitSet edges = new BitSet();
        for (int edge = 0; edge < graph.edgeIndexBound(); edge++)
            if (graph.exists(edge) && random.nextDouble() < share) edges.set(edge);
        return new Circuit(graph, edges);
    }
}
