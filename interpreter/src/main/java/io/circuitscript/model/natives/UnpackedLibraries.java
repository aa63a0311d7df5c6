package io.circuitscript.model.natives;

import io.circuitscript.io.AtomicFile;
import io.circuitscript.io.FileHashes;
import io.circuitscript.source.ErrorCode;
import io.circuitscript.source.UserError;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.FileStore;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One folder of unpacked libraries. Each is held against the hash that the build wrote down when it is unpacked, and again when it is not the very file
 * that was checked: its size, both its times and its number are noted. Hashing all of them at each start would take longer than the start itself. The note is
 * as safe as they are, because it lies in the same private folder; and the time of the last change of a file cannot be set back by its owner.
 */
final class UnpackedLibraries {
    private static final String NOTE = ".checked";

    /** What the system says of a disk or a quota that is used up, and what {@link AtomicFile} makes of it. */
    private static final List<String> FULL = List.of("No space left", "quota", "the disk is full", "is used up");

    private static final Pattern NOTED = Pattern.compile("(pytorch|tokenizers)-(.+)\\" + NOTE);

    /** As 2.7.1-cpu-linux-x86_64, and 0.21.0-0.35.1-cpu-linux-x86_64. */
    private static final Pattern VERSION =
            Pattern.compile("[0-9][0-9.]*(-[0-9][0-9.]*)?-[a-z0-9]+-[a-z0-9]+-[a-z0-9_]+");

    /** What an unpacking that was killed has left: DJL's own, of a version before. */
    private static final Pattern LEFT = Pattern.compile("tmp[0-9]+");

    private static final Pattern BINDINGS =
            Pattern.compile("[0-9][0-9.]*-" + Pattern.quote(System.mapLibraryName("djl_torch")));

    private static final Duration RESTING = Duration.ofHours(1);

    private final Path folder;
    private final Path note;
    private final Map<String, String> hashes;

    UnpackedLibraries(Path cache, String name) {
        this(cache, name, NativeHashes.read());
    }

    /** @param hashes what each library has to be, by the name of its resource */
    UnpackedLibraries(Path cache, String name, Map<String, String> hashes) {
        this.hashes = hashes;
        folder = cache.resolve(name);
        note = cache.resolve(name.replace('/', '-') + NOTE);
    }

    /**
     * Takes away the notes in a cache folder, and the folders of libraries that they are of; nothing else that lies there.
     *
     * @return those folders
     */
    static List<Path> clear(Path cache) throws IOException {
        List<Path> cleared = new ArrayList<>();
        try (DirectoryStream<Path> notes = Files.newDirectoryStream(cache, UnpackedLibraries::isNote)) {
            for (Path note : notes) {
                Optional<Path> folder = folder(note);
                if (folder.isPresent()) delete(folder.get());
                folder.ifPresent(cleared::add);
                Files.delete(note);
            }
        }
        return cleared;
    }

    private static boolean isNote(Path file) {
        return NOTED.matcher(file.getFileName().toString()).matches()
                && !Files.isDirectory(file, LinkOption.NOFOLLOW_LINKS);
    }

    /** The folder that a note is of, where it has a name that only this program gives, and no link leads there. */
    private static Optional<Path> folder(Path note) {
        Matcher name = NOTED.matcher(note.getFileName().toString());
        if (!name.matches() || !VERSION.matcher(name.group(2)).matches()) return Optional.empty();
        Path kind = note.resolveSibling(name.group(1));
        Path folder = kind.resolve(name.group(2));
        boolean plain = Files.isDirectory(kind, LinkOption.NOFOLLOW_LINKS)
                && Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS);
        return plain ? Optional.of(folder) : Optional.empty();
    }

    /**
     * @param resources where each library is on the class path, by the name of its file
     * @param watch asked and told while another process unpacks
     * @return the folder that holds these libraries and nothing else
     */
    Path of(Map<String, String> resources, UnpackingWatch watch) {
        Map<String, String> sorted = new TreeMap<>(resources);
        try {
            if (isChecked(sorted)) return folder;
            try (UnpackingLock _ = UnpackingLock.take(note.getParent(), watch, UnpackingLock.LIMIT)) {
                unpack(sorted);
            }
            return folder;
        } catch (IOException e) {
            throw failure(PrivateFolder.reason(e));
        } catch (UserError e) {
            throw e.code() == ErrorCode.CANNOT_WRITE ? failure(e.getMessage()) : e;
        }
    }

    private void unpack(Map<String, String> sorted) throws IOException {
        if (isChecked(sorted)) return; // by whoever was waited for
        // What was there before the note may be a file that somebody still writes to.
        boolean known = Files.isRegularFile(note, LinkOption.NOFOLLOW_LINKS);
        // It does not hold meanwhile.
        if (!Files.isDirectory(note, LinkOption.NOFOLLOW_LINKS)) Files.deleteIfExists(note);
        requireFolderOrNothing(folder.getParent());
        requireFolderOrNothing(folder);
        // What is there and should not be is taken away: only from a folder of our own.
        if (Files.isSymbolicLink(folder)) throw new IOException(folder + " is a link");
        PrivateFolder.requireOwn(folder);
        Files.createDirectories(folder);
        clearLeft(folder.getParent());
        keepOnly(sorted);
        for (Map.Entry<String, String> library : sorted.entrySet()) {
            Path file = folder.resolve(library.getKey());
            if (!known || !isRight(file, library.getValue())) unpack(library.getValue(), file);
        }
        byte[] checked = stamps(sorted).getBytes(StandardCharsets.UTF_8);
        AtomicFile.write(note, out -> out.write(checked));
    }

    private static void requireFolderOrNothing(Path place) throws IOException {
        if (Files.isDirectory(place) || !Files.exists(place, LinkOption.NOFOLLOW_LINKS)) return;
        String what = Files.isSymbolicLink(place) ? " is a link that leads to no folder" : " is a file, not a folder";
        throw new IOException(place + what);
    }

    private boolean isChecked(Map<String, String> resources) throws IOException {
        return Files.isRegularFile(note, LinkOption.NOFOLLOW_LINKS)
                && Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)
                && extra(resources).isEmpty()
                && saysOf(stamps(resources));
    }

    /** Whether the note says this of the libraries. One that was damaged, or cannot be read, says nothing. */
    private boolean saysOf(String stamps) {
        byte[] expected = stamps.getBytes(StandardCharsets.UTF_8);
        try {
            return expected.length > 0
                    && Files.size(note) == expected.length
                    && Arrays.equals(Files.readAllBytes(note), expected);
        } catch (IOException e) {
            return false;
        }
    }

    /** A line a library: which it has to be, and the file that was checked. Empty where one is missing. */
    private String stamps(Map<String, String> resources) throws IOException {
        StringBuilder lines = new StringBuilder();
        for (Map.Entry<String, String> library : resources.entrySet()) {
            Path file = folder.resolve(library.getKey());
            if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) return "";
            Map<String, Object> now =
                    Files.readAttributes(file, "unix:size,lastModifiedTime,ctime,ino", LinkOption.NOFOLLOW_LINKS);
            lines.append(hash(library.getValue()))
                    .append(' ')
                    .append(now.get("size"))
                    .append(' ')
                    .append(nanos(now.get("lastModifiedTime")));
            lines.append(' ')
                    .append(nanos(now.get("ctime")))
                    .append(' ')
                    .append(now.get("ino"))
                    .append(' ')
                    .append(library.getKey())
                    .append('\n');
        }
        return lines.toString();
    }

    private static long nanos(Object time) {
        return ((FileTime) time).to(TimeUnit.NANOSECONDS);
    }

    /** What is in the folder and should not be: everything there is loaded. */
    private List<Path> extra(Map<String, String> resources) throws IOException {
        List<Path> extra = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
            for (Path file : files)
                if (!resources.containsKey(file.getFileName().toString())) extra.add(file);
        }
        return extra;
    }

    private void keepOnly(Map<String, String> resources) throws IOException {
        for (Path file : extra(resources)) delete(file);
    }

    private boolean isRight(Path file, String resource) {
        return Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)
                && new FileHashes().of(file).equals(hash(resource));
    }

    private String hash(String resource) {
        String hash = hashes.get(resource);
        if (hash == null) throw new IllegalStateException("the build knows no hash of " + resource);
        return hash;
    }

    private void unpack(String resource, Path file) {
        AtomicFile.write(file, out -> {
            MessageDigest digest = FileHashes.digest();
            try (InputStream in = UnpackedLibraries.class.getClassLoader().getResourceAsStream(resource)) {
                if (in == null) throw new IOException("the class path has no " + resource);
                OutputStream hashed = new DigestOutputStream(out, digest);
                in.transferTo(hashed);
            }
            if (HexFormat.of().formatHex(digest.digest()).equals(hash(resource))) return;
            throw UserError.failure(
                    ErrorCode.LIBRARY_DIFFERS,
                    "the native library " + resource + " is not the one that the program was built with",
                    "build the program again");
        });
    }

    private void clearLeft(Path place) throws IOException {
        Instant before = Instant.now().minus(RESTING);
        try (DirectoryStream<Path> left = Files.newDirectoryStream(place, "tmp*")) {
            for (Path it : left) {
                boolean ours = LEFT.matcher(it.getFileName().toString()).matches()
                        && Files.isDirectory(it, LinkOption.NOFOLLOW_LINKS)
                        && Files.getLastModifiedTime(it).toInstant().isBefore(before)
                        && holdsOnlyLibraries(it);
                if (ours) delete(it);
            }
        }
    }

    /** Whether there is nothing in a folder but what DJL unpacks. */
    private boolean holdsOnlyLibraries(Path place) throws IOException {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(place)) {
            for (Path file : files) {
                String name = file.getFileName().toString();
                boolean known = BINDINGS.matcher(name).matches()
                        || hashes.keySet().stream().anyMatch(it -> it.endsWith("/" + name));
                if (!known || !Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) return false;
            }
        }
        return true;
    }

    /** Also a folder with all that is in it; links are not followed. */
    private static void delete(Path path) throws IOException {
        if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) return;
        Files.walkFileTree(path, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.delete(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path folder, IOException failure) throws IOException {
                if (failure != null) throw failure;
                Files.delete(folder);
                return FileVisitResult.CONTINUE;
            }
        });
    }

    private UserError failure(String why) {
        return new UserError(
                UserError.Kind.UNAVAILABLE,
                ErrorCode.LIBRARIES_NOT_UNPACKED,
                "native libraries cannot be unpacked into " + folder + ": " + why,
                List.of("they take about 450 MB, once"),
                hasRoom(why) ? NativeCache.WAY_OUT : "make room there, or " + NativeCache.WAY_OUT);
    }

    /** Whether room is not what is wanting. The system says it in the language of its user: then what is free tells. */
    private boolean hasRoom(String why) {
        if (FULL.stream().anyMatch(why::contains)) return false;
        try {
            FileStore disk = Files.getFileStore(note.getParent());
            return disk.isReadOnly() || disk.getTotalSpace() == 0 || disk.getUsableSpace() > 0;
        } catch (IOException e) {
            return true;
        }
    }
}
