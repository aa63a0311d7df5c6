package io.circuitscript.fuzz;

import io.circuitscript.io.table.TableData;
import io.circuitscript.io.table.TableFormat;
import io.circuitscript.io.table.TableLimits;
import io.circuitscript.io.table.TableReader;
import io.circuitscript.io.table.TableWriter;
import io.circuitscript.source.UserError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

/** Damaged tables: each is refused, or it is a table that can be written and read again. */
final class TableFuzzer extends Fuzzer {
    private static final Path ORIGINALS = Path.of("src/test/resources/tables");
    private static final TableLimits LIMITS = new TableLimits(1 << 20, 8 << 20, 200_000, 50);
    private static final long MOST_NANOS = 10_000_000_000L;

    private final TableFormat format;
    private final List<byte[]> originals = new ArrayList<>();

    TableFuzzer(Path folder, TableFormat format) throws IOException {
        super(folder);
        this.format = format;
        try (Stream<Path> files = Files.list(ORIGINALS)) {
            for (Path file : files.sorted().toList())
                if (TableFormat.ofEnding(file).equals(java.util.Optional.of(format)))
                    originals.add(Files.readAllBytes(file));
        }
    }

    @Override
    void once(Random random) throws IOException {
        Mutation mutation = new Mutation(random);
        byte[] original = originals.get(random.nextInt(originals.size()));
        byte[] bytes = format == TableFormat.JSONL ? mutation.json(original) : mutation.bytes(original);
        write("fuzz" + format.endings().getFirst(), bytes);
        long start = System.nanoTime();
        try {
            TableData table = TableReader.read("fuzz", bytes, format, LIMITS);
            if (!again(table)) throw new AssertionError("it reads back as another table: " + table);
        } catch (UserError refused) {
            if (refused.getMessage().isBlank()) throw new AssertionError("a message without words");
        } catch (RuntimeException | OutOfMemoryError | StackOverflowError e) {
            throw new AssertionError(e.toString(), e);
        }
        if (System.nanoTime() - start > MOST_NANOS) throw new AssertionError("it took too long");
    }

    private static boolean again(TableData table) {
        byte[] csv = TableWriter.bytes("again", table, TableFormat.CSV);
        return table.equals(TableReader.read("again", csv, TableFormat.CSV, TableLimits.DEFAULT));
    }
}
