package io.circuitscript.fuzz;

import io.circuitscript.io.table.TableFormat;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;

/** Something that is made wrong by chance and tried; what it breaks is an {@link AssertionError}. */
abstract class Fuzzer implements AutoCloseable {
    interface Maker {
        Fuzzer in(Path folder) throws IOException;
    }

    /** All of them by name. */
    static final Map<String, Maker> ALL = all();

    private static Map<String, Maker> all() {
        Map<String, Maker> all = new LinkedHashMap<>();
        all.put("check", folder -> new ScriptFuzzer(folder, false));
        all.put("run", folder -> new ScriptFuzzer(folder, true));
        all.put("csv", FileFuzzer::csv);
        all.put("pairs", FileFuzzer::pairs);
        all.put("table-csv", folder -> new TableFuzzer(folder, TableFormat.CSV));
        all.put("table-jsonl", folder -> new TableFuzzer(folder, TableFormat.JSONL));
        all.put("table-parquet", folder -> new TableFuzzer(folder, TableFormat.PARQUET));
        all.put("graph", FileFuzzer::graph);
        all.put("pt", FileFuzzer::pt);
        all.put("weights", FileFuzzer::weights);
        all.put("gguf", FileFuzzer::gguf);
        all.put("config", FileFuzzer::config);
        all.put("tokenizer", FileFuzzer::tokenizer);
        all.put("record", CommandFuzzer::ofRecord);
        all.put("lock", CommandFuzzer::ofLock);
        all.put("saved", CommandFuzzer::ofSavedRun);
        return all;
    }

    final Path folder;
    final FuzzSession session;

    Fuzzer(Path folder) {
        this.folder = folder;
        this.session = new FuzzSession(folder);
    }

    /** Makes one input and tries it. What was tried lies in the folder, also where the process dies of it. */
    abstract void once(Random random) throws IOException;

    /** @throws AssertionError with the seed that makes it again */
    final void once(long seed) throws IOException {
        try {
            once(new Random(seed));
        } catch (AssertionError e) {
            throw new AssertionError(
                    "seed " + seed + ", input in " + folder + ": " + e.getMessage(),
                    e.getCause() == null ? e : e.getCause());
        }
    }

    final void write(String name, byte[] bytes) throws IOException {
        Files.write(folder.resolve(name), bytes);
    }

    @Override
    public void close() {
        session.close();
    }
}
