package io.circuitscript.runtime;

import io.circuitscript.source.UserError;
import io.circuitscript.task.Draws;
import io.circuitscript.task.Pair;
import io.circuitscript.task.Pairs;
import java.util.List;

/**
 * Parts the data into rows to find circuits on and rows to test them on.
 *
 * @param share how much is for training, above 0 and below 1; of the rows, rounded down
 * @param seed shuffles the rows first
 */
public record Split(double share, long seed) {

    /** @throws UserError where a part would have no row */
    void check(Pairs pairs) {
        int train = train(pairs);
        if (train > 0 && train < pairs.size()) return;
        String help = "take another share, or data of more rows";
        String left = train == 0 ? "no row for training" : "no row for testing";
        throw UserError.input("split-empty", "the split leaves " + left + ": " + pairs.name() + " has " + pairs.size(), help);
    }

    int train(Pairs pairs) {
        return (int) Math.floor(share * pairs.size() + 1e-9); // 29% of 100 is 29, not 28.999…
    }

    Pairs part(Pairs pairs, Part part) {
        List<Pair> shuffled = new Draws(seed).shuffled(pairs.pairs());
        List<Pair> rows = switch (part) {
            case TRAIN -> shuffled.subList(0, train(pairs));
            case TEST -> shuffled.subList(train(pairs), shuffled.size());
            case ALL -> shuffled;
        };
        return new Pairs(pairs.name(), pairs.columns(), rows);
    }
}
