package io.circuitscript.io.table;

import io.circuitscript.Randomly;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Random;
import java.util.SequencedMap;
import java.util.function.Function;

/** Tables made at random, full of what is easily mistaken for something else. */
final class RandomTables {
    private static final List<String> TEXTS = List.of(
            "",
            " ",
            "007",
            "7",
            "1e3",
            "-0",
            "true",
            "True",
            "false",
            "null",
            "NaN",
            "nan",
            "NA",
            "None",
            "inf",
            "-Infinity",
            "1,5",
            "1 000",
            " 5",
            "5 ",
            "x",
            " x",
            "The war lasted",
            "a,b",
            "a\tb",
            "a\nb",
            "a\r\nb",
            "\r",
            "\n",
            "\"",
            "\"\"",
            "\"x\"",
            "say \"x\"",
            "[1,2]",
            "[1, 2]",
            "[MASK]",
            "[]",
            "{}",
            "{\"a\":1}",
            "{a}",
            "\"[1]\"",
            "\"\\\"[1]\\\"\"",
            "\"[x]\"",
            "'",
            "#",
            "emoji 🎲",
            "héllo",
            "\uFEFF",
            "\uFEFFx",
            "▁L",
            "\u0001\u001F",
            "\u007F",
            "\u2028",
            "-",
            "+",
            ".",
            "1.",
            ".5",
            "0x10",
            "1_000",
            "9007199254740993",
            "123456789012345678901234567890",
            "2024-01-31",
            "2024-01-31T12:00:00Z",
            "\\",
            "\\n",
            ",",
            ";",
            "|");

    private static final List<Double> NUMBERS = List.of(
            0.0,
            -0.0,
            1.0,
            -1.0,
            0.5,
            0.1,
            1.0 / 3,
            1e-300,
            1e300,
            Double.MIN_VALUE,
            Double.MAX_VALUE,
            -Double.MAX_VALUE,
            9007199254740992.0,
            -9007199254740992.0,
            9007199254740994.0,
            1e15,
            1e16,
            1e17,
            1e22,
            123456789.0,
            0.984,
            2.5e-8);

    private static final List<String> NAMES = List.of(
            "clean",
            "a",
            "b",
            "x y",
            "a,b",
            "say \"x\"",
            "1",
            "true",
            " lead",
            "null",
            "line\nend",
            "é",
            "[1]",
            "\uFEFF",
            "\t",
            "Unnamed: 3",
            "NaN");

    private RandomTables() {}

    /** @param mixed with columns of mixed kinds, which no Parquet file can hold */
    static TableData table(Random random, boolean mixed) {
        List<String> columns = Randomly.list(random, 0, 5, r -> Randomly.oneOf(r, NAMES)).stream()
                .distinct()
                .toList();
        List<Function<Random, Object>> makers = new ArrayList<>();
        for (int i = 0; i < columns.size(); i++) makers.add(cells(random, 0, mixed));
        int rows = columns.isEmpty() ? 0 : random.nextInt(7);
        List<List<Object>> made = new ArrayList<>();
        for (int row = 0; row < rows; row++) {
            List<Object> cells = new ArrayList<>();
            for (Function<Random, Object> maker : makers) cells.add(maker.apply(random));
            made.add(cells);
        }
        return new TableData(columns, made);
    }

    /** What makes cells that can be in one column. */
    private static Function<Random, Object> cells(Random random, int depth, boolean mixed) {
        Function<Random, Object> all = kind(random, depth, mixed);
        int nones = random.nextInt(3);
        return r -> nones > 0 && r.nextInt(nones * 2) == 0 ? null : all.apply(r);
    }

    private static Function<Random, Object> kind(Random random, int depth, boolean mixed) {
        switch (random.nextInt(depth > 3 ? 5 : 8)) {
            case 0:
                return r -> (double) r.nextInt(-1000, 1000);
            case 1:
                return RandomTables::number;
            case 2:
                return Random::nextBoolean;
            case 3:
                return RandomTables::text;
            case 4:
                return mixed ? r -> kind(r, 4, false).apply(r) : r -> null;
            case 5: {
                Function<Random, Object> item = cells(random, depth + 1, mixed);
                return r -> Randomly.list(r, 0, 3, item);
            }
            case 6: {
                if (!mixed) return RandomTables::text;
                return r -> kind(r, depth + 1, true).apply(r);
            }
            default: {
                SequencedMap<String, Function<Random, Object>> fields = new LinkedHashMap<>();
                int count = random.nextInt(mixed ? 0 : 1, 4);
                for (int i = 0; i < count; i++)
                    fields.put(Randomly.oneOf(random, NAMES), cells(random, depth + 1, mixed));
                return r -> {
                    SequencedMap<String, Object> record = new LinkedHashMap<>();
                    fields.forEach((name, maker) -> record.put(name, maker.apply(r)));
                    return record;
                };
            }
        }
    }

    private static Object number(Random random) {
        return switch (random.nextInt(3)) {
            case 0 -> Randomly.oneOf(random, NUMBERS);
            case 1 -> random.nextGaussian();
            default -> {
                double any = Double.longBitsToDouble(random.nextLong());
                yield Double.isFinite(any) ? any : 1.0;
            }
        };
    }

    static Object text(Random random) {
        if (random.nextInt(4) > 0) return Randomly.oneOf(random, TEXTS);
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(6); i >= 0; i--) {
            text.append(
                    random.nextBoolean()
                            ? Randomly.oneOf(random, TEXTS)
                            : Character.toString(1 + random.nextInt(0xD000)));
        }
        return text.toString();
    }
}
