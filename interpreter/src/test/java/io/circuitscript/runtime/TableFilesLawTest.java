package io.circuitscript.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.circuitscript.Randomly;
import io.circuitscript.engine.CancelToken;
import io.circuitscript.engine.Progress;
import io.circuitscript.runtime.state.Output;
import io.circuitscript.runtime.value.AbstractValue;
import io.circuitscript.runtime.value.Result;
import io.circuitscript.runtime.value.Value;
import io.circuitscript.source.Diagnostic;
import io.circuitscript.source.Source;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SequencedMap;
import java.util.function.Function;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What {@code write} writes, {@code read} reads back as the same. */
final class TableFilesLawTest {
    private static final List<String> NAMES = List.of("seed", "method", "odd name", "in", "a,b", "1", "ä", "say \"x\"");
    private static final List<String> TEXTS = List.of(
            "",
            " Rosa",
            "1",
            "-2.50",
            "true",
            "none",
            "nan",
            "a,b",
            "two\nlines",
            "\"q\"",
            "[1, 2]",
            "{x}",
            "日本",
            "x\t");
    private static final List<Double> NUMBERS =
            List.of(0.0, 1.0, -3.0, 0.1, 1 / 3.0, 1e-30, -2.5e300, 123456789012.0, 9e15);

    private static final Output SILENT = new Output() {
        @Override
        public void result(Result result) {}

        @Override
        public void diagnostic(Diagnostic diagnostic) {
            throw new AssertionError(diagnostic.message() + " " + diagnostic.notes());
        }

        @Override
        public void say(String message) {}

        @Override
        public Progress progress() {
            return Progress.NONE;
        }
    };

    @ParameterizedTest
    @ValueSource(strings = {"csv", "tsv", "jsonl", "json", "parquet"})
    void whatIsWrittenReadsBack(String ending, @TempDir Path folder) {
        Randomly.check(60, random -> {
            Value table = table(random, kinds(random, ending));
            Map<String, AbstractValue> after = run(
                    folder, Map.of("t", table), "write t \"t." + ending + "\"\nlet back = read \"t." + ending + "\"");
            assertEquals(table.repr(), ((Value) after.get("back")).repr());
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"csv", "tsv", "jsonl", "json", "parquet"})
    void rowsThatAreAddedAreAsIfWrittenTogether(String ending, @TempDir Path folder) {
        Randomly.check(40, random -> {
            SequencedMap<String, Function<Random, Value>> kinds = kinds(random, ending);
            Map<String, AbstractValue> after = run(
                    folder,
                    Map.of("a", table(random, kinds), "b", table(random, kinds)),
                    "write a \"added." + ending + "\"\nwrite b append=true \"added." + ending
                            + "\"\nwrite a + b \"whole."
                            + ending + "\"\nlet added = read \"added." + ending + "\"\nlet whole = read \"whole."
                            + ending
                            + "\"");
            assertEquals(((Value) after.get("whole")).repr(), ((Value) after.get("added")).repr());
        });
    }

    private static Map<String, AbstractValue> run(Path folder, Map<String, Value> variables, String script) {
        var options = new Session.Options(folder, folder.resolve("out"), Map.of());
        try (Session session = new Session(options, SILENT, new CancelToken(), Map.of())) {
            variables.forEach(session::setVariable);
            assertEquals(0, session.run(new Source("test.circuit", script), folder));
            return session.variables();
        }
    }

    /** What makes the cells of each column. */
    private static SequencedMap<String, Function<Random, Value>> kinds(Random random, String ending) {
        List<Function<Random, Value>> all = new ArrayList<>(List.of(
                TableFilesLawTest::number,
                TableFilesLawTest::text,
                it -> new Value.Bool(it.nextBoolean()),
                it -> list(it, TableFilesLawTest::number),
                it -> list(it, TableFilesLawTest::text),
                it -> record(number(it), text(it)),
                it -> it.nextInt(4) == 0 ? new Value.None() : number(it),
                it -> it.nextInt(4) == 0 ? new Value.None() : text(it)));
        if (!ending.equals("parquet")) all.add(it -> it.nextBoolean() ? number(it) : text(it));
        SequencedMap<String, Function<Random, Value>> kinds = new LinkedHashMap<>();
        for (String name : Randomly.list(random, 1, 5, it -> Randomly.oneOf(it, NAMES)))
            kinds.put(name, Randomly.oneOf(random, all));
        return kinds;
    }

    private static Value table(Random random, SequencedMap<String, Function<Random, Value>> kinds) {
        return new Value.ListOf(Randomly.list(random, 1, 6, it -> {
            SequencedMap<String, Value> row = new LinkedHashMap<>();
            kinds.forEach((name, kind) -> row.put(name, kind.apply(it)));
            return Value.Fields.record(row);
        }));
    }

    private static Value number(Random random) {
        return new Value.Number(random.nextBoolean() ? Randomly.oneOf(random, NUMBERS) : random.nextGaussian());
    }

    private static Value text(Random random) {
        return new Value.Text(Randomly.oneOf(random, TEXTS));
    }

    private static Value list(Random random, Function<Random, Value> item) {
        return new Value.ListOf(Randomly.list(random, 0, 3, item));
    }

    private static Value record(Value a, Value b) {
        SequencedMap<String, Value> fields = new LinkedHashMap<>();
        fields.put("a", a);
        fields.put("b", b);
        return Value.Fields.record(fields);
    }
}
