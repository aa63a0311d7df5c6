package io.circuitscript.runtime.statements;

import io.circuitscript.runtime.evaluate.Declaration;
import io.circuitscript.runtime.state.StatementHandler;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** The list of all statements that have a handler. The check, the run and the documentation use it. */
public final class Statements {
    private final Map<String, StatementHandler> byWord = new LinkedHashMap<>();

    /** Those that unpack what they need into a folder that is there. */
    public Statements(Map<String, String> environment, Path cacheFolder) {
        this(environment, () -> cacheFolder);
    }

    /**
     * @param environment the process's variables
     * @param cacheFolder where native libraries are unpacked; asked only where one is needed
     */
    public Statements(Map<String, String> environment, Supplier<Path> cacheFolder) {
        List<StatementHandler> available = List.of(
                new Load(environment),
                new Predict(),
                new Tokens(),
                new Generate(),
                new Data(environment),
                new DataGenerate("", null, null, false),
                new TakeTask(),
                new ChooseMetric(),
                new ShowRows(),
                new FilterRows(),
                new Baseline(),
                new ListNodes(),
                new ListEdges(),
                new Ablate(),
                new Attribute(),
                new CheckScores(),
                new Threshold(),
                new Top(),
                new Greedy(),
                new Prune(),
                new Full(),
                new Empty(),
                new Add(),
                new Remove(),
                new Keep(),
                new Use(),
                new Evaluate(),
                new SweepSizes(),
                new SampleRandomCircuits(),
                new Minimize(),
                new TestCircuit(),
                new Complete(),
                new Compare(),
                new Patch(),
                new Render(cacheFolder),
                new Plot(),
                new Report(),
                new Save(),
                new Open(),
                new WriteTable(),
                new ReadTable(),
                new SetSettings(),
                new Seed());
        available.forEach(this::put);
    }

    private void put(StatementHandler handler) {
        byWord.put(handler.declaration().word(), handler);
    }

    public Optional<StatementHandler> find(String word) {
        return Optional.ofNullable(byWord.get(word));
    }

    /** In the order of the language's reference. */
    public List<Declaration> declarations() {
        return byWord.values().stream().map(StatementHandler::declaration).toList();
    }
}
