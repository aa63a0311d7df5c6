package io.circuitscript.fuzz;

import io.circuitscript.io.table.TableData;
import io.circuitscript.io.table.TableFormat;
import io.circuitscript.io.table.TableLimits;
import io.circuitscript.io.table.TableWriter;
import io.circuitscript.io.table.TextTable;
import io.circuitscript.io.table.TextTableReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

/** A file of each kind that the program reads, damaged. */
final class FileFuzzer extends Fuzzer {
    private static final Path RESOURCES = Path.of("src/test/resources");
    private static final Path MODEL = RESOURCES.resolve("conformance/errors/special-token");
    private static final String LOAD = "load \"./model\"\npredict \"ab c\" top=2\ntokens \"cab\"";

    private interface Damage {
        byte[] of(Mutation mutation, byte[] bytes, Random random);
    }

    private final String name;
    private final List<byte[]> originals;
    private final Damage damage;
    private final String script;

    private FileFuzzer(Path folder, String name, List<byte[]> originals, Damage damage, String script) {
        super(folder);
        this.name = name;
        this.originals = originals;
        this.damage = damage;
        this.script = script;
    }

    static FileFuzzer csv(Path folder) throws IOException {
        List<byte[]> originals = List.of(
                head(RESOURCES.resolve("fixtures/greater-than.csv"), 4),
                head(RESOURCES.resolve("fixtures/ioi.csv"), 4),
                head(RESOURCES.resolve("conformance/metrics/names.csv"), 4));
        var fuzzer = new FileFuzzer(
                folder,
                "fuzz.csv",
                originals,
                (mutation, bytes, _) -> mutation.bytes(bytes),
                "data \"fuzz.csv\" limit=3\nbaseline");
        fuzzer.session.prepare("load demo");
        return fuzzer;
    }

    /** The same rows in the other formats, which are told by their content, and rows that cannot be used left out. */
    static FileFuzzer pairs(Path folder) throws IOException {
        TextTable rows = TextTableReader.read(
                "ioi.csv", RESOURCES.resolve("fixtures/ioi.csv"), TableLimits.DEFAULT, 4, () -> {});
        TableData table = new TableData(
                rows.columns(), rows.rows().stream().map(List::<Object>copyOf).toList());
        List<byte[]> originals = new ArrayList<>();
        for (TableFormat format : List.of(TableFormat.TSV, TableFormat.JSONL, TableFormat.JSON, TableFormat.PARQUET))
            originals.add(TableWriter.bytes("fuzz", table, format));
        var fuzzer = new FileFuzzer(
                folder,
                "fuzz.csv",
                originals,
                (mutation, bytes, random) ->
                        random.nextBoolean() && bytes[0] != 'P' ? mutation.json(bytes) : mutation.bytes(bytes),
                "data \"fuzz.csv\" limit=3 skip=true\nbaseline");
        fuzzer.session.prepare("load demo");
        return fuzzer;
    }

    static FileFuzzer graph(Path folder) throws IOException {
        FuzzSession maker = new FuzzSession(folder);
        maker.prepare("load demo\nempty\nadd {m0..m3} -> logits\nsave \"whole.json\"");
        maker.close();
        byte[] small = Files.readAllBytes(RESOURCES.resolve("fixtures/small-circuit.json"));
        List<byte[]> originals = List.of(Files.readAllBytes(folder.resolve("out/whole.json")), small);
        var fuzzer = new FileFuzzer(
                folder,
                "fuzz.json",
                originals,
                (mutation, bytes, _) -> mutation.json(bytes),
                "open \"fuzz.json\"\nprune\nedges top=2");
        fuzzer.session.prepare("load demo");
        return fuzzer;
    }

    /** What PyTorch saves: a zip of a pickle and of numbers, neither compressed. */
    static FileFuzzer pt(Path folder) throws IOException {
        FuzzSession maker = new FuzzSession(folder);
        maker.prepare("load demo\nempty\nadd {m0..m3} -> logits\nsave \"whole.pt\"");
        maker.close();
        List<byte[]> originals = List.of(Files.readAllBytes(folder.resolve("out/whole.pt")));
        var fuzzer = new FileFuzzer(
                folder,
                "fuzz.pt",
                originals,
                (mutation, bytes, _) -> mutation.bytes(bytes),
                "open \"fuzz.pt\"\nprune\nedges top=2");
        fuzzer.session.prepare("load demo");
        return fuzzer;
    }

    static FileFuzzer weights(Path folder) throws IOException {
        Damage damage = (mutation, bytes, random) ->
                random.nextInt(3) == 0 ? mutation.bytes(bytes) : header(mutation, bytes, random);
        return ofModel(folder, "model.safetensors", List.of(), damage);
    }

    /** Mostly the header is changed: its names, counts, types and places. */
    static FileFuzzer gguf(Path folder) throws IOException {
        Path model = Files.createDirectories(folder.resolve("model"));
        for (String name : List.of("tokenizer.json", "tokenizer_config.json"))
            Files.copy(RESOURCES.resolve("families/qwen3").resolve(name), model.resolve(name));
        List<byte[]> originals = new ArrayList<>();
        for (String name : List.of("qwen3", "llama-llama3", "gemma", "phi3-longrope"))
            originals.add(Files.readAllBytes(RESOURCES.resolve("gguf/models/" + name + ".gguf")));
        Damage damage = (mutation, bytes, random) -> {
            if (random.nextInt(4) == 0) return mutation.bytes(bytes);
            int header = Math.min(bytes.length, 1 << (6 + random.nextInt(7)));
            ByteArrayOutputStream all = new ByteArrayOutputStream();
            all.writeBytes(mutation.bytes(Arrays.copyOf(bytes, header)));
            all.write(bytes, header, bytes.length - header);
            return all.toByteArray();
        };
        return new FileFuzzer(
                folder, "model/model.gguf", originals, damage, "load \"./model\"\npredict \"ab c\" top=2");
    }

    static FileFuzzer config(Path folder) throws IOException {
        List<byte[]> others = new ArrayList<>();
        try (Stream<Path> files = Files.walk(RESOURCES.resolve("families"))) {
            for (Path file :
                    files.filter(it -> it.endsWith("config.json")).sorted().toList())
                others.add(Files.readAllBytes(file));
        }
        return ofModel(folder, "config.json", others, (mutation, bytes, _) -> mutation.json(bytes));
    }

    static FileFuzzer tokenizer(Path folder) throws IOException {
        List<byte[]> others = TokenizerSamples.ALL.stream()
                .map(text -> text.getBytes(StandardCharsets.UTF_8))
                .toList();
        return ofModel(folder, "tokenizer.json", others, (mutation, bytes, _) -> mutation.json(bytes));
    }

    private static FileFuzzer ofModel(Path folder, String name, List<byte[]> others, Damage damage) throws IOException {
        Path model = Files.createDirectories(folder.resolve("model"));
        try (Stream<Path> files = Files.list(MODEL)) {
            for (Path file : files.toList()) Files.copy(file, model.resolve(file.getFileName()));
        }
        List<byte[]> originals = new ArrayList<>(others);
        originals.add(Files.readAllBytes(MODEL.resolve(name)));
        return new FileFuzzer(folder, "model/" + name, originals, damage, LOAD);
    }

    /** Only what the header says is changed; its length is right most times. */
    private static byte[] header(Mutation mutation, byte[] bytes, Random random) {
        int length = (int) ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getLong(0);
        byte[] json = mutation.json(Arrays.copyOfRange(bytes, 8, 8 + length));
        ByteBuffer out =
                ByteBuffer.allocate(8 + json.length + bytes.length - 8 - length).order(ByteOrder.LITTLE_ENDIAN);
        out.putLong(random.nextInt(10) == 0 ? random.nextLong() : json.length)
                .put(json)
                .put(bytes, 8 + length, bytes.length - 8 - length);
        return out.array();
    }

    private static byte[] head(Path file, int lines) throws IOException {
        try (Stream<String> all = Files.lines(file)) {
            return (String.join("\n", all.limit(lines).toList()) + "\n").getBytes(StandardCharsets.UTF_8);
        }
    }

    @Override
    void once(Random random) throws IOException {
        byte[] original = originals.get(random.nextInt(originals.size()));
        write(name, damage.of(new Mutation(random), original, random));
        session.run(script);
    }
}
