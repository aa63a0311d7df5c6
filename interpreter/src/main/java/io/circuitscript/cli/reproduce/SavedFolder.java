package io.circuitscript.cli.reproduce;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.circuitscript.io.AtomicFile;
import io.circuitscript.io.FileHashes;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * The folder in which a run is saved: {@code run.json} says what it depends on, {@code done-…} hold the results of pieces of work that came to their end, and
 * {@code reached} holds the piece that did not. Each file is there whole or not at all, names the run and ends with its own hash. A run that writes there
 * holds {@code lock} for as long as it lives.
 */
final class SavedFolder implements AutoCloseable {
    static final String ENDING = ".resume";

    private static final int VERSION = 1;

    /** The first bytes of each file. */
    private static final long MAGIC = 0x43697263_75697400L + VERSION;

    private static final int HASH = 32;
    private static final long MOST_BYTES = 1L << 30;
    private static final long MOST_HEADER = 64L << 20;
    private static final String DONE = "done-";
    private static final String REACHED = "reached";
    private static final String HEADER = "run.json";
    private static final String LOCK = "lock";
    private static final ObjectMapper MAPPER = new ObjectMapper();

    /** A piece of work: its number in the run, the hash of what it computes, and its result. */
    record Entry(long number, byte[] identity, boolean whole, byte[] content) {}

    /** The position of an entry in its file. */
    private record Place(Path file, long offset, int length, byte[] identity, boolean whole) {}

    private final Path folder;
    private final Map<Long, Place> places = new HashMap<>();
    private final List<String> damaged = new ArrayList<>();
    private UUID run = UUID.randomUUID();
    private int last;
    private final FileLock lock;

    SavedFolder(Path folder) {
        this.folder = folder;
        lock = new FileLock(folder.resolve(LOCK));
    }

    static Path of(Path script, Path out) {
        Path record = RecordFile.of(script, out);
        String name = record.getFileName().toString();
        return record.resolveSibling(name.substring(0, name.length() - RecordFile.ENDING.length()) + ENDING);
    }

    boolean exists() {
        return Files.isRegularFile(folder.resolve(HEADER));
    }

    /**
     * Takes the folder for this run alone, and makes it where it is missing.
     *
     * @return whether no other run has it
     */
    boolean claim() throws IOException {
        return lock.claim();
    }

    /** Whether another running process has the folder. */
    boolean isTaken() {
        return lock.isTaken();
    }

    /** Releases the folder for other runs. */
    @Override
    public void close() {
        lock.close();
    }

    /** What the saved run depends on; empty where nothing can be read. */
    Optional<ObjectNode> header() {
        Path file = folder.resolve(HEADER);
        try {
            if (!exists() || Files.size(file) > MOST_HEADER) return Optional.empty();
            JsonNode tree = MAPPER.readTree(Files.readAllBytes(file));
            if (!(tree instanceof ObjectNode header) || header.path("version").asInt() != VERSION)
                return Optional.empty();
            run = UUID.fromString(header.path("run").asText());
            return Optional.of(header);
        } catch (IOException | IllegalArgumentException e) {
            return Optional.empty(); // no JSON, no number of a run, or not to be read
        }
    }

    /** Finds all entries of the run that the header names, and checks them. @return the files that are damaged */
    List<String> open() {
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.sorted().toList()) {
                String name = file.getFileName().toString();
                if (name.matches(DONE + "[0-9]{6}"))
                    last = Math.max(last, Integer.parseInt(name.substring(DONE.length())));
                else if (!name.equals(REACHED)) continue;
                if (!index(file)) damaged.add(name);
            }
        } catch (IOException e) {
            damaged.add(String.valueOf(folder.getFileName()));
        }
        return List.copyOf(damaged);
    }

    private boolean index(Path file) throws IOException {
        long size = Files.size(file);
        if (size > MOST_BYTES || size < 8 + 16 + 4 + HASH) return false;
        byte[] bytes = Files.readAllBytes(file);
        ByteBuffer in = ByteBuffer.wrap(bytes, 0, bytes.length - HASH);
        if (!MessageDigest.isEqual(
                hash(bytes, bytes.length - HASH), Arrays.copyOfRange(bytes, bytes.length - HASH, bytes.length)))
            return false;
        if (in.getLong() != MAGIC) return false;
        if (!new UUID(in.getLong(), in.getLong()).equals(run)) return true; // of a run before: whole, and not ours
        for (int count = in.getInt(); count > 0; count--) {
            if (in.remaining() < 8 + HASH + 1 + 4) return false;
            long number = in.getLong();
            byte[] identity = new byte[HASH];
            in.get(identity);
            boolean whole = in.get() != 0;
            int length = in.getInt();
            if (length < 0 || length > in.remaining()) return false;
            Place known = places.get(number);
            if (whole || known == null || !known.whole)
                places.put(number, new Place(file, in.position(), length, identity, whole));
            in.position(in.position() + length);
        }
        return true;
    }

    /** The saved entry of a piece. */
    Optional<Entry> entry(long number) {
        Place place = places.get(number);
        if (place == null) return Optional.empty();
        byte[] content = new byte[place.length];
        try (RandomAccessFile in = new RandomAccessFile(place.file.toFile(), "r")) {
            in.seek(place.offset);
            in.readFully(content);
        } catch (IOException e) {
            return Optional.empty(); // gone meanwhile: it is computed again
        }
        return Optional.of(new Entry(number, place.identity, place.whole, content));
    }

    /** Drops the entries from a piece on. */
    void forget(long from) {
        places.keySet().removeIf(number -> number >= from);
    }

    /** Starts a new run in place of the saved one. */
    void begin() throws IOException {
        run = UUID.randomUUID();
        clear();
        places.clear();
        last = 0;
    }

    void writeHeader(ObjectNode header) throws IOException {
        ObjectNode whole = MAPPER.createObjectNode()
                .put("format", "circuitscript-resume")
                .put("version", VERSION)
                .put("run", run.toString());
        whole.setAll(header);
        byte[] bytes = MAPPER.writerWithDefaultPrettyPrinter().writeValueAsBytes(whole);
        AtomicFile.write(folder.resolve(HEADER), out -> out.write(bytes));
    }

    void writeDone(List<Entry> entries) throws IOException {
        write(folder.resolve(DONE + String.format(Locale.ROOT, "%06d", ++last)), entries);
    }

    void writeReached(Entry entry) throws IOException {
        write(folder.resolve(REACHED), List.of(entry));
    }

    private void write(Path file, List<Entry> entries) throws IOException {
        var bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeLong(MAGIC);
            out.writeLong(run.getMostSignificantBits());
            out.writeLong(run.getLeastSignificantBits());
            out.writeInt(entries.size());
            for (Entry entry : entries) {
                out.writeLong(entry.number());
                out.write(entry.identity());
                out.writeBoolean(entry.whole());
                out.writeInt(entry.content().length);
                out.write(entry.content());
            }
        }
        byte[] content = bytes.toByteArray();
        byte[] hash = hash(content, content.length);
        AtomicFile.write(file, out -> {
            out.write(content);
            out.write(hash);
        });
    }

    private static byte[] hash(byte[] bytes, int length) {
        MessageDigest digest = FileHashes.digest();
        digest.update(bytes, 0, length);
        return digest.digest();
    }

    /** Removes everything that is saved, the header first, without which the rest is ignored. */
    private void clear() throws IOException {
        Files.deleteIfExists(folder.resolve(HEADER));
        if (!Files.isDirectory(folder)) return;
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.toList()) {
                if (isOurs(file.getFileName().toString())) Files.deleteIfExists(file);
            }
        }
    }

    /** Removes all files. */
    void delete() throws IOException {
        clear();
        Files.deleteIfExists(folder.resolve(LOCK));
        if (!Files.isDirectory(folder)) return;
        try (Stream<Path> files = Files.list(folder)) {
            if (files.findAny().isPresent()) return; // something that is not ours
        }
        Files.deleteIfExists(folder);
    }

    /** Whether this is one of the files, or the rest of one whose writing was killed. */
    private static boolean isOurs(String name) {
        return name.equals(HEADER)
                || name.equals(REACHED)
                || name.startsWith(DONE)
                || name.startsWith(".") && name.endsWith(".part");
    }
}
