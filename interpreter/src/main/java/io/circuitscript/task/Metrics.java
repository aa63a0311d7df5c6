package io.circuitscript.task;

import io.circuitscript.model.TokenList;
import io.circuitscript.model.Tokenizer;
import io.circuitscript.source.Spelling;
import io.circuitscript.source.UserError;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** The metrics that need no definition, and which of them a file's columns mean. */
public final class Metrics {
    /** Their names, as {@code metric NAME} takes them. */
    public static final List<String> NAMES = List.of(ProbDiff.NAME, LogitDiff.NAME);

    private static final List<String> YEAR_COLUMNS = List.of("start_year", "label");
    private static final List<List<String>> TOKEN_COLUMNS =
            List.of(List.of("correct", "incorrect"), List.of("correct_idx", "incorrect_idx"));

    private Metrics() {}

    /**
     * The metric that the columns mean: {@code start_year} or {@code label} the difference in probability over years, {@code correct} and
     * {@code incorrect}, or {@code correct_idx} and {@code incorrect_idx}, the difference in logits.
     *
     * @throws UserError where they mean none, or hold what the metric cannot read
     */
    public static Metric infer(Pairs pairs, Tokenizer tokenizer) {
        for (String column : YEAR_COLUMNS) {
            if (pairs.columns().contains(column)) return ProbDiff.of(pairs, column, tokenizer);
        }
        for (List<String> columns : TOKEN_COLUMNS) {
            if (pairs.columns().containsAll(columns)) return LogitDiff.of(pairs, columns.getFirst(), columns.getLast(), tokenizer);
        }
        throw new UserError(
                UserError.Kind.INPUT,
                "no-metric",
                "no metric can be inferred from the columns of " + pairs.name() + ": " + String.join(", ", pairs.columns()),
                inferred(),
                "name the columns in the data statement, as label=COLUMN or correct=COLUMN incorrect=COLUMN");
    }

    /** Why {@link #infer} chose what it chose, for the user to read. */
    public static String reason(Metric metric) {
        return switch (metric) {
            case ProbDiff years -> "the column " + years.column() + " holds years";
            case LogitDiff tokens -> "the columns " + tokens.correctColumn() + " and " + tokens.incorrectColumn() + " hold tokens";
            default -> metric.name() + " was chosen";
        };
    }

    /** What in the columns that a metric reads is likely not meant, for the user to read; empty where all is as it should be. */
    public static List<String> doubts(Metric metric, Pairs pairs, Tokenizer tokenizer) {
        if (!(metric instanceof LogitDiff tokens)) return List.of();
        return Stream.of(tokens.correctColumn(), tokens.incorrectColumn())
                .flatMap(column -> LabelTokens.withoutSpace(pairs, column, tokenizer).stream()
                        .map(text -> "the column " + column + " holds " + TokenList.quote(text) + " without a space in front; after a word the model says "
                                + TokenList.quote(" " + text) + ", another token: begin the field with a space, right after the comma"))
                .toList();
    }

    /**
     * @throws UserError where there is no metric of that name, or the columns that it reads are missing
     */
    public static Metric named(String name, Pairs pairs, Tokenizer tokenizer) {
        return switch (name) {
            case ProbDiff.NAME -> {
                String column = YEAR_COLUMNS.stream()
                        .filter(pairs.columns()::contains)
                        .findFirst()
                        .orElseThrow(() -> missing(name, pairs, "start_year or label"));
                yield ProbDiff.of(pairs, column, tokenizer);
            }
            case LogitDiff.NAME -> {
                List<String> columns = TOKEN_COLUMNS.stream()
                        .filter(pairs.columns()::containsAll)
                        .findFirst()
                        .orElseThrow(() -> missing(name, pairs, "correct and incorrect, or correct_idx and incorrect_idx"));
                yield LogitDiff.of(pairs, columns.getFirst(), columns.getLast(), tokenizer);
            }
            default -> {
                List<String> notes = new ArrayList<>();
                notes.add("there are " + String.join(" and ", NAMES));
                List<String> nearest = Spelling.nearest(name, NAMES, 1);
                throw new UserError(
                        UserError.Kind.INPUT,
                        "unknown-metric",
                        "there is no metric '" + name + "'",
                        notes,
                        nearest.isEmpty() ? "" : "did you mean " + nearest.getFirst() + "?");
            }
        };
    }

    private static UserError missing(String metric, Pairs pairs, String needs) {
        return new UserError(
                UserError.Kind.INPUT,
                "metric-missing-column",
                metric + " reads a column " + needs + ", which " + pairs.name() + " has not",
                List.of("its columns: " + String.join(", ", pairs.columns())),
                "name the column in the data statement, as label=COLUMN");
    }

    private static List<String> inferred() {
        return List.of(
                "start_year or label means prob_diff, over years",
                "correct and incorrect, or correct_idx and incorrect_idx, mean logit_diff");
    }
}
