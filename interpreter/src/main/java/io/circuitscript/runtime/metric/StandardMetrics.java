package io.circuitscript.runtime.metric;

import io.circuitscript.io.table.ListCell;
import io.circuitscript.model.tokenizer.Tokenizer;
import io.circuitscript.source.ErrorCode;
import io.circuitscript.source.UserError;
import io.circuitscript.source.Visible;
import io.circuitscript.syntax.Statement;
import io.circuitscript.task.Metric;
import io.circuitscript.task.MissingValues;
import io.circuitscript.task.Pairs;
import io.circuitscript.task.Years;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Chooses the metric of the standard library that fits the columns of the data. */
public final class StandardMetrics {
    private static final String START_YEAR = "start_year";
    private static final String LABEL = "label";

    /** The columns that may mean a metric. */
    static final List<String> ANSWERS =
            List.of(START_YEAR, LABEL, "correct", "incorrect", "correct_idx", "incorrect_idx");

    /** A metric that may be meant by columns. @param by a column of the metric to the data's name for it */
    private record Meant(String metric, Map<String, String> by, String reason) {
        boolean in(List<String> columns) {
            return columns.containsAll(by.values());
        }

        long namedBy(Set<String> names) {
            return by.values().stream().filter(names::contains).count();
        }
    }

    /** The first that is there decides. */
    private static final List<Meant> MEANT = List.of(
            new Meant("prob_diff", ordered(START_YEAR, START_YEAR), "the column start_year holds years"),
            new Meant("prob_diff", ordered(START_YEAR, LABEL), "the column label holds years"),
            new Meant(
                    "logit_diff",
                    ordered("correct", "correct", "incorrect", "incorrect"),
                    "the columns correct and incorrect hold tokens"),
            new Meant(
                    "logit_diff",
                    ordered("correct", "correct_idx", "incorrect", "incorrect_idx"),
                    "the columns correct_idx and incorrect_idx hold tokens"));

    private StandardMetrics() {}

    /** Names and what they stand for, in turn; a message lists them in this order. */
    private static Map<String, String> ordered(String... names) {
        Map<String, String> map = new LinkedHashMap<>();
        for (int i = 0; i < names.length; i += 2) map.put(names[i], names[i + 1]);
        return map;
    }

    /**
     * A metric that the columns mean.
     *
     * @param reason why, for the user to read
     */
    public record Inferred(MetricSource source, String reason) {}

    /**
     * The metric that the columns mean: {@code start_year} or {@code label} the difference in probability over years, {@code correct} and
     * {@code incorrect}, or {@code correct_idx} and {@code incorrect_idx}, the difference in logits. Columns that the script named decide before any
     * other; where it named none, {@code label} means years only if it holds such and the texts end in digits.
     *
     * @throws UserError where they mean none
     */
    public static Inferred infer(Pairs pairs) {
        boolean named = ANSWERS.stream().anyMatch(pairs.named()::containsKey);
        Optional<Meant> meant = named
                ? byNames(MEANT, pairs.columns(), pairs.named().keySet())
                : MEANT.stream()
                        .filter(it -> it.in(pairs.columns())
                                && (!it.by().containsValue(LABEL)
                                        || Years.doubt(pairs, LABEL).isEmpty()))
                        .findFirst();
        Meant found = meant.orElseThrow(() -> none(pairs, named));
        List<String> lists =
                found.by().values().stream().filter(it -> holdsLists(pairs, it)).toList();
        if (!lists.isEmpty()) throw ofLists(pairs, List.copyOf(found.by().values()), lists);
        String reason = named
                ? "the statement names "
                        + String.join(
                                " and ",
                                found.by().values().stream()
                                        .filter(pairs.named()::containsKey)
                                        .toList())
                : found.reason();
        return new Inferred(StandardLibrary.get().metrics().get(found.metric()).with(found.by()), reason);
    }

    /** The metric of which the script named most columns, one at least. */
    private static Optional<Meant> byNames(List<Meant> among, List<String> columns, Set<String> named) {
        return among.stream()
                .filter(it -> it.in(columns) && it.namedBy(named) > 0)
                .reduce((first, other) -> other.namedBy(named) > first.namedBy(named) ? other : first);
    }

    /** Whether each cell is a list or missing, and one is a list. */
    private static boolean holdsLists(Pairs pairs, String column) {
        List<String> cells = pairs.pairs().stream()
                .map(pair -> pair.columns().get(column))
                .filter(cell -> !MissingValues.isMissing(cell))
                .toList();
        return cells.stream().allMatch(ListCell::isBracketed)
                && cells.stream().anyMatch(cell -> ListCell.items(cell).isPresent());
    }

    private static UserError ofLists(Pairs pairs, List<String> reads, List<String> lists) {
        return UserError.input(
                ErrorCode.NO_METRIC,
                "no metric can be inferred from the columns of " + pairs.name() + ": " + holdLists(pairs, lists),
                severalHelp(reads));
    }

    /** As {@code correct and incorrect hold lists of answers}. */
    static String holdLists(Pairs pairs, List<String> lists) {
        return lists.stream().map(pairs::fileColumn).collect(Collectors.joining(" and "))
                + (lists.size() == 1 ? " holds" : " hold") + " lists of answers";
    }

    /** The metric to write where cells hold several answers. @param reads the columns, the right one first */
    static String severalHelp(List<String> reads) {
        return "define a metric that takes all of them: metric several(" + String.join(", ", reads) + ") = "
                + reads.stream().map(it -> "sum(prob(" + it + "))").collect(Collectors.joining(" - "));
    }

    private static UserError none(Pairs pairs, boolean named) {
        String why = "";
        if (named) {
            String names = String.join(
                    " and ", ANSWERS.stream().filter(pairs.named()::containsKey).toList());
            why = "; the statement names " + names + ", which alone implies no metric";
        } else if (pairs.columns().contains(LABEL)) {
            why = Years.doubt(pairs, LABEL)
                    .map(it -> "; label is not taken for years, since " + it)
                    .orElse("");
        }
        return new UserError(
                UserError.Kind.INPUT,
                ErrorCode.NO_METRIC,
                "no metric can be inferred from the columns of " + pairs.name() + ": "
                        + Visible.line(String.join(", ", pairs.columns())) + why,
                List.of(
                        "start_year or label means prob_diff, over years",
                        "correct and incorrect, or correct_idx and incorrect_idx, mean logit_diff"),
                "name the columns in the data statement, as label=COLUMN or correct=COLUMN incorrect=COLUMN");
    }

    /** The metric that the columns mean, bound to the pairs. @throws UserError where they mean none, or hold what it cannot read */
    public static Metric inferred(Pairs pairs, Tokenizer tokenizer) {
        MetricSource source = infer(pairs).source();
        checkYears(source, pairs);
        return MetricBinder.bind(source, pairs, tokenizer).metric();
    }

    /**
     * A metric of the library by the names that these columns have for what it reads, those first that the script named; by its own where none of
     * them is known.
     */
    public static MetricSource fitting(MetricSource source, List<String> columns, Set<String> named) {
        if (!source.standard() || source.reads().isEmpty()) return source;
        List<String> wanted =
                source.definition().columns().stream().map(Statement.Name::text).toList();
        List<Meant> may = MEANT.stream()
                .filter(meant -> meant.by().keySet().containsAll(wanted) && meant.in(columns))
                .toList();
        Optional<Meant> byNames = byNames(may, columns, named);
        if (byNames.isEmpty() && columns.containsAll(source.reads())) return source;
        return byNames.or(() -> may.stream().findFirst())
                .map(meant -> source.with(meant.by()))
                .orElse(source);
    }

    /** @throws UserError where a column of years that a metric of the library reads holds something else */
    public static void checkYears(MetricSource source, Pairs pairs) {
        if (!source.standard()
                || !source.definition().columns().stream()
                        .map(Statement.Name::text)
                        .toList()
                        .equals(List.of(START_YEAR))) return;
        String column = source.reads().getFirst();
        if (pairs.columns().contains(column)) Years.require(pairs, column);
    }
}
