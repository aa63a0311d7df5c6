package io.circuitscript.fuzz;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whatever is given to the program, it ends with a result or with messages: a short run, always the same. The long one is {@link LongFuzzTest}. */
class FuzzTest {

    @ParameterizedTest
    @CsvSource({
        "check, 150",
        "run, 30",
        "csv, 100",
        "pairs, 100",
        "table-csv, 1000",
        "table-jsonl, 1000",
        "table-parquet, 1500",
        "graph, 100",
        "pt, 100",
        "weights, 100",
        "gguf, 60",
        "config, 150",
        "tokenizer, 100",
        "record, 60",
        "lock, 60",
        "saved, 60"
    })
    void endsWithAResultOrAMessage(String name, int times, @TempDir Path folder) throws IOException {
        try (Fuzzer fuzzer = Fuzzer.ALL.get(name).in(folder)) {
            for (int seed = 1; seed <= times; seed++) fuzzer.once(seed);
        }
    }
}
