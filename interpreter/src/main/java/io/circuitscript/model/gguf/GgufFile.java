package io.circuitscript.model.gguf;

import io.circuitscript.source.ErrorCode;
import io.circuitscript.source.UserError;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;

/**
 * A GGUF file, llama.cpp's format, in which a model is one file: metadata, each tensor's name, shape, type and place, then the tensors' bytes.
 * Opening checks that all of it fits the file, and reads no tensor.
 */
public final class GgufFile {
    private static final int MAGIC = 0x46554747; // "GGUF"
    private static final String ALIGNMENT = "general.alignment";
    private static final long DEFAULT_ALIGNMENT = 32;
    private static final int MOST_TENSORS = 1 << 20;
    private static final int MOST_KEYS = 1 << 16;
    private static final int LONGEST_TENSOR_NAME = 256;
    private static final int MOST_AXES = 4;

    /** A file that this one is read from, at any place by any thread. */
    public interface Bytes {
        /** As a message names it. */
        String name();

        /** In bytes. */
        long size();

        /** Fills a buffer from a place on. */
        void read(long position, java.nio.ByteBuffer to);
    }

    /**
     * A tensor as the header has it.
     *
     * @param shape sizes of its axes, outermost first
     * @param begin the place of its first byte in the file
     */
    public record Tensor(String name, GgufType type, long[] shape, long begin) {
        public long elements() {
            long count = 1;
            for (long size : shape) count *= size;
            return count;
        }

        /** In the file. */
        public long bytes() {
            return type.bytes(elements());
        }
    }

    private final Bytes file;
    private final Map<String, Object> metadata;
    private final SequencedMap<String, Tensor> tensors;

    private GgufFile(Bytes file, Map<String, Object> metadata, SequencedMap<String, Tensor> tensors) {
        this.file = file;
        this.metadata = Collections.unmodifiableMap(metadata);
        this.tensors = Collections.unmodifiableSequencedMap(tensors);
    }

    /** @throws UserError where it is not such a file, is of a version or byte order that is not read, or is damaged */
    public static GgufFile read(Bytes file) {
        GgufReader in = new GgufReader(file);
        if (file.size() < 4 || in.int32() != MAGIC) throw in.malformed("it does not begin with \"GGUF\"");
        int version = in.int32();
        if (version != 0 && (version & 0xFFFF) == 0) throw in.unsupported("it is big-endian", "");
        if (version != 2 && version != 3) {
            throw in.unsupported(
                    "its version is " + Integer.toUnsignedString(version) + " (supported: 2 and 3)",
                    version == 1 ? "convert the model again with a current llama.cpp" : "");
        }
        int tensorCount = in.count("tensors", MOST_TENSORS, 8 + 4 + 4 + 8);
        int keyCount = in.count("keys of metadata", MOST_KEYS, 8 + 4 + 1);
        Map<String, Object> metadata = new LinkedHashMap<>();
        for (int i = 0; i < keyCount; i++) {
            String key = in.name("a key of the metadata", 1 << 16);
            Object value = in.value(key);
            if (metadata.put(key, value) != null) throw in.malformed("its metadata has " + key + " twice");
        }
        long alignment = alignment(in, metadata);
        SequencedMap<String, Tensor> tensors = new LinkedHashMap<>();
        for (int i = 0; i < tensorCount; i++) {
            Tensor tensor = tensor(in, alignment);
            if (tensors.put(tensor.name(), tensor) != null)
                throw in.malformed("it has tensor " + tensor.name() + " twice");
        }
        long dataStart = Math.ceilDiv(in.position(), alignment) * alignment;
        tensors.replaceAll(
                (name, tensor) -> new Tensor(name, tensor.type(), tensor.shape(), dataStart + tensor.begin()));
        checkPlaces(in, tensors, dataStart, file.size());
        return new GgufFile(file, metadata, tensors);
    }

    private static long alignment(GgufReader in, Map<String, Object> metadata) {
        Object given = metadata.getOrDefault(ALIGNMENT, DEFAULT_ALIGNMENT);
        if (given instanceof Long alignment && alignment >= 1 && alignment <= 1 << 20 && Long.bitCount(alignment) == 1)
            return alignment;
        throw in.malformed(ALIGNMENT + " is " + given + ", not a power of two up to " + (1 << 20));
    }

    /** With its place counted from the end of the header, which is not known yet. */
    private static Tensor tensor(GgufReader in, long alignment) {
        String name = in.name("a tensor's name", LONGEST_TENSOR_NAME);
        int axes = in.int32();
        if (axes < 1 || axes > MOST_AXES)
            throw in.malformed("tensor " + name + " has " + Integer.toUnsignedString(axes) + " axes");
        long[] shape = new long[axes];
        for (int axis = axes - 1; axis >= 0; axis--) { // the file has the innermost first
            shape[axis] = in.int64();
            if (shape[axis] < 1)
                throw in.malformed("tensor " + name + " has an axis of size " + Long.toUnsignedString(shape[axis]));
        }
        int id = in.int32();
        GgufType type = GgufType.of(id)
                .orElseThrow(() -> in.malformed("tensor " + name + " is of type " + Integer.toUnsignedString(id)
                        + ", which this format does not have"));
        long elements = 1;
        try {
            for (long size : shape) elements = Math.multiplyExact(elements, size);
            Math.multiplyExact(elements, 8);
        } catch (ArithmeticException tooLarge) {
            throw in.malformed("tensor " + name + " has more elements than any file can");
        }
        if (shape[axes - 1] % type.block() != 0) {
            throw in.malformed("tensor " + name + " has rows of " + shape[axes - 1] + " elements, and " + type
                    + " keeps them in blocks of " + type.block());
        }
        long begin = in.int64();
        if (begin < 0 || begin % alignment != 0) {
            throw in.malformed("tensor " + name + " begins at " + Long.toUnsignedString(begin)
                    + ", which is no multiple of " + alignment);
        }
        return new Tensor(name, type, shape, begin);
    }

    private static void checkPlaces(
            GgufReader in, SequencedMap<String, Tensor> tensors, long dataStart, long fileSize) {
        List<Tensor> inOrder = new ArrayList<>(tensors.values());
        inOrder.sort(Comparator.comparingLong(Tensor::begin).thenComparingLong(Tensor::bytes));
        for (int i = 0; i < inOrder.size(); i++) {
            Tensor tensor = inOrder.get(i);
            // A begin near the largest number may have become negative.
            if (tensor.begin() < dataStart || tensor.begin() > fileSize || tensor.bytes() > fileSize - tensor.begin()) {
                throw in.truncated("tensor " + tensor.name() + " lies beyond its end");
            }
            if (i > 0
                    && tensor.begin()
                            < inOrder.get(i - 1).begin() + inOrder.get(i - 1).bytes()) {
                throw in.malformed("tensors " + inOrder.get(i - 1).name() + " and " + tensor.name() + " overlap");
            }
        }
    }

    /** Where its tensors' bytes are read. */
    public Bytes file() {
        return file;
    }

    /**
     * What the file says of the model and its tokenizer, by key. A value is a String, a Long, a Double, a Boolean, a {@code List<String>}, an
     * {@code int[]}, a {@code long[]}, a {@code float[]}, a {@code double[]}, or a list of such lists.
     */
    public Map<String, Object> metadata() {
        return metadata;
    }

    /** By their names, in the file's order. */
    public SequencedMap<String, Tensor> tensors() {
        return tensors;
    }

    /** A text of the metadata; empty where the file has none by that key. */
    public Optional<String> text(String key) {
        return Optional.ofNullable(metadata.get(key) instanceof String text ? text : null);
    }

    /** A whole number of the metadata; empty where the file has none by that key. */
    public Optional<Long> whole(String key) {
        return Optional.ofNullable(metadata.get(key) instanceof Long number ? number : null);
    }

    /** That the file is of this format, but of a kind that cannot be loaded. */
    public UserError unsupported(String why, String help) {
        return UserError.input(ErrorCode.GGUF, file.name() + " cannot be loaded: " + why, help);
    }
}
