package io.circuitscript.io;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.circuitscript.source.ErrorCode;
import io.circuitscript.source.UserError;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whatever happens, the new file is there whole or the old one still is, and nothing else. */
final class AtomicFileTest {
    @TempDir
    private Path folder;

    private static void write(Path file, String text) {
        AtomicFile.write(file, out -> out.write(text.getBytes(StandardCharsets.UTF_8)));
    }

    private static String refused(Path file) {
        UserError error = assertThrows(UserError.class, () -> write(file, "new"));
        assertEquals(ErrorCode.CANNOT_WRITE, error.code());
        String start = file + " cannot be written: ";
        assertTrue(error.getMessage().startsWith(start), error.getMessage());
        return error.getMessage().substring(start.length());
    }

    private List<String> names() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(it -> it.getFileName().toString()).sorted().toList();
        }
    }

    @Test
    void whatDeadProcessesLeftIsTakenAwayAndNothingElse() throws Exception {
        Process process = new ProcessBuilder("true").start();
        process.waitFor();
        String dead = ".circuit-" + process.pid();
        String living = ".circuit-" + ProcessHandle.current().pid();
        FileTime before = FileTime.from(Instant.now().minus(2, ChronoUnit.HOURS));
        List<String> stay = List.of(living + "-1a.part", dead + "-x.part", ".circuit-.part", dead + "-1a.json");
        for (String name : List.of(dead + "-1a.part", dead + "-ff00.part"))
            Files.setLastModifiedTime(Files.createFile(folder.resolve(name)), before);
        for (String name : stay) Files.setLastModifiedTime(Files.createFile(folder.resolve(name)), before);
        Files.createFile(folder.resolve(dead + "-2b.part"));
        write(folder.resolve("a.json"), "new");
        List<String> expected = new ArrayList<>(stay);
        expected.addAll(List.of("a.json", dead + "-2b.part"));
        assertEquals(
                expected.stream().sorted().toList(), names(), "a process of another machine may be at the young one");
    }

    @ParameterizedTest
    @CsvSource({
        "No space left on device, the disk is full",
        "Disk quota exceeded, your disk quota is used up",
        "Read-only file system, may only be read",
        "File too large, it is larger than the system allows a file to be",
        "Input/output error, Input/output error"
    })
    void aDiskThatFailsLeavesTheOldFile(String said, String reason) throws IOException {
        Path file = Files.writeString(folder.resolve("a.json"), "old");
        UserError error = assertThrows(
                UserError.class,
                () -> AtomicFile.write(file, out -> {
                    out.write(new byte[100_000]);
                    throw new IOException(said);
                }));
        assertTrue(error.getMessage().endsWith(reason), error.getMessage());
        assertEquals("old", Files.readString(file));
        assertEquals(List.of("a.json"), names());
    }

    @Test
    void aDefectLeavesTheOldFileToo() throws IOException {
        Path file = Files.writeString(folder.resolve("a.json"), "old");
        assertThrows(
                IllegalStateException.class,
                () -> AtomicFile.write(file, out -> {
                    out.write(1);
                    throw new IllegalStateException("a defect");
                }));
        assertEquals("old", Files.readString(file));
        assertEquals(List.of("a.json"), names());
    }

    @Test
    void permissionsAreKept() throws IOException {
        assumeTrue(Files.getFileStore(folder).supportsFileAttributeView("posix"));
        Path file = Files.writeString(folder.resolve("a.json"), "old");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxrw----"));
        write(file, "new");
        assertEquals("new", Files.readString(file));
        assertEquals("rwxrw----", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
    }

    @Test
    void aFileOrFolderThatMayOnlyBeReadIsLeftAlone() throws IOException {
        Path file = Files.writeString(folder.resolve("a.json"), "old");
        assertTrue(file.toFile().setReadOnly());
        assumeFalse(Files.isWritable(file), "root may write everywhere");
        assertEquals("it exists and is read-only", refused(file));
        Path closed = Files.createDirectory(folder.resolve("closed"));
        assertTrue(closed.toFile().setReadOnly());
        assertEquals("the folder " + closed + " may not be written to", refused(closed.resolve("a.json")));
        assertEquals("the folder " + closed + " may not be written to", refused(closed.resolve("deeper/a.json")));
        closed.toFile().setWritable(true);
        assertEquals("old", Files.readString(file));
    }

    @Test
    void aFolderWhereNoFileCanBeIsSaid() {
        Path proc = Path.of("/proc");
        assumeTrue(Files.isDirectory(proc.resolve("self")));
        assertFalse(refused(proc.resolve("a.json")).isEmpty());
    }

    @Test
    void aNameThatIsAFolderOrBelowAFileIsSaid() throws IOException {
        Files.createDirectory(folder.resolve("sub"));
        Files.writeString(folder.resolve("plain"), "old");
        assertEquals("it is a folder", refused(folder.resolve("sub")));
        assertEquals("it is a folder", refused(folder.resolve("sub/..")));
        assertEquals("it is a folder", refused(Path.of("/")));
        assertEquals(folder.resolve("plain") + " is a file, not a folder", refused(folder.resolve("plain/a.json")));
        assertEquals("its name is too long", refused(folder.resolve("x".repeat(300))));
        assertEquals(List.of("plain", "sub"), names());
    }

    @Test
    void theLongestNameAndMissingFoldersAreNoHindrance() throws IOException {
        String longest = "x".repeat(255);
        write(folder.resolve("a/b").resolve(longest), "new");
        assertEquals("new", Files.readString(folder.resolve("a/b").resolve(longest)));
    }

    @Test
    void aLinkIsReplacedWhateverItLeadsTo() throws IOException {
        Path kept = Files.writeString(folder.resolve("kept"), "kept");
        Files.createSymbolicLink(folder.resolve("link"), kept);
        Files.createSymbolicLink(folder.resolve("dangling"), folder.resolve("nowhere"));
        write(folder.resolve("link"), "new");
        write(folder.resolve("dangling"), "new");
        assertEquals("kept", Files.readString(kept));
        assertEquals(List.of("dangling", "kept", "link"), names());
        assertFalse(Files.isSymbolicLink(folder.resolve("link")));
        assertEquals("new", Files.readString(folder.resolve("dangling")));
    }

    @Test
    void whoReadsMeanwhileSeesAWholeFile() throws IOException {
        Path file = folder.resolve("a.bin");
        List<byte[]> contents = IntStream.range(0, 8)
                .mapToObj(i -> {
                    byte[] bytes = new byte[200_000 + i];
                    Arrays.fill(bytes, (byte) i);
                    return bytes;
                })
                .toList();
        contents.parallelStream().forEach(bytes -> AtomicFile.write(file, out -> out.write(bytes)));
        byte[] last = Files.readAllBytes(file);
        assertArrayEquals(contents.get(last[0]), last);
        assertEquals(List.of("a.bin"), names());
    }
}
