package io.circuitscript.runtime.metric;

import io.circuitscript.engine.CancelToken;
import io.circuitscript.model.tokenizer.Tokenizer;
import io.circuitscript.source.ErrorCode;
import io.circuitscript.source.UserError;
import io.circuitscript.task.DataFiles;
import io.circuitscript.task.Pair;
import io.circuitscript.task.Pairs;
import io.circuitscript.task.PairsReader;
import io.circuitscript.task.RowFaults;
import io.circuitscript.task.SpanColumns;
import io.circuitscript.task.UninformativeRows;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.function.Consumer;

/**
 * Pairs that are read from files.
 *
 * @param columns from a task's name for a column to the file's, in the order in which results list them
 * @param limit of the rows that can be used
 * @param seed where the rows are to be shuffled before the limit is taken
 * @param spans which columns are spans
 * @param skip whether rows that cannot be used, or show nothing, are left out
 */
public record FileData(
        DataFiles files, Map<String, String> columns, int limit, OptionalLong seed, SpanColumns spans, boolean skip)
        implements DataRequest {
    public FileData {
        columns = Collections.unmodifiableMap(
                new LinkedHashMap<>(columns)); // their order is that of the result's columns
    }

    @Override
    public String name() {
        return files.name();
    }

    @Override
    public Optional<List<String>> spanNames() {
        return spans.names();
    }

    @Override
    public Pairs read(
            Tokenizer tokenizer,
            int positions,
            Optional<MetricSource> metric,
            Consumer<String> say,
            CancelToken cancel) {
        int rows = seed.isPresent() ? Integer.MAX_VALUE : limit;
        Pairs read = PairsReader.read(
                files, new PairsReader.Options(columns, rows, spans, skip), tokenizer, positions, cancel, say);
        Pairs pairs = skip ? usable(read, metric, tokenizer, say, cancel) : read;
        Pairs taken = seed.isEmpty() ? pairs : pairs.with(shuffled(pairs.pairs()));
        boolean oneColumn = pairs.fileColumn("clean").equals(pairs.fileColumn("corrupted"));
        UninformativeRows.tell(taken, !oneColumn, say);
        spans.checkLengths(taken);
        return taken;
    }

    /** Those that can be used; where the rows keep their order, no more than are wanted. */
    private Pairs usable(
            Pairs read, Optional<MetricSource> metric, Tokenizer tokenizer, Consumer<String> say, CancelToken cancel) {
        UsableAnswers.Found found = UsableAnswers.of(read, metric, tokenizer, cancel);
        RowFaults faults = read.skipped().and(found.faults());
        if (found.usable().isEmpty()) {
            List<String> notes = new ArrayList<>(faults.phrases());
            found.first().ifPresent(notes::add);
            throw new UserError(
                    UserError.Kind.INPUT,
                    ErrorCode.DATA_ALL_SKIPPED,
                    "skip=true leaves no row of " + name(),
                    notes,
                    "without skip=true, the message shows what is wrong with the first row");
        }
        List<Pair> rows = found.usable();
        if (seed.isEmpty() && rows.size() > limit) {
            rows = rows.subList(0, limit);
            faults = faults.before(rows.getLast().row());
        }
        if (faults.count() > 0)
            say.accept("left out " + faults.count() + (faults.count() == 1 ? " row of " : " rows of ") + name() + ": "
                    + String.join("; ", faults.phrases()));
        return read.with(rows).with(faults);
    }

    private List<Pair> shuffled(List<Pair> rows) {
        List<Pair> shuffled = new ArrayList<>(rows);
        Collections.shuffle(
                shuffled, new Random(seed.getAsLong())); // its sequence is specified: the same on every machine
        return shuffled.subList(0, Math.min(limit, shuffled.size()));
    }
}
