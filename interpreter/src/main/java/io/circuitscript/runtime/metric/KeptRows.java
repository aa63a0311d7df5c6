package io.circuitscript.runtime.metric;

import io.circuitscript.runtime.value.NumberText;
import io.circuitscript.source.ErrorCode;
import io.circuitscript.source.UserError;
import io.circuitscript.task.Pair;
import io.circuitscript.task.Pairs;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;

/** The rows that a {@code filter} has left, by their numbers: the data are read anew for another model. */
public final class KeptRows {
    private final Map<Integer, Pair.Texts> texts = new HashMap<>();

    public KeptRows(Iterable<Pair> kept) {
        for (Pair pair : kept) texts.put(pair.row(), pair.texts());
    }

    /** Rows that are made anew may be others for another model. */
    private boolean has(Pair pair) {
        return pair.texts().equals(texts.get(pair.row()));
    }

    public Pairs of(Pairs rows) {
        return rows.with(rows.pairs().stream().filter(this::has).toList());
    }

    /**
     * That they are among the rows that were read for another model.
     *
     * @param say takes how many are not
     * @throws UserError where none is
     */
    public void check(Pairs read, Consumer<String> say) {
        int there = of(read).size();
        if (there == 0)
            throw UserError.input(
                    ErrorCode.NO_ROWS_LEFT,
                    "none of the rows that `filter` has left is among the rows of " + read.name() + " for this model",
                    "take the data anew, and filter again");
        int gone = texts.size() - there;
        if (gone > 0)
            say.accept(NumberText.count(gone) + " of the " + NumberText.count(texts.size())
                    + " rows that `filter` has left " + (gone == 1 ? "is" : "are")
                    + " not among the rows for this model");
    }
}
