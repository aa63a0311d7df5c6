package io.circuitscript.task;

import io.circuitscript.source.ErrorCode;
import io.circuitscript.source.UserError;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** Rows that can show nothing: those whose clean and corrupted texts are the same, and those whose correct and incorrect answers are, or are empty. */
public final class UninformativeRows {
    /** Columns of right and wrong answers that belong together. */
    public static final List<List<String>> ANSWERS =
            List.of(List.of("correct", "incorrect"), List.of("correct_idx", "incorrect_idx"));

    private UninformativeRows() {}

    /**
     * Tells which rows of some data are so.
     *
     * @param texts whether texts are compared too: not where the script itself says that both are one column
     * @throws UserError where every row is so
     */
    public static void tell(Pairs pairs, boolean texts, Consumer<String> say) {
        if (texts) {
            tell(
                    pairs,
                    "clean and corrupted texts",
                    "the same",
                    pair -> Arrays.equals(pair.clean(), pair.corrupted()),
                    "patching changes nothing there",
                    "give each row two texts that differ; to ablate without corrupted texts, say so: corrupted=clean, and with=zero or with=mean",
                    say);
        }
        for (List<String> columns : ANSWERS) {
            if (!pairs.columns().containsAll(columns)) continue;
            String names = pairs.fileColumn(columns.getFirst()) + " and " + pairs.fileColumn(columns.getLast());
            Predicate<Pair> same = pair ->
                    pair.columns().get(columns.getFirst()).equals(pair.columns().get(columns.getLast()));
            Predicate<Pair> empty =
                    same.and(pair -> pair.columns().get(columns.getFirst()).isEmpty());
            tell(
                    pairs,
                    "answers in " + names,
                    "empty",
                    empty,
                    "there is nothing to compare there",
                    "give each row two answers that differ",
                    say);
            boolean all = pairs.pairs().stream().allMatch(same);
            tell(
                    pairs,
                    "answers in " + names,
                    "the same",
                    all ? same : same.and(empty.negate()),
                    "their difference is always 0 there",
                    "give each row two answers that differ",
                    say);
        }
    }

    private static void tell(
            Pairs pairs,
            String what,
            String how,
            Predicate<Pair> same,
            String therefore,
            String help,
            Consumer<String> say) {
        List<Integer> rows =
                pairs.pairs().stream().filter(same).map(Pair::row).sorted().toList();
        if (rows.isEmpty()) return;
        if (rows.size() == pairs.size()) {
            throw UserError.input(
                    ErrorCode.DATA_NO_DIFFERENCE,
                    "the " + what + " of " + pairs.name() + " are " + how + " in every row: " + therefore,
                    help);
        }
        say.accept("the " + what + " are " + how + " in " + RowFaults.numbers(rows) + " of " + pairs.name() + ": "
                + therefore);
    }
}
