package io.circuitscript.fuzz;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Each fuzzer for {@code -Dfuzz.minutes=N}, 10 where it is left out: {@code mvn verify -Pfuzz}. It runs in a process of its own, and in another one
 * after each find; a process that dies is a find too. What was found lies in {@code target/fuzz}.
 */
@Tag("fuzz")
class LongFuzzTest {
    private static final long MINUTES = Long.getLong("fuzz.minutes", 10);
    private static final Path FOLDER = Path.of("target/fuzz");

    static Stream<String> names() {
        String only = System.getProperty("fuzz.only");
        return Fuzzer.ALL.keySet().stream()
                .filter(name -> only == null || List.of(only.split(",")).contains(name));
    }

    @ParameterizedTest
    @MethodSource("names")
    void nothingIsFound(String name) throws IOException, InterruptedException {
        long end = System.nanoTime() + MINUTES * 60_000_000_000L;
        List<String> finds = new ArrayList<>();
        Random seeds = new Random();
        while (System.nanoTime() < end && finds.size() < 20) {
            Path folder = Files.createTempDirectory(Files.createDirectories(FOLDER), name);
            Path log = folder.resolve("log");
            long seconds = Math.max(1, (end - System.nanoTime()) / 1_000_000_000);
            int code = child(
                            log,
                            name,
                            folder.toString(),
                            Long.toString(seeds.nextInt(Integer.MAX_VALUE)),
                            Long.toString(seconds))
                    .waitFor();
            System.out.println(name + ": exit code " + code + ", see " + log + "\n"
                    + Files.readString(log).lines().limit(3).toList());
            if (code != 0) finds.add(folder + ": exit code " + code);
        }
        assertEquals(List.of(), finds);
    }

    private static Process child(Path log, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
        command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), FuzzMain.class.getName()));
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
    }
}
