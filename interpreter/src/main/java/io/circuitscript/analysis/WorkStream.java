package io.circuitscript.analysis;

import io.circuitscript.engine.Ablation;
import io.circuitscript.engine.Transformer;
import io.circuitscript.io.FileHashes;
import io.circuitscript.task.Metric;
import io.circuitscript.task.Pairs;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.ObjectInputFilter;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.ObjectStreamClass;
import java.io.OutputStream;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.InflaterInputStream;

/**
 * Objects as bytes. A model is written as its origin; what several jobs need, as rows and metrics, as the hash of its own bytes, which are sent once;
 * what keeps batches, not at all.
 */
final class WorkStream {
    /** What a reader may make. Both ends are this program, and a cluster asks for a secret; it is a second wall. */
    private static final ObjectInputFilter OURS =
            ObjectInputFilter.Config.createFilter("io.circuitscript.**;java.base/*;!*");

    private record Shared(String id) implements Serializable {}

    private record Perhaps(Object value) implements Serializable {}

    private WorkStream() {}

    /** What was written for several jobs, by the hash of its bytes. */
    static final class Sent {
        private final Map<Object, String> ids = new IdentityHashMap<>();
        private final Map<String, byte[]> bytes = new HashMap<>();

        byte[] bytes(String id) {
            return bytes.get(id);
        }

        void clear() {
            ids.clear();
            bytes.clear();
        }
    }

    private static boolean isShared(Object object) {
        return object instanceof Pairs || object instanceof Metric || object instanceof Ablation.Mean;
    }

    /** @param used takes the ids of what the bytes refer to */
    static byte[] write(Object object, Sent sent, Map<String, byte[]> used) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (Writer out = new Writer(bytes, object, sent, used)) {
            out.writeObject(object);
        } catch (IOException e) {
            throw new UncheckedIOException("not to be written: " + e.getMessage(), e);
        }
        return bytes.toByteArray();
    }

    private static final class Writer extends ObjectOutputStream {
        private final Object root;
        private final Sent sent;
        private final Map<String, byte[]> used;

        Writer(OutputStream out, Object root, Sent sent, Map<String, byte[]> used) throws IOException {
            super(out);
            this.root = root;
            this.sent = sent;
            this.used = used;
            enableReplaceObject(true);
        }

        @Override
        protected Object replaceObject(Object object) {
            if (object == root) return object;
            if (isShared(object)) return shared(object);
            return switch (object) {
                case Transformer model -> ModelOrigin.of(model);
                case Optional<?> optional -> new Perhaps(optional.orElse(null));
                case BatchStore _ -> null;
                default -> object;
            };
        }

        private Shared shared(Object object) {
            String id = sent.ids.get(object);
            if (id == null) {
                byte[] own = packed(WorkStream.write(object, sent, used));
                id = HexFormat.of().formatHex(FileHashes.digest().digest(own));
                sent.ids.put(object, id);
                sent.bytes.put(id, own);
            }
            used.put(id, sent.bytes.get(id));
            return new Shared(id);
        }
    }

    static Object read(byte[] bytes, Sources from) throws IOException {
        try (Reader in = new Reader(bytes, from)) {
            return in.readObject();
        } catch (ClassNotFoundException e) {
            throw new IOException(e);
        }
    }

    /** Where a reader has from what is not in the bytes. */
    interface Sources {
        Transformer model(ModelOrigin origin);

        /** @param make reads it, where it is not known */
        Object shared(String id, Function<byte[], Object> make);

        KeptBetweenFolds kept(KeptBetweenFolds read);
    }

    private static final class Reader extends ObjectInputStream {
        private final Sources from;

        Reader(byte[] bytes, Sources from) throws IOException {
            super(new ByteArrayInputStream(bytes));
            this.from = from;
            enableResolveObject(true);
            setObjectInputFilter(OURS);
        }

        @Override
        protected Class<?> resolveClass(ObjectStreamClass of) throws IOException, ClassNotFoundException {
            try {
                return Class.forName(of.getName(), false, WorkStream.class.getClassLoader());
            } catch (ClassNotFoundException e) {
                return super.resolveClass(of);
            }
        }

        @Override
        protected Object resolveObject(Object object) {
            return switch (object) {
                case ModelOrigin origin -> from.model(origin);
                case Shared shared -> from.shared(shared.id, this::made);
                case Perhaps perhaps -> Optional.ofNullable(perhaps.value);
                case KeptBetweenFolds kept -> from.kept(kept);
                default -> object;
            };
        }

        private Object made(byte[] packed) {
            try {
                return WorkStream.read(unpacked(packed), from);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    // ---- numbers

    /** A result by its bits. Many are zero where a batch was taken apart, so that it is packed. */
    static <P> byte[] value(Fold<P> fold, P value) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            fold.write(value, out);
        } catch (IOException e) {
            throw new UncheckedIOException("memory takes everything", e);
        }
        return packed(bytes.toByteArray());
    }

    static <P> P value(Fold<P> fold, byte[] packed, int examples) throws IOException {
        return fold.read(new DataInputStream(new ByteArrayInputStream(unpacked(packed))), examples);
    }

    private static byte[] packed(byte[] bytes) {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        Deflater deflater = new Deflater(Deflater.BEST_SPEED);
        try (DeflaterOutputStream out = new DeflaterOutputStream(packed, deflater)) {
            out.write(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException("memory takes everything", e);
        } finally {
            deflater.end();
        }
        return packed.toByteArray();
    }

    private static byte[] unpacked(byte[] packed) throws IOException {
        try (InflaterInputStream in = new InflaterInputStream(new ByteArrayInputStream(packed))) {
            return in.readAllBytes();
        }
    }
}
