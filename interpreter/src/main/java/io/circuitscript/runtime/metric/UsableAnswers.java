package io.circuitscript.runtime.metric;

import io.circuitscript.engine.CancelToken;
import io.circuitscript.model.tokenizer.Tokenizer;
import io.circuitscript.runtime.value.Mistake;
import io.circuitscript.source.ErrorCode;
import io.circuitscript.source.UserError;
import io.circuitscript.task.MissingValues;
import io.circuitscript.task.Pair;
import io.circuitscript.task.Pairs;
import io.circuitscript.task.RowFault;
import io.circuitscript.task.RowFaults;
import io.circuitscript.task.UninformativeRows;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Finds the rows whose answers a metric cannot use: one is missing, is not what the metric reads (as a text of two tokens where it reads a logit), or is the same
 * as the other one. What can be used is asked of the metric itself.
 */
public final class UsableAnswers {
    /** What a metric says about one row, and no other. */
    private static final Set<ErrorCode> OF_A_ROW = Set.of(
            ErrorCode.NOT_ONE_TOKEN, ErrorCode.NO_SUCH_TOKEN, ErrorCode.NOT_A_TOKEN, ErrorCode.YEAR_OUT_OF_RANGE);

    private static final Set<String> TEXTS = Set.of("clean", "corrupted");
    private static final Pattern NUMBER = Pattern.compile("[-+0-9.eE]+");

    private final Pairs pairs;
    private final Tokenizer tokenizer;
    private final CancelToken cancel;
    private final Optional<MetricSource> metric;
    private final List<String> reads;
    private final Map<RowFault, List<Integer>> faults = new EnumMap<>(RowFault.class);
    private Optional<String> first = Optional.empty();

    private UsableAnswers(Pairs pairs, Optional<MetricSource> chosen, Tokenizer tokenizer, CancelToken cancel) {
        this.pairs = pairs;
        this.tokenizer = tokenizer;
        this.cancel = cancel;
        this.metric = chosen.map(it -> StandardMetrics.fitting(
                        it, pairs.columns(), pairs.named().keySet()))
                .filter(it -> it.missing(pairs.columns()).isEmpty())
                .or(this::implied);
        this.reads = metric
                .map(MetricSource::reads)
                .orElseGet(() -> UninformativeRows.ANSWERS.stream()
                        .filter(pairs.columns()::containsAll)
                        .flatMap(List::stream)
                        .toList())
                .stream()
                .filter(column -> !TEXTS.contains(column))
                .toList();
    }

    /**
     * What was found.
     *
     * @param first what the metric says about the first row that it cannot use
     */
    public record Found(List<Pair> usable, RowFaults faults, Optional<String> first) {}

    /** @param chosen the metric that the script named; where it reads columns that are not there, the columns decide, as they do without one */
    public static Found of(Pairs pairs, Optional<MetricSource> chosen, Tokenizer tokenizer, CancelToken cancel) {
        return new UsableAnswers(pairs, chosen, tokenizer, cancel).find();
    }

    /** Whether an error says that a metric cannot use a row's answer. */
    public static boolean isRefusal(ErrorCode code) {
        return OF_A_ROW.contains(code);
    }

    /** The metric that the columns imply in the rows where no answer is missing. */
    private Optional<MetricSource> implied() {
        List<String> there = StandardMetrics.ANSWERS.stream()
                .filter(pairs.columns()::contains)
                .toList();
        List<Pair> whole =
                pairs.pairs().stream().filter(row -> !lacks(row, there)).toList();
        try {
            return Optional.of(StandardMetrics.infer(whole.isEmpty() ? pairs : pairs.with(whole))
                    .source());
        } catch (UserError none) {
            return Optional.empty();
        }
    }

    private static boolean lacks(Pair row, List<String> columns) {
        return columns.stream()
                .anyMatch(column -> MissingValues.isMissing(row.columns().get(column)));
    }

    private Found find() {
        List<Pair> rows = without(pairs.pairs(), RowFault.EMPTY_CELL, row -> lacks(row, reads));
        List<List<String>> answers = UninformativeRows.ANSWERS.stream()
                .filter(both -> reads.containsAll(both))
                .toList();
        rows = without(
                rows,
                RowFault.SAME_ANSWERS,
                row -> answers.stream()
                        .anyMatch(both -> row.columns()
                                .get(both.getFirst())
                                .equals(row.columns().get(both.getLast()))));
        Set<List<String>> unusable = metric.isPresent() && !reads.isEmpty() ? unusable(rows) : Set.of();
        rows = without(rows, RowFault.UNUSABLE_ANSWER, row -> unusable.contains(values(row)));
        return new Found(rows, new RowFaults(faults), first);
    }

    private List<Pair> without(List<Pair> rows, RowFault fault, java.util.function.Predicate<Pair> has) {
        List<Pair> others = new ArrayList<>(rows.size());
        for (Pair row : rows) {
            if (has.test(row))
                faults.computeIfAbsent(fault, _ -> new ArrayList<>()).add(row.row());
            else others.add(row);
        }
        return others;
    }

    private List<String> values(Pair row) {
        return reads.stream().map(row.columns()::get).toList();
    }

    /** The answers that the metric cannot use, of the first row that has each. */
    private Set<List<String>> unusable(List<Pair> rows) {
        Map<List<String>, Pair> distinct = new LinkedHashMap<>();
        for (Pair row : rows) distinct.putIfAbsent(values(row), row);
        List<Pair> all = List.copyOf(distinct.values());
        Set<List<String>> unusable = new HashSet<>();
        if (!isUsable(all)) divide(all, texts(all), unusable);
        return unusable;
    }

    /**
     * For each column of texts a usable row that has one. Whether a column holds numbers or texts depends on all of its rows; with such a row beside them, a
     * few are read as all are.
     */
    private List<Pair> texts(List<Pair> rows) {
        List<Pair> texts = new ArrayList<>();
        for (String column : reads) {
            rows.stream()
                    .filter(row ->
                            !NUMBER.matcher(row.columns().get(column).strip()).matches())
                    .filter(row -> isUsable(List.of(row)))
                    .findFirst()
                    .ifPresent(texts::add);
        }
        return texts;
    }

    private void divide(List<Pair> rows, List<Pair> texts, Set<List<String>> unusable) {
        cancel.check();
        List<Pair> together = new ArrayList<>(texts);
        together.addAll(rows);
        if (rows.isEmpty() || isUsable(together)) return;
        if (rows.size() == 1) {
            unusable.add(values(rows.getFirst()));
            return;
        }
        int half = rows.size() / 2;
        divide(rows.subList(0, half), texts, unusable);
        divide(rows.subList(half, rows.size()), texts, unusable);
    }

    private boolean isUsable(List<Pair> rows) {
        try {
            Pairs some = pairs.with(rows);
            StandardMetrics.checkYears(metric.orElseThrow(), some);
            MetricBinder.bind(metric.orElseThrow(), some, tokenizer);
            return true;
        } catch (UserError e) {
            return refused(e.code(), e.getMessage(), e);
        } catch (Mistake e) {
            return refused(e.diagnostic().code(), e.diagnostic().message(), e);
        }
    }

    private boolean refused(ErrorCode code, String message, RuntimeException error) {
        if (!OF_A_ROW.contains(code)) throw error;
        if (first.isEmpty()) first = Optional.of(message);
        return false;
    }
}
