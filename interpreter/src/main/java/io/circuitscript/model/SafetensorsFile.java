package io.circuitscript.model;

import com.fasterxml.jackson.databind.JsonNode;
import io.circuitscript.source.UserError;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;

/**
 * One safetensors file: eight bytes with the header's length, a JSON header with each tensor's type, shape and place, then the tensors'
 * bytes. Opening checks that the header fits the file; the bytes are mapped, not read.
 */
final class SafetensorsFile {
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

    private final Path path;
    private final MemorySegment tensors;
    private final SequencedMap<String, Entry> entries;

    /** A tensor as the header has it; begin and end count from the end of the header. */
    private record Entry(String type, long[] shape, long begin, long end) {}

    private SafetensorsFile(Path path, MemorySegment tensors, SequencedMap<String, Entry> entries) {
        this.path = path;
        this.tensors = tensors;
        this.entries = entries;
    }

    /** @param arena owns the mapping: once it is closed, no weight can be read any more */
    static SafetensorsFile open(Path path, Arena arena) {
        MemorySegment all = map(path, arena);
        long header = headerLength(path, all);
        byte[] json = all.asSlice(8, header).toArray(ValueLayout.JAVA_BYTE);
        SequencedMap<String, Entry> entries = entries(path, json);
        checkPlaces(path, entries, 8 + header, all.byteSize());
        return new SafetensorsFile(path, all.asSlice(8 + header), entries);
    }

    Path path() {
        return path;
    }

    /** Every tensor's name as the file has it, in the header's order. */
    List<String> names() {
        return List.copyOf(entries.keySet());
    }

    boolean has(String name) {
        return entries.containsKey(name);
    }

    long[] shape(String name) {
        return entries.get(name).shape().clone();
    }

    /**
     * @param name as the file has it
     * @param as what the weight is called from then on
     */
    Weight weight(String name, String as) {
        Entry entry = entries.get(name);
        Weight.Format format = format(name, entry.type());
        long size = entry.end() - entry.begin();
        return new Weight(as, format, entry.shape().clone(), tensors.asSlice(entry.begin(), size).asReadOnly());
    }

    private Weight.Format format(String name, String type) {
        return switch (type) {
            case "F64" -> Weight.Format.F64;
            case "F32" -> Weight.Format.F32;
            case "F16" -> Weight.Format.F16;
            case "BF16" -> Weight.Format.BF16;
            default -> throw UserError.input(
                    "weights-unsupported-type",
                    "tensor " + name + " of " + path + " is of type " + type + ", which is not supported (supported: F64, F32, F16, BF16)",
                    "load the model in transformers with torch_dtype=torch.float32 and save it with save_pretrained");
        };
    }

    private static MemorySegment map(Path path, Arena arena) {
        try {
            // An archive's file cannot be mapped; what is bundled is small.
            if (path.getFileSystem() != FileSystems.getDefault()) {
                byte[] bytes = Files.readAllBytes(path);
                return arena.allocate(bytes.length, 64).copyFrom(MemorySegment.ofArray(bytes));
            }
            try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
                return channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena);
            }
        } catch (IOException e) {
            throw UserError.failure("file-unreadable", "cannot read " + path + ": " + JsonFile.reason(e), "");
        }
    }

    private static long headerLength(Path path, MemorySegment all) {
        refusePointer(path, all);
        long there = all.byteSize();
        if (there < 8) throw truncated(path, 8, there);
        var littleEndian = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
        long header = all.get(littleEndian, 0);
        boolean opens = there == 8 || all.get(ValueLayout.JAVA_BYTE, 8) == '{';
        if (header < 2 || header > LONGEST_HEADER || !opens) {
            throw malformed(path, "it does not begin with a header");
        }
        if (8 + header > there) throw truncated(path, 8 + header, there);
        return header;
    }

    /** A clone without Git LFS has a few lines of text where the weights should be. */
    private static void refusePointer(Path path, MemorySegment all) {
        byte[] mark = "version https://git-lfs".getBytes(StandardCharsets.US_ASCII);
        if (all.byteSize() >= mark.length && all.asSlice(0, mark.length).mismatch(MemorySegment.ofArray(mark)) < 0) {
            throw UserError.input("weights-malformed", path + " is a Git LFS pointer, not the weights", "run git lfs pull in that folder");
        }
    }

    private static SequencedMap<String, Entry> entries(Path path, byte[] header) {
        var json = JsonFile.parse(header, "the header of " + path, "weights-malformed");
        var entries = new LinkedHashMap<String, Entry>();
        for (var field : json.properties()) {
            if (!field.getKey().equals("__metadata__")) entries.put(field.getKey(), entry(path, field.getKey(), field.getValue()));
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
            throw malformed(path, "tensor " + name + " of shape " + json.path("shape") + " and type " + type.textValue() + " has "
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
        if (!whole) throw malformed(path, "tensor " + name + " has " + key + " " + (list.isMissingNode() ? "missing" : list.toString()));
        long[] numbers = new long[list.size()];
        for (int i = 0; i < numbers.length; i++) numbers[i] = list.get(i).longValue();
        return numbers;
    }

    private static void checkPlaces(Path path, Map<String, Entry> entries, long dataStart, long fileSize) {
        long end = entries.values().stream().mapToLong(Entry::end).max().orElse(0);
        if (end > fileSize - dataStart) throw truncated(path, dataStart + end, fileSize);
        var inOrder = new ArrayList<>(entries.entrySet());
        inOrder.sort(Comparator.comparingLong((Map.Entry<String, Entry> e) -> e.getValue().begin())
                .thenComparingLong(e -> e.getValue().end()));
        for (int i = 1; i < inOrder.size(); i++) {
            if (inOrder.get(i).getValue().begin() < inOrder.get(i - 1).getValue().end()) {
                throw malformed(path, "tensors " + inOrder.get(i - 1).getKey() + " and " + inOrder.get(i).getKey() + " overlap");
            }
        }
    }

    private static UserError truncated(Path path, long needed, long there) {
        return new UserError(
                UserError.Kind.INPUT,
                "weights-truncated",
                path + " is truncated: it has " + there + " bytes of " + needed,
                List.of(),
                "download or copy it again");
    }

    private static UserError malformed(Path path, String why) {
        return UserError.input("weights-malformed", path + " is not a valid safetensors file: " + why, "download or save the model again");
    }
}
