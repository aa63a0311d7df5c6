package io.circuitscript.runtime.metric;

import io.circuitscript.runtime.evaluate.Arguments;
import io.circuitscript.source.ErrorCode;
import io.circuitscript.source.UserError;
import io.circuitscript.task.Pair;
import io.circuitscript.task.Pairs;
import io.circuitscript.task.SeededRandom;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Splits the data into rows to find circuits on and rows to test them on. Rows with the same two texts stay together,
 * so that a circuit is never tested on a row that it was found on.
 *
 * @param share how much is for training, above 0 and below 1; of the rows, rounded down, and fewer where rows that stay together leave no other way
 * @param seed shuffles the rows first
 */
public record SplitRule(double share, long seed) {

    /** @throws UserError where a part would have no row */
    public void check(Pairs pairs) {
        int train = rows(pairs, DataSplit.TRAIN).size();
        if (train > 0 && train < pairs.size()) return;
        String left = train == 0 ? "no row for training" : "no row for testing";
        String has = pairs.name() + " has " + pairs.size()
                + (pairs.distinct() < pairs.size() ? ", " + pairs.distinct() + " of them distinct" : "");
        throw UserError.input(
                ErrorCode.SPLIT_EMPTY,
                "the split leaves " + left + ": " + has,
                "take another share, or data of more rows");
    }

    public Pairs rows(Pairs pairs, DataSplit split) {
        List<Pair> shuffled = new SeededRandom(seed).shuffled(pairs.pairs());
        if (split == DataSplit.ALL) return pairs.with(shuffled);
        Map<Pair.Texts, Integer> copies = new HashMap<>();
        for (Pair pair : shuffled) copies.merge(pair.texts(), 1, Integer::sum);
        int most = Arguments.share(share, pairs.size());
        Set<Pair.Texts> train = new HashSet<>();
        int taken = 0;
        List<Pair> rows = new ArrayList<>();
        for (Pair pair : shuffled) {
            // All of its rows or none; one that was refused is refused again, since the room left only shrinks.
            if (!train.contains(pair.texts()) && taken + copies.get(pair.texts()) <= most) {
                train.add(pair.texts());
                taken += copies.get(pair.texts());
            }
            if (train.contains(pair.texts()) == (split == DataSplit.TRAIN)) rows.add(pair);
        }
        return pairs.with(rows);
    }
}
