package io.circuitscript.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A session that goes on for long takes no more memory than one that has warmed up. */
@Timeout(300)
final class EnduranceTest {
    private static final int STATEMENTS = 276;

    /** Rounds after which all that is made once is made. */
    private static final int WARM = 2;

    private static final long MOST_HEAP_KB = 3_000;
    private static final long MOST_RESIDENT_KB = 60_000;

    @TempDir
    private Path folder;

    private static long leastHeap(List<String> rounds) {
        return rounds.stream().mapToLong(it -> numbers(it)[1]).min().orElseThrow();
    }

    @Test
    void memoryStaysFlat() throws Exception {
        assumeTrue(Files.exists(Path.of("/proc/self/status")), "only Linux tells how much memory is resident");
        // A heap that is all there from the beginning: what grows is native.
        Process process = new ProcessBuilder(
                        ProcessHandle.current().info().command().orElseThrow(),
                        "--enable-native-access=ALL-UNNAMED",
                        "--sun-misc-unsafe-memory-access=allow",
                        "-XX:+UseSerialGC",
                        "-Xms160m",
                        "-Xmx160m",
                        "-XX:+AlwaysPreTouch",
                        "-cp",
                        System.getProperty("java.class.path"),
                        LongSession.class.getName(),
                        folder.toString(),
                        "" + STATEMENTS)
                .redirectErrorStream(true)
                .start();
        List<String> lines = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
                .lines()
                .filter(it -> !it.startsWith("WARNING"))
                .toList();
        assertEquals(0, process.waitFor(), () -> String.join("\n", lines));
        assertTrue(lines.stream().allMatch(it -> it.matches("\\d+ \\d+ \\d+")), () -> String.join("\n", lines));
        long[] warm = numbers(lines.get(WARM - 1));
        long[] end = numbers(lines.getLast());
        assertTrue(end[0] >= STATEMENTS, lines::toString);
        // What is in use after a round depends on what was interrupted in it: the least of several says what is kept.
        int half = lines.size() / 2;
        long before = leastHeap(lines.subList(0, half));
        long after = leastHeap(lines.subList(half, lines.size()));
        assertTrue(after - before < MOST_HEAP_KB, () -> "heap grows: " + lines);
        assertTrue(end[2] - warm[2] < MOST_RESIDENT_KB, () -> "native memory grows: " + lines);
    }

    @Test
    void theSessionGoesOnWhereTheHeapIsFull() throws Exception {
        Path typed = Files.writeString(folder.resolve("typed"), """
                let a = 1..1000000
                print 1 + 1
                """);
        ProcessBuilder prompt = new ProcessBuilder(
                        ProcessHandle.current().info().command().orElseThrow(),
                        "-XX:+UseSerialGC",
                        "-Xmx32m",
                        "-Dcircuit.terminals=i",
                        "-cp",
                        System.getProperty("java.class.path"),
                        "io.circuitscript.cli.Main")
                .directory(folder.toFile())
                .redirectInput(typed.toFile())
                .redirectErrorStream(true);
        prompt.environment().put("TERM", "dumb");
        Process process = prompt.start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), said);
        assertTrue(said.contains("the memory of the Java machine is used up") && said.contains(" --> <repl:"), said);
        assertTrue(said.contains("circuit> 2\n"), said);
        assertEquals(-1, said.indexOf("defect"), said);
    }

    private static long[] numbers(String line) {
        return Arrays.stream(line.split(" ")).mapToLong(Long::parseLong).toArray();
    }
}
