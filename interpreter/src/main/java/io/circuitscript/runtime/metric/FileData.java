package io.circuitscript.runtime.metric;

import io.circuitscript.engine.CancelToken;
import io.circuitscript.model.tokenizer.Tokenizer;
import io.circuitscript.task.Pair;
import io.circuitscript.task.Pairs;
import io.circuitscript.task.PairsReader;
import io.circuitscript.task.UninformativeRows;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Random;
import java.util.function.Consumer;

/**
 * Pairs that are read from a file.
 *
 * @param name the file as the script names it
 * @param columns from a task's name for a column to the file's, in the order in which results list them
 * @param seed where the rows are to be shuffled before the limit is taken
 */
public record FileData(String name, Path file, Map<String, String> columns, int limit, OptionalLong seed)
        implements DataRequest {
    public FileData {
        columns = Collections.unmodifiableMap(
                new LinkedHashMap<>(columns)); // their order is that of the result's columns
    }

    @Override
    public Pairs read(Tokenizer tokenizer, int positions, Consumer<String> say, CancelToken cancel) {
        int rows = seed.isPresent() ? Integer.MAX_VALUE : limit;
        Pairs pairs =
                PairsReader.read(name, file, new PairsReader.Options(columns, rows), tokenizer, positions, cancel);
        Pairs taken = seed.isEmpty() ? pairs : pairs.with(shuffled(pairs.pairs()));
        boolean oneColumn = pairs.fileColumn("clean").equals(pairs.fileColumn("corrupted"));
        UninformativeRows.tell(taken, !oneColumn, say);
        return taken;
    }

    private List<Pair> shuffled(List<Pair> rows) {
        List<Pair> shuffled = new ArrayList<>(rows);
        Collections.shuffle(
                shuffled, new Random(seed.getAsLong())); // its sequence is specified: the same on every machine
        return shuffled.subList(0, Math.min(limit, shuffled.size()));
    }
}
