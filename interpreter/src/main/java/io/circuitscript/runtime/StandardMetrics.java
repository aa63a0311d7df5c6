package io.circuitscript.runtime;

import io.circuitscript.model.Tokenizer;
import io.circuitscript.source.UserError;
import io.circuitscript.task.Metric;
import io.circuitscript.task.Pairs;
import java.util.List;
import java.util.Map;

/** Which metric of the standard library the columns of data mean, and by which names it then reads them. */
public final class StandardMetrics {
    /** A metric that may be meant by columns. @param by a column of the metric to the data's name for it */
    private record Meant(String metric, Map<String, String> by, String reason) {
        boolean in(List<String> columns) {
            return columns.containsAll(by.values());
        }
    }

    /** The first that is there decides. */
    private static final List<Meant> MEANT = List.of(
            new Meant("prob_diff", Map.of("start_year", "start_year"), "the column start_year holds years"),
            new Meant("prob_diff", Map.of("start_year", "label"), "the column label holds years"),
            new Meant("logit_diff", Map.of("correct", "correct", "incorrect", "incorrect"), "the columns correct and incorrect hold tokens"),
            new Meant("logit_diff", Map.of("correct", "correct_idx", "incorrect", "incorrect_idx"),
                    "the columns correct_idx and incorrect_idx hold tokens"));

    private StandardMetrics() {}

    /**
     * A metric that the columns mean.
     *
     * @param reason why, for the user to read
     */
    record Inferred(MetricSource source, String reason) {}

    /**
     * The metric that the columns mean: {@code start_year} or {@code label} the difference in probability over years, {@code correct} and
     * {@code incorrect}, or {@code correct_idx} and {@code incorrect_idx}, the difference in logits.
     *
     * @throws UserError where they mean none
     */
    static Inferred infer(Pairs pairs) {
        for (Meant meant : MEANT) {
            if (!meant.in(pairs.columns())) continue;
            MetricSource source = StandardLibrary.get().metrics().get(meant.metric());
            return new Inferred(source.with(meant.by()), meant.reason());
        }
        throw new UserError(
                UserError.Kind.INPUT,
                "no-metric",
                "no metric can be inferred from the columns of " + pairs.name() + ": " + String.join(", ", pairs.columns()),
                List.of(
                        "start_year or label means prob_diff, over years",
                        "correct and incorrect, or correct_idx and incorrect_idx, mean logit_diff"),
                "name the columns in the data statement, as label=COLUMN or correct=COLUMN incorrect=COLUMN");
    }

    /** The metric that the columns mean, bound to the pairs. @throws UserError where they mean none, or hold what it cannot read */
    public static Metric inferred(Pairs pairs, Tokenizer tokenizer) {
        return MetricBinder.bind(infer(pairs).source(), pairs, tokenizer).metric();
    }

    /** A metric of the library by the names that these columns have for what it reads; by its own where none of them is known. */
    static MetricSource fitting(MetricSource source, List<String> columns) {
        if (!source.standard() || columns.containsAll(source.reads())) return source;
        return MEANT.stream()
                .filter(meant -> meant.by().keySet().containsAll(source.definition().columns().stream().map(Object::toString).toList()))
                .filter(meant -> meant.in(columns))
                .findFirst()
                .map(meant -> source.with(meant.by()))
                .orElse(source);
    }
}
