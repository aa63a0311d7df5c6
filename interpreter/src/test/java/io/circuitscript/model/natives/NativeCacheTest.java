package io.circuitscript.model.natives;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.security.auth.module.UnixSystem;
import io.circuitscript.source.ErrorCode;
import io.circuitscript.source.UserError;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Which folder native libraries are loaded from, who could change what is in it, and what happens to a library that somebody did change. */
final class NativeCacheTest {
    private static final String LIBRARY = System.mapLibraryName("tokenizers");
    private static final Map<String, String> RESOURCES = Map.of(LIBRARY, "native/lib/linux-x86_64/cpu/" + LIBRARY);

    @TempDir
    private Path temporary;

    private static String permissions(Path path) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }

    private static void permit(Path path, String permissions) throws IOException {
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(permissions));
    }

    private static UserError refused(Map<String, String> environment) {
        return assertThrows(UserError.class, () -> NativeCache.open(environment, note -> {}));
    }

    private static Path open(Map<String, String> environment) {
        return NativeCache.open(environment, note -> {});
    }

    private static void give(Path path, String user) throws Exception {
        assumeTrue(new UnixSystem().getUid() == 0, "only root gives files away");
        assertEquals(
                0,
                new ProcessBuilder("chown", "-h", user, path.toString()).start().waitFor());
    }

    @Test
    void itIsInTheHomeOfTheUserUnlessAVariableSaysOtherwise() {
        String home = System.getProperty("user.home");
        assertEquals(Path.of("/h/.cache/circuitscript"), NativeCache.folder(Map.of("HOME", "/h")));
        assertEquals(Path.of(home, ".cache/circuitscript"), NativeCache.folder(Map.of()));
        assertEquals(Path.of(home, ".cache/circuitscript"), NativeCache.folder(Map.of("HOME", "")));
        assertEquals(
                Path.of("/h/.cache/circuitscript"),
                NativeCache.folder(Map.of("HOME", "/h", "XDG_CACHE_HOME", "caches")),
                "a relative one is ignored");
        assertEquals(Path.of("/x/circuitscript"), NativeCache.folder(Map.of("HOME", "/h", "XDG_CACHE_HOME", "/x")));
        assertEquals(
                Path.of("/c"), NativeCache.folder(Map.of("HOME", "/h", "XDG_CACHE_HOME", "/x", "CIRCUIT_CACHE", "/c")));
        assertEquals(Path.of("/e"), NativeCache.folder(Map.of("CIRCUIT_CACHE", "/c", "ENGINE_CACHE_DIR", "/e")));
    }

    @Test
    void whatIsMadeIsForItsOwnerOnly() throws IOException {
        Path folder =
                open(Map.of("CIRCUIT_CACHE", temporary.resolve("deep/cache").toString()));
        assertEquals("rwx------", permissions(folder));
        assertEquals("rwx------", permissions(folder.getParent()));
    }

    @Test
    void ourOwnFolderIsClosedToOthersAndEmptiedWhereTheyCouldWrite() throws IOException {
        Map<String, String> home = Map.of("HOME", temporary.toString());
        Path folder = open(home);
        Path planted = Files.writeString(
                Files.createDirectories(folder.resolve("pytorch/2.7.1-cpu-linux-x86_64"))
                        .resolve("libtorch.so"),
                "planted");
        Path note = Files.writeString(folder.resolve("pytorch-2.7.1-cpu-linux-x86_64.checked"), "forged");
        Path work = Files.writeString(
                Files.createDirectories(folder.resolve("tokenizers/src")).resolve("work.rs"), "of the user's");
        Files.writeString(folder.resolve("tokenizers-src.checked"), "");
        permit(folder, "rwxr-xr-x");
        open(home);
        assertEquals("rwx------", permissions(folder));
        assertTrue(Files.exists(planted), "nobody else could write there");
        Files.writeString(folder.resolve("mine"), "no library");
        permit(folder, "rwxrwx---");
        List<String> notes = new ArrayList<>();
        NativeCache.open(home, notes::add);
        assertEquals("rwx------", permissions(folder));
        assertFalse(Files.exists(planted));
        assertFalse(Files.exists(note));
        assertTrue(Files.exists(folder.resolve("mine")));
        assertTrue(Files.exists(work), "of no version, and so not ours");
        assertEquals(List.of("others could write to " + folder + ": native libraries are unpacked anew"), notes);
    }

    /** What a link leads to may be a folder that the user shares, with other things in it. */
    @Test
    void ourOwnFolderBehindALinkIsTheUsersToMend() throws IOException {
        Path shared = Files.createDirectory(temporary.resolve("shared"));
        Path checkout = Files.writeString(
                Files.createDirectories(shared.resolve("tokenizers/src")).resolve("lib.rs"), "");
        permit(shared, "rwxrwxr-x");
        Files.createDirectories(temporary.resolve("home/.cache"));
        Files.createSymbolicLink(temporary.resolve("home/.cache/circuitscript"), shared);
        UserError refusal = refused(Map.of("HOME", temporary.resolve("home").toString()));
        assertEquals(ErrorCode.CACHE_NOT_PRIVATE, refusal.code());
        assertTrue(
                refusal.getMessage().endsWith(shared + " can be written to by others: chmod go-w " + shared),
                refusal.getMessage());
        assertEquals("rwxrwxr-x", permissions(shared));
        assertTrue(Files.exists(checkout));
    }

    private Path old(Path place, String name) throws IOException {
        Path file = Files.writeString(Files.createDirectories(place).resolve(name), "");
        Files.setLastModifiedTime(place, FileTime.fromMillis(0));
        return file;
    }

    /** A cache folder may be one with checkouts of these names. */
    @Test
    void onlyWhatDjlHasLeftIsTakenAway() throws IOException {
        assumeTrue(NativeHashes.read().containsKey(RESOURCES.get(LIBRARY)));
        Path place = temporary.resolve("tokenizers");
        List<Path> others = List.of(
                old(place.resolve("tmp_results"), LIBRARY),
                old(place.resolve("tmp1"), "thesis.tex"),
                old(place.resolve("tmp2/deeper"), LIBRARY),
                Files.writeString(place.resolve("tmp3"), "a file"),
                Files.createSymbolicLink(place.resolve("tmp4"), old(temporary.resolve("elsewhere"), LIBRARY)));
        Files.setLastModifiedTime(place.resolve("tmp2"), FileTime.fromMillis(0));
        Files.setLastModifiedTime(place.resolve("tmp3"), FileTime.fromMillis(0));
        Path left = old(place.resolve("tmp12345"), LIBRARY);
        new UnpackedLibraries(temporary, "tokenizers/1").of(RESOURCES, UnpackingWatch.NONE);
        for (Path other : others) assertTrue(Files.exists(other), other.toString());
        assertFalse(Files.exists(left.getParent()));
    }

    @Test
    void aLinkInThePlaceOfTheLibrariesIsNotEmptied() throws IOException {
        Path mine = Files.createDirectory(temporary.resolve("mine"));
        Path work = Files.writeString(mine.resolve("work"), "");
        Files.createDirectory(temporary.resolve("tokenizers"));
        Path link = Files.createSymbolicLink(temporary.resolve("tokenizers/1"), mine);
        UnpackedLibraries libraries = new UnpackedLibraries(temporary, "tokenizers/1");
        UserError refusal = assertThrows(UserError.class, () -> libraries.of(RESOURCES, UnpackingWatch.NONE));
        assertTrue(refusal.getMessage().endsWith(link + " is a link"), refusal.getMessage());
        assertTrue(Files.exists(work));
    }

    @Test
    void aFolderThatSomebodyElseMadeInsideIsRefused() throws Exception {
        Path theirs = Files.createDirectories(temporary.resolve("tokenizers/1"));
        give(theirs, "nobody");
        UserError refusal = assertThrows(
                UserError.class,
                () -> new UnpackedLibraries(temporary, "tokenizers/1").of(RESOURCES, UnpackingWatch.NONE));
        assertEquals(ErrorCode.CACHE_NOT_PRIVATE, refusal.code());
        assertTrue(refusal.getMessage().endsWith(theirs + " belongs to nobody: take it away"), refusal.getMessage());
    }

    @Test
    void aNamedFolderThatOthersCanWriteToIsRefused() throws IOException {
        Path folder = Files.createDirectory(temporary.resolve("open"));
        permit(folder, "rwxrwxr-x");
        UserError refusal = refused(Map.of("CIRCUIT_CACHE", folder.toString()));
        assertEquals(ErrorCode.CACHE_NOT_PRIVATE, refusal.code());
        assertTrue(
                refusal.getMessage().endsWith(folder + " can be written to by others: chmod go-w " + folder),
                refusal.getMessage());
        permit(folder, "rwxr-xr-x");
        open(Map.of("CIRCUIT_CACHE", folder.toString()));
        assertEquals("rwxr-xr-x", permissions(folder), "it may be a folder with other things too");
    }

    @Test
    void aFolderAboveThatEverybodyCanWriteToIsRefused() throws IOException {
        Path shared = Files.createDirectory(temporary.resolve("shared"));
        permit(shared, "rwxrwxrwx");
        UserError refusal =
                refused(Map.of("CIRCUIT_CACHE", shared.resolve("cache").toString()));
        assertTrue(
                refusal.getMessage().endsWith("everybody may write to the folder " + shared + " above it"),
                refusal.getMessage());
        assertFalse(Files.exists(shared.resolve("cache")));
        Path link = Files.createSymbolicLink(temporary.resolve("link"), shared.resolve("cache"));
        assertEquals(
                ErrorCode.CACHE_NOT_PRIVATE,
                refused(Map.of("CIRCUIT_CACHE", link.resolve("x").toString())).code());
    }

    @Test
    void whatBelongsToAnotherUserIsRefused() throws Exception {
        Path theirs = Files.createDirectory(temporary.resolve("theirs"));
        give(theirs, "nobody");
        assertTrue(refused(Map.of("CIRCUIT_CACHE", theirs.toString()))
                .getMessage()
                .endsWith(theirs + " belongs to nobody"));
        UserError above = refused(Map.of("HOME", theirs.toString()));
        assertTrue(
                above.getMessage().endsWith("the folder " + theirs + " above it belongs to nobody"),
                above.getMessage());
        assertFalse(Files.exists(theirs.resolve(".cache")), "nothing is left in a home of another user");
        Path mine = open(Map.of("CIRCUIT_CACHE", temporary.resolve("mine").toString()));
        Path link = Files.createSymbolicLink(temporary.resolve("a link"), mine);
        open(Map.of("CIRCUIT_CACHE", link.toString()));
        give(link, "nobody");
        assertTrue(refused(Map.of("CIRCUIT_CACHE", link.toString()))
                .getMessage()
                .endsWith(link + " is a link that nobody made"));
    }

    @Test
    void aFileInTheWayIsNamed() throws IOException {
        Path file = Files.writeString(temporary.resolve("file"), "");
        UserError refusal =
                refused(Map.of("CIRCUIT_CACHE", file.resolve("cache").toString()));
        assertEquals(ErrorCode.LIBRARIES_NOT_UNPACKED, refusal.code());
        assertTrue(refusal.getMessage().endsWith(file + " is a file, not a folder"), refusal.getMessage());
    }

    private static String reasonOf(UserError refusal, String before) {
        assertEquals(ErrorCode.LIBRARIES_NOT_UNPACKED, refusal.code(), refusal.getMessage());
        assertFalse((refusal.getMessage() + refusal.help()).contains("chmod"), refusal.getMessage());
        assertEquals("set CIRCUIT_CACHE to a folder that belongs to you", refusal.help(), "room is not wanting");
        assertTrue(refusal.getMessage().contains(before), refusal.getMessage());
        return refusal.getMessage().substring(refusal.getMessage().indexOf(before) + before.length());
    }

    /** The advice to change the permissions of /dev/null would break the machine. */
    @Test
    void whatIsNoFolderIsNamedWithItsReason() throws IOException {
        String made = "cannot be made: ";
        assertEquals(
                "/dev/null is a device or a pipe, not a folder",
                reasonOf(refused(Map.of("CIRCUIT_CACHE", "/dev/null")), made));
        Path file = Files.writeString(temporary.resolve("file"), "");
        assertEquals(
                file + " is a file, not a folder", reasonOf(refused(Map.of("CIRCUIT_CACHE", file.toString())), made));
        permit(file, "rw-rw-rw-");
        assertEquals(
                file + " is a file, not a folder", reasonOf(refused(Map.of("CIRCUIT_CACHE", file.toString())), made));
        Path dangling = Files.createSymbolicLink(temporary.resolve("dangling"), temporary.resolve("none"));
        assertEquals(
                dangling + " is a link that leads nowhere",
                reasonOf(refused(Map.of("CIRCUIT_CACHE", dangling.toString())), made));
        assumeTrue(Files.isDirectory(Path.of("/proc/self")), "only Linux has /proc");
        assertEquals("the system makes nothing at /proc/.cache", reasonOf(refused(Map.of("HOME", "/proc")), made));
    }

    @Test
    void whatIsInTheWayOfTheLibrariesIsNamedWithItsReason() throws IOException {
        Path inTheWay = Files.writeString(temporary.resolve("tokenizers"), "");
        UnpackedLibraries libraries = new UnpackedLibraries(temporary, "tokenizers/1");
        String before = "cannot be unpacked into " + temporary.resolve("tokenizers/1") + ": ";
        assertEquals(
                inTheWay + " is a file, not a folder",
                reasonOf(assertThrows(UserError.class, () -> libraries.of(RESOURCES, UnpackingWatch.NONE)), before));
        Files.delete(inTheWay);
        Files.createSymbolicLink(inTheWay, temporary.resolve("none"));
        assertEquals(
                inTheWay + " is a link that leads to no folder",
                reasonOf(assertThrows(UserError.class, () -> libraries.of(RESOURCES, UnpackingWatch.NONE)), before));
    }

    @Test
    void aLibraryThatIsNotTheBuildsIsUnpackedAgain() throws IOException {
        assumeTrue(NativeHashes.read().containsKey(RESOURCES.get(LIBRARY)));
        UnpackedLibraries libraries = new UnpackedLibraries(temporary, "tokenizers/1");
        Path library = libraries.of(RESOURCES, UnpackingWatch.NONE).resolve(LIBRARY);
        byte[] right = Files.readAllBytes(library);
        Object file = Files.getAttribute(library, "unix:ino");
        libraries.of(RESOURCES, UnpackingWatch.NONE);
        assertEquals(file, Files.getAttribute(library, "unix:ino"), "one that was checked stays");
        FileTime time = Files.getLastModifiedTime(library);
        byte[] wrong = right.clone();
        wrong[wrong.length / 2] ^= 1;
        Files.write(library, wrong);
        Files.setLastModifiedTime(library, time);
        Files.writeString(library.resolveSibling("libplanted.so"), "would be loaded too");
        libraries.of(RESOURCES, UnpackingWatch.NONE);
        assertEquals(-1, Arrays.mismatch(right, Files.readAllBytes(library)), "of the same size and time, and another");
        assertFalse(Files.exists(library.resolveSibling("libplanted.so")));
        Files.delete(library);
        Path elsewhere = Files.write(temporary.resolve("elsewhere.so"), wrong);
        Files.createSymbolicLink(library, elsewhere);
        libraries.of(RESOURCES, UnpackingWatch.NONE);
        assertTrue(Files.isRegularFile(library, LinkOption.NOFOLLOW_LINKS));
        assertEquals(-1, Arrays.mismatch(wrong, Files.readAllBytes(elsewhere)), "what a link led to stays");
    }

    @Test
    void aDamagedNoteCountsAsNone() throws IOException {
        assumeTrue(NativeHashes.read().containsKey(RESOURCES.get(LIBRARY)));
        UnpackedLibraries libraries = new UnpackedLibraries(temporary, "tokenizers/1");
        Path library = libraries.of(RESOURCES, UnpackingWatch.NONE).resolve(LIBRARY);
        Path note = temporary.resolve("tokenizers-1.checked");
        Files.write(note, new byte[] {(byte) 0xFF, (byte) 0xFE, 0});
        libraries.of(RESOURCES, UnpackingWatch.NONE);
        assertTrue(Files.readString(note).endsWith(" " + LIBRARY + "\n"), "bytes that are no UTF-8");
        Files.write(note, new byte[0]);
        Files.delete(library);
        libraries.of(RESOURCES, UnpackingWatch.NONE);
        assertTrue(Files.isRegularFile(library), "nothing said of nothing");
    }

    /** A process of its own that unpacks: it holds the lock for a while. */
    static final class Holder {
        private Holder() {}

        public static void main(String[] arguments) throws Exception {
            try (FileChannel channel = FileChannel.open(
                            Path.of(arguments[0]), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                    FileLock _ = channel.lock()) {
                System.out.println("held");
                Thread.sleep(Long.parseLong(arguments[1]));
            }
        }
    }

    @Test
    void anotherProcessThatUnpacksIsWaitedForAndWhatAKilledOneLeftGoes() throws Exception {
        assumeTrue(NativeHashes.read().containsKey(RESOURCES.get(LIBRARY)));
        Path half = Files.writeString(
                Files.createDirectories(temporary.resolve("tokenizers/1")).resolve(LIBRARY + "123.part"), "half of it");
        List<String> notes = new ArrayList<>();
        Process holder = holder(1500);
        try {
            UnpackingWatch watch = new UnpackingWatch(() -> {}, notes::add);
            new UnpackedLibraries(temporary, "tokenizers/1").of(RESOURCES, watch);
            assertTrue(holder.waitFor(1, TimeUnit.SECONDS), "it was not waited for");
        } finally {
            holder.destroyForcibly();
        }
        assertFalse(Files.exists(half));
        assertEquals(List.of("waiting for another start that unpacks native libraries into " + temporary), notes);
    }

    private Process holder(int millis) throws IOException {
        Process holder = new ProcessBuilder(
                        ProcessHandle.current().info().command().orElseThrow(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Holder.class.getName(),
                        temporary.resolve(".unpacking.lock").toString(),
                        Integer.toString(millis))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        assertEquals("held", holder.inputReader().readLine());
        return holder;
    }

    /** A start that hangs or is suspended holds nobody up for ever. */
    @Test
    @Timeout(60)
    void waitingForAnotherProcessCanBeEnded() throws Exception {
        Process holder = holder(600_000);
        try {
            UnpackedLibraries libraries = new UnpackedLibraries(temporary, "tokenizers/1");
            AtomicInteger asked = new AtomicInteger();
            UnpackingWatch cancelling = new UnpackingWatch(
                    () -> {
                        if (asked.incrementAndGet() == 3) throw new CancellationException("by Ctrl-C");
                    },
                    note -> {});
            Exception cancelled = assertThrows(CancellationException.class, () -> libraries.of(RESOURCES, cancelling));
            assertEquals("by Ctrl-C", cancelled.getMessage());
            Thread.currentThread().interrupt();
            assertThrows(CancellationException.class, () -> libraries.of(RESOURCES, UnpackingWatch.NONE));
            assertTrue(Thread.interrupted());
            UserError refusal = assertThrows(
                    UserError.class, () -> UnpackingLock.take(temporary, UnpackingWatch.NONE, Duration.ofMillis(200)));
            assertEquals(ErrorCode.LIBRARIES_NOT_UNPACKED, refusal.code());
            assertTrue(refusal.getMessage().contains("another start has been unpacking"), refusal.getMessage());
            assertTrue(refusal.help().startsWith("end that process, or set CIRCUIT_CACHE"), refusal.help());
        } finally {
            holder.destroyForcibly();
            holder.waitFor();
        }
        UnpackingLock.take(temporary, UnpackingWatch.NONE, Duration.ofSeconds(10))
                .close();
    }

    @Test
    void aLibraryThatCameWithTheProgramAndIsNotTheBuildsIsRefused() {
        UnpackedLibraries libraries =
                new UnpackedLibraries(temporary, "tokenizers/1", Map.of(RESOURCES.get(LIBRARY), "0".repeat(64)));
        UserError refusal = assertThrows(UserError.class, () -> libraries.of(RESOURCES, UnpackingWatch.NONE));
        assertEquals(ErrorCode.LIBRARY_DIFFERS, refusal.code());
        assertFalse(Files.exists(temporary.resolve("tokenizers/1").resolve(LIBRARY)));
    }

    @Test
    void aNoteOfSomebodyElseDoesNotMakeALibraryRight() throws IOException {
        assumeTrue(NativeHashes.read().containsKey(RESOURCES.get(LIBRARY)));
        Map<String, String> home = Map.of("HOME", temporary.toString());
        Path cache = open(home);
        Path library = new UnpackedLibraries(cache, "tokenizers/1")
                .of(RESOURCES, UnpackingWatch.NONE)
                .resolve(LIBRARY);
        Path note = cache.resolve("tokenizers-1.checked");
        byte[] right = Files.readAllBytes(library);
        permit(cache, "rwxrwxrwx");
        // Whoever could write there could change the library and write a note that fits.
        Files.write(library, new byte[] {1});
        String forged = Files.readString(note).replaceAll(" .* ", " 1 " + stamp(library) + " ");
        Files.writeString(note, forged);
        new UnpackedLibraries(open(home), "tokenizers/1").of(RESOURCES, UnpackingWatch.NONE);
        assertEquals(-1, Arrays.mismatch(right, Files.readAllBytes(library)));
    }

    private static String stamp(Path library) throws IOException {
        Map<String, Object> now = Files.readAttributes(library, "unix:lastModifiedTime,ctime,ino");
        long changed = ((FileTime) now.get("lastModifiedTime")).to(TimeUnit.NANOSECONDS);
        return changed + " " + ((FileTime) now.get("ctime")).to(TimeUnit.NANOSECONDS) + " " + now.get("ino");
    }
}
