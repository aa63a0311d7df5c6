package io.circuitscript.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.circuitscript.cli.console.ExitCode;
import io.circuitscript.cli.console.MachineLimits;
import io.circuitscript.model.natives.NativeCache;
import io.circuitscript.source.ErrorCode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Which native libraries a process of its own loads. */
@Timeout(180)
final class NativeLibraryTest extends ScriptFolder {
    private ProcessBuilder java(List<String> options, String code) {
        List<String> command = new ArrayList<>(List.of(
                ProcessHandle.current().info().command().orElseThrow(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow"));
        command.addAll(options);
        command.addAll(List.of("io.circuitscript.cli.Main", "-c", code));
        return new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectError(folder.resolve("err").toFile());
    }

    /** The user database has no home for every user: nothing is then taken from a folder that everybody can write to. */
    @Test
    void withoutAHomeNothingIsLoaded() throws Exception {
        Path shared = Files.createDirectory(folder.resolve("tmp"));
        Path planted = Files.createDirectories(shared.resolve(".djl.ai/tokenizers/0.21.0-0.35.1-cpu-linux-x86_64"));
        Files.writeString(planted.resolve("libtokenizers.so"), "planted");
        ProcessBuilder builder = java(List.of("-Duser.home=?", "-Djava.io.tmpdir=" + shared), "print 1; load demo");
        List.of("HOME", "XDG_CACHE_HOME", "CIRCUIT_CACHE", "ENGINE_CACHE_DIR", "DJL_CACHE_DIR")
                .forEach(builder.environment()::remove);
        Process process = builder.start();
        assertEquals(List.of("1"), process.inputReader().lines().toList(), "what needs no library runs");
        assertEquals(ExitCode.FAILURE, process.waitFor());
        assertTrue(
                text("err")
                        .contains(
                                "error[E0713]: native libraries are unpacked into your home folder, which is not known"),
                text("err"));
        assertTrue(text("err").contains("set HOME, or set CIRCUIT_CACHE to a folder that belongs to you"), text("err"));
        assertFalse(Files.exists(folder.resolve("?")));
    }

    /** Java throws what it likes where no file can be opened: never 1, and never a stack trace. */
    @Test
    void withoutFilesItFailsAndSaysSo() throws Exception {
        for (int files : new int[] {12, 20, 32}) {
            ProcessBuilder builder = java(List.of(), "load demo");
            List<String> limited =
                    new ArrayList<>(List.of("/bin/sh", "-c", "ulimit -n " + files + "; exec \"$@\"", "sh"));
            limited.addAll(builder.command());
            Process process = builder.command(limited).start();
            assertEquals(ExitCode.FAILURE, process.waitFor(), files + ": " + text("err"));
            assertTrue(text("err").contains("ulimit -n 1024"), files + ": " + text("err"));
            assertFalse(text("err").contains("\tat "), files + ": " + text("err"));
        }
        IOException said = new IOException("/a/library.jar: Too many open files");
        assertEquals(
                ErrorCode.TOO_MANY_FILES,
                MachineLimits.of(new IllegalStateException(new UncheckedIOException(said)))
                        .orElseThrow()
                        .code());
        assertTrue(MachineLimits.of(new NoClassDefFoundError("a/Class")).isEmpty(), "a class may also be missing");
    }

    @Test
    void everythingLoadedIsTheJavaMachinesTheSystemsOrInThePrivateFolder() throws Exception {
        assumeTrue(Files.exists(Path.of("/proc/self/maps")), "only Linux shows what is loaded");
        ProcessBuilder builder = java(List.of(), "load demo; for i in 1..100000 { for j in 1..100000 { print i, j } }");
        Process process = builder.start();
        BufferedReader out = process.inputReader();
        for (String line = out.readLine(); !"1 1".equals(line.strip()); line = out.readLine()) {}
        List<String> loaded = libraries(process.pid());
        process.destroyForcibly().waitFor();
        String cache = NativeCache.folder(System.getenv()).toString();
        assertTrue(
                loaded.stream().anyMatch(it -> it.startsWith(cache) && it.contains("libtorch_cpu")), loaded.toString());
        assertTrue(
                loaded.stream().anyMatch(it -> it.startsWith(cache) && it.contains("libtokenizers")),
                loaded.toString());
        List<String> places = List.of(cache + "/", "/usr/", "/lib", System.getProperty("java.home") + "/");
        assertEquals(
                List.of(),
                loaded.stream()
                        .filter(it -> places.stream().noneMatch(it::startsWith))
                        .toList());
    }

    private static List<String> libraries(long process) throws IOException {
        try (Stream<String> maps = Files.lines(Path.of("/proc", Long.toString(process), "maps"))) {
            return maps.filter(line -> line.contains(".so"))
                    .map(line -> line.substring(line.indexOf('/')))
                    .distinct()
                    .toList();
        }
    }
}
