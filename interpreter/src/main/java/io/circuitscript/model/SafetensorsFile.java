package io.circuitscript.model;

import com.fasterxml.jackson.databind.JsonNode;
import io.circuitscript.source.ErrorCode;
import io.circuitscript.source.UserError;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;

/**
 * One safetensors file: eight bytes with the header's length, a JSON header with each tensor's type, shape and place, then the tensors'
 * bytes. Opening checks that the header fits the file, and reads no more than it.
 */
final class SafetensorsFile implements TensorFile {
    /** What the format's own reader allows; a longer header is no header. */
    private static final long LONGEST_HEADER = 100_000_000;

    /** The format's types of whole bytes. Those that no weight of ours has still count when sizes are checked. */
    private static final Map<String, Integer> TYPE_SIZES = Map.ofEntries(
            Map.entry("BOOL", 1),
            Map.entry("U8", 1),
            Map.entry("I8", 1),
            Map.entry("F8_E4M3", 1),
            Map.entry("F8_E5M2", 1),
            Map.entry("F8_E8M0", 1),
            Map.entry("I16", 2),
            Map.entry("U16", 2),
            Map.entry("F16", 2),
            Map.entry("BF16", 2),
            Map.entry("I32", 4),
            Map.entry("U32", 4),
            Map.entry("F32", 4),
            Map.entry("I64", 8),
            Map.entry("U64", 8),
            Map.entry("F64", 8));

    private final WeightFile file;
    private final Path path;
    private final long dataStart;
    private final SequencedMap<String, Entry> entries;

    /** A tensor as the header has it; begin and end count from the end of the header. */
    private record Entry(String type, long[] shape, long begin, long end) {}

    private SafetensorsFile(WeightFile file, long dataStart, SequencedMap<String, Entry> entries) {
        this.file = file;
        this.path = file.path();
        this.dataStart = dataStart;
        this.entries = entries;
    }

    /** @param file open as long as its weights are read */
    static SafetensorsFile of(WeightFile file) {
        int header = (int) headerLength(file);
        byte[] json = new byte[header];
        file.read(8, ByteBuffer.wrap(json));
        SequencedMap<String, Entry> entries = entries(file.path(), json);
        checkPlaces(file.path(), entries, 8 + header, file.size());
        return new SafetensorsFile(file, 8 + header, entries);
    }

    @Override
    public Path path() {
        return path;
    }

    /** Every tensor's name as the file has it, in the header's order. */
    List<String> names() {
        return List.copyOf(entries.keySet());
    }

    boolean has(String name) {
        return entries.containsKey(name);
    }

    @Override
    public long[] shape(String name) {
        return entries.get(name).shape().clone();
    }

    @Override
    public Weight weight(String name, String as) {
        Entry entry = entries.get(name);
        Weight.Format format = format(name, entry.type());
        return new Weight(as, format, entry.shape().clone(), file, dataStart + entry.begin());
    }

    private Weight.Format format(String name, String type) {
        return switch (type) {
            case "F64" -> Weight.Format.F64;
            case "F32" -> Weight.Format.F32;
            case "F16" -> Weight.Format.F16;
            case "BF16" -> Weight.Format.BF16;
            default ->
                throw UserError.input(
                        ErrorCode.WEIGHTS_UNSUPPORTED_TYPE,
                        "tensor " + name + " of " + path + " is of type " + type
                                + ", which is not supported (supported: F64, F32, F16, BF16)",
                        "load the model in transformers with torch_dtype=torch.float32 and save it with save_pretrained");
        };
    }

    private static long headerLength(WeightFile file) {
        refusePointer(file);
        Path path = file.path();
        long there = file.size();
        if (there < 8) throw WeightFile.truncated(path, 8, there);
        ByteBuffer beginning = ByteBuffer.allocate((int) Math.min(there, 9)).order(ByteOrder.LITTLE_ENDIAN);
        file.read(0, beginning);
        long header = beginning.getLong(0);
        boolean opens = there == 8 || beginning.get(8) == '{';
        if (header < 2 || header > LONGEST_HEADER || !opens) {
            throw malformed(path, "it does not begin with a header");
        }
        if (8 + header > there) throw WeightFile.truncated(path, 8 + header, there);
        return header;
    }

    /** A clone without Git LFS has a few lines of text where the weights should be. */
    private static void refusePointer(WeightFile file) {
        byte[] mark = "version https://git-lfs".getBytes(StandardCharsets.US_ASCII);
        if (file.size() < mark.length) return;
        byte[] beginning = new byte[mark.length];
        file.read(0, ByteBuffer.wrap(beginning));
        if (Arrays.equals(beginning, mark)) {
            throw UserError.input(
                    ErrorCode.WEIGHTS_MALFORMED,
                    file.path() + " is a Git LFS pointer, not the weights",
                    "run git lfs pull in that folder");
        }
    }

    private static SequencedMap<String, Entry> entries(Path path, byte[] header) {
        var json = JsonFile.parse(header, "the header of " + path, ErrorCode.WEIGHTS_MALFORMED);
        var entries = new LinkedHashMap<String, Entry>();
        for (var field : json.properties()) {
            if (!field.getKey().equals("__metadata__"))
                entries.put(field.getKey(), entry(path, field.getKey(), field.getValue()));
        }
        return Collections.unmodifiableSequencedMap(entries);
    }

    private static Entry entry(Path path, String name, JsonNode json) {
        JsonNode type = json.path("dtype");
        if (!type.isTextual()) throw malformed(path, "tensor " + name + " has no dtype");
        long[] shape = wholes(path, name, json, "shape");
        long[] place = wholes(path, name, json, "data_offsets");
        if (place.length != 2 || place[0] > place[1]) {
            throw malformed(path, "tensor " + name + " has data_offsets " + json.path("data_offsets"));
        }
        Integer size = TYPE_SIZES.get(type.textValue());
        if (size != null && !fits(shape, size, place[1] - place[0])) {
            throw malformed(
                    path,
                    "tensor " + name + " of shape " + json.path("shape") + " and type " + type.textValue() + " has "
                            + (place[1] - place[0]) + " bytes");
        }
        return new Entry(type.textValue(), shape, place[0], place[1]);
    }

    private static boolean fits(long[] shape, long elementSize, long bytes) {
        long product = elementSize;
        try {
            for (long size : shape) product = Math.multiplyExact(product, size);
        } catch (ArithmeticException tooLarge) {
            return false;
        }
        return product == bytes;
    }

    private static long[] wholes(Path path, String name, JsonNode json, String key) {
        JsonNode list = json.path(key);
        boolean whole = list.isArray();
        for (JsonNode item : list) whole &= item.isIntegralNumber() && item.canConvertToLong() && item.longValue() >= 0;
        if (!whole)
            throw malformed(
                    path,
                    "tensor " + name + " has " + key + " " + (list.isMissingNode() ? "missing" : list.toString()));
        long[] numbers = new long[list.size()];
        for (int i = 0; i < numbers.length; i++) numbers[i] = list.get(i).longValue();
        return numbers;
    }

    private static void checkPlaces(Path path, Map<String, Entry> entries, long dataStart, long fileSize) {
        long end = entries.values().stream().mapToLong(Entry::end).max().orElse(0);
        if (end > fileSize - dataStart) throw WeightFile.truncated(path, dataStart + end, fileSize);
        var inOrder = new ArrayList<>(entries.entrySet());
        inOrder.sort(Comparator.comparingLong(
                        (Map.Entry<String, Entry> e) -> e.getValue().begin())
                .thenComparingLong(e -> e.getValue().end()));
        for (int i = 1; i < inOrder.size(); i++) {
            if (inOrder.get(i).getValue().begin()
                    < inOrder.get(i - 1).getValue().end()) {
                throw malformed(
                        path,
                        "tensors " + inOrder.get(i - 1).getKey() + " and "
                                + inOrder.get(i).getKey() + " overlap");
            }
        }
    }

    private static UserError malformed(Path path, String why) {
        return UserError.input(
                ErrorCode.WEIGHTS_MALFORMED,
                path + " is not a valid safetensors file: " + why,
                "download or save the model again");
    }
}
