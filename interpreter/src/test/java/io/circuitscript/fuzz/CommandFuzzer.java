package io.circuitscript.fuzz;

import io.circuitscript.cli.CommandRun;
import io.circuitscript.io.FileHashes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

/** A file that the program wrote itself, for a later command to read, damaged. */
final class CommandFuzzer extends Fuzzer {
    private static final Path MODEL = Path.of("src/test/resources/conformance/errors/special-token");
    private static final long ENDED_AFTER_MS = 60_000;
    private static final int HASH = 32;
    private static final Set<Integer> EXIT_CODES = Set.of(0, 1, 65, 66, 70);

    private static final String SCRIPT = """
            param size = 3
            load "./model"
            tokens "abc"
            data "pairs.csv"
            attribute ig=3
            top size
            let found = evaluate
            evaluate with=mean-positional
            generate "abc" tokens=3
            print found.faithfulness
            save "found.json"
            """;

    /** The same to where something has been saved, and then a mistake that only running it finds. */
    private static final String UNFINISHED = SCRIPT + "print 1 / (found.edges - found.edges)\n";

    private final Map<String, byte[]> originals = new TreeMap<>();
    private final List<String> commands;
    private final boolean sameResults;
    private final String whole;
    private final ExecutorService thread =
            Executors.newSingleThreadExecutor(Thread.ofPlatform().daemon().factory());

    private CommandFuzzer(
            Path folder, String script, String prepare, List<String> files, List<String> commands, boolean sameResults)
            throws IOException {
        super(folder);
        this.commands = commands;
        this.sameResults = sameResults;
        Path model = Files.createDirectories(folder.resolve("model"));
        try (Stream<Path> parts = Files.list(MODEL)) {
            for (Path part : parts.toList()) Files.copy(part, model.resolve(part.getFileName()));
        }
        Files.writeString(
                folder.resolve("pairs.csv"),
                "clean,corrupted,correct,incorrect\nabc,abb,a,b\ncac,aac,c,a\nbca,cca,b,a\n");
        Files.writeString(folder.resolve("x.circuit"), script);
        whole = command(prepare, Map.of("CIRCUIT_SAVE_SECONDS", "0")).out();
        for (String file : files) originals.put(file, Files.readAllBytes(folder.resolve(file)));
    }

    static CommandFuzzer ofRecord(Path folder) throws IOException {
        return new CommandFuzzer(
                folder,
                SCRIPT,
                "run x.circuit --record",
                List.of("x.record.json"),
                List.of("verify x.record.json", "verify x.circuit --json"),
                false);
    }

    static CommandFuzzer ofLock(Path folder) throws IOException {
        return new CommandFuzzer(
                folder,
                SCRIPT,
                "lock x.circuit",
                List.of("x.lock.json"),
                List.of("check x.circuit", "run x.circuit", "lock x.circuit"),
                false);
    }

    /** What is damaged is refused or not used: whatever is computed is the same. */
    static CommandFuzzer ofSavedRun(Path folder) throws IOException {
        List<String> files = List.of(
                "x.resume/run.json",
                "x.resume/reached",
                "x.resume/done-000001",
                "x.resume/done-000002",
                "x.resume/done-000003",
                "x.resume/done-000005",
                "x.resume/done-000006");
        return new CommandFuzzer(
                folder, UNFINISHED, "run x.circuit --json", files, List.of("run x.circuit --json --resume"), true);
    }

    private CommandRun command(String line, Map<String, String> variables) {
        return CommandRun.of(folder, "", variables, line.split(" "));
    }

    @Override
    void once(Random random) throws IOException {
        for (var original : originals.entrySet()) {
            Files.createDirectories(folder.resolve(original.getKey()).getParent());
            write(original.getKey(), original.getValue());
        }
        String name = originals.keySet().stream()
                .skip(random.nextInt(originals.size()))
                .findFirst()
                .orElseThrow();
        boolean json = name.endsWith(".json");
        boolean hashed = !json && random.nextBoolean();
        byte[] bytes = originals.get(name);
        Mutation mutation = new Mutation(random);
        write(
                name,
                json
                        ? mutation.json(bytes)
                        : hashed
                                ? withHash(mutation.bytes(Arrays.copyOf(bytes, bytes.length - HASH)))
                                : mutation.bytes(bytes));
        String line = commands.get(random.nextInt(commands.size()));
        CommandRun run = ended(() -> command(line, Map.of()));
        String said = line + " gives " + run.exitCode() + ": " + run.out() + run.err();
        if (!EXIT_CODES.contains(run.exitCode())) throw new AssertionError(said);
        if (run.err().contains("Exception") || run.err().contains("\tat "))
            throw new AssertionError("not a clear message: " + said);
        if (run.exitCode() > 1 && !run.err().matches("(?s)(note: [^\n]*\n)*error\\[E[0-9]{4}\\]: .*"))
            throw new AssertionError("without a message: " + said);
        // With its hash made right, a file is another run's work: no damage.
        if (sameResults
                && !hashed
                && run.out().contains("\"found.json\"")
                && !run.out().equals(whole)) throw new AssertionError("other results: " + said);
    }

    private static byte[] withHash(byte[] content) {
        byte[] hash = FileHashes.digest().digest(content);
        byte[] whole = Arrays.copyOf(content, content.length + HASH);
        System.arraycopy(hash, 0, whole, content.length, HASH);
        return whole;
    }

    private CommandRun ended(Callable<CommandRun> work) {
        try {
            return thread.submit(work).get(ENDED_AFTER_MS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException | TimeoutException e) {
            throw new AssertionError("it did not end", e);
        } catch (ExecutionException e) {
            throw new AssertionError("it ended in an exception", e.getCause());
        }
    }

    @Override
    public void close() {
        super.close();
        thread.shutdownNow();
    }
}
