package io.circuitscript.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a killed unpacking leaves goes; what somebody unpacks into stays. */
@Timeout(60)
final class UnpackLockTest {
    @TempDir
    private Path folder;

    /** A process of its own that takes the lock, says so, and keeps it. */
    static final class Holder {
        private Holder() {}

        public static void main(String[] arguments) throws Exception {
            UnpackLock lock = UnpackLock.take(Path.of(arguments[0]));
            System.out.println("held");
            Thread.sleep(50_000);
            lock.close();
        }
    }

    private static void takeAndGiveBack(Path folder) {
        UnpackLock.take(folder).close();
    }

    private Path left(String name, int minutes) throws IOException {
        Path part = Files.createDirectories(folder.resolve(name));
        age(Files.writeString(part.resolve("libtorch_cpu.so"), "half of it"), minutes);
        age(part, minutes);
        return part;
    }

    private static void age(Path file, int minutes) throws IOException {
        FileTime time = FileTime.from(Instant.now().minus(Duration.ofMinutes(minutes)));
        Files.getFileAttributeView(file, BasicFileAttributeView.class, LinkOption.NOFOLLOW_LINKS).setTimes(time, null, null);
    }

    @Test
    void whatAKilledUnpackingLeftIsRemoved() throws IOException {
        Path old = left("tmp8732498234", 11);
        Path recent = left("tmp123", 5);
        Path written = left("tmp456", 60);
        Files.writeString(written.resolve("libc10.so"), "just now");
        Path version = left("2.7.1-cpu-linux-x86_64", 60);
        Path binding = Files.writeString(version.resolve("jni123456tmp"), "half");
        age(binding, 60);
        Path other = left("tmp-of-mine", 60);
        Path outside = Files.writeString(Files.createTempFile("circuit", null), "kept");
        Path linking = left("tmp789", 60);
        age(Files.createSymbolicLink(linking.resolve("link"), outside), 60);
        age(linking, 60);
        takeAndGiveBack(folder);
        for (Path gone : List.of(old, binding, linking)) assertFalse(Files.exists(gone), gone.toString());
        for (Path kept : List.of(recent, written, version, other, outside)) assertTrue(Files.exists(kept), kept.toString());
        assertEquals("kept", Files.readString(outside));
        Files.delete(outside);
    }

    @Test
    void whatAnotherProcessUnpacksIsLeftToIt() throws Exception {
        Path part = left("tmp8732498234", 600);
        Files.createDirectories(folder);
        Process holder = new ProcessBuilder(
                        ProcessHandle.current().info().command().orElseThrow(), "-cp", System.getProperty("java.class.path"), Holder.class.getName(),
                        folder.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try {
            assertEquals("held", holder.inputReader().readLine());
            part = left("tmp8732498234", 600);
            takeAndGiveBack(folder);
            assertTrue(Files.exists(part), "its owner lives");
        } finally {
            holder.destroyForcibly().waitFor();
        }
        takeAndGiveBack(folder);
        assertFalse(Files.exists(part), "its owner was killed");
    }

    @Test
    void aFolderThatIsMissingIsMadeForItsOwnerAlone() throws IOException {
        Path missing = folder.resolve("cache/pytorch");
        takeAndGiveBack(missing);
        assertTrue(Files.isDirectory(missing));
        if (missing.getFileSystem().supportedFileAttributeViews().contains("posix")) assertEquals(3, Files.getPosixFilePermissions(missing).size());
    }

    @Test
    void aFolderThatCannotBeIsNoHindrance() throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "x");
        takeAndGiveBack(file);
        takeAndGiveBack(file.resolve("pytorch"));
        try (Stream<Path> all = Files.list(folder)) {
            assertEquals(List.of(file), all.toList());
        }
    }
}
