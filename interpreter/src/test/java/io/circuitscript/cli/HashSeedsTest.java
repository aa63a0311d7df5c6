package io.circuitscript.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.circuitscript.JavaCommand;
import java.io.IOException;
import java.io.InputStream;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeTransform;
import java.lang.classfile.instruction.InvokeInstruction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every example gives the same bytes in processes whose sets and maps have other orders. Java draws the order of {@code Set.of} and {@code Map.of} anew
 * in each process, from the clock, and that of enums and other objects without a hash of their own from their addresses. Here both are chosen.
 */
@Timeout(1200)
final class HashSeedsTest {
    private static final List<Integer> SEEDS = List.of(1, 2, 3, 6, 7);

    @TempDir
    private Path folder;

    /** Java's own class of unmodifiable sets and maps, with a seed in the place of the clock. @return a folder to patch {@code java.base} with */
    private Path seeded(int seed) throws IOException {
        AtomicInteger clocks = new AtomicInteger();
        CodeTransform seeds = (code, element) -> {
            if (!(element instanceof InvokeInstruction call) || !call.name().equalsString("nanoTime")) {
                code.with(element);
                return;
            }
            clocks.incrementAndGet();
            code.loadConstant((long) seed);
        };
        ClassFile classes = ClassFile.of();
        Path patch = folder.resolve("seed-" + seed);
        Path file = patch.resolve("java/util/ImmutableCollections.class");
        Files.createDirectories(file.getParent());
        try (InputStream in = Object.class.getResourceAsStream("/" + patch.relativize(file))) {
            ClassTransform transform = ClassTransform.transformingMethodBodies(
                    method -> method.methodName().equalsString("<clinit>"), seeds);
            Files.write(file, classes.transformClass(classes.parse(in.readAllBytes()), transform));
        }
        assertEquals(1, clocks.get(), "this Java draws the order of Set.of and Map.of in another way: seed that");
        return patch;
    }

    private String java(int seed, String main, String... arguments) throws Exception {
        List<String> options = List.of(
                "--patch-module",
                "java.base=" + seeded(seed),
                "-XX:+UnlockExperimentalVMOptions",
                "-XX:hashCode=" + seed % 6);
        List<String> command = JavaCommand.of(options, main, arguments);
        Path printed = folder.resolve("printed-" + seed);
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(printed.toFile())
                .start();
        int code = process.waitFor();
        String text = Files.readString(printed);
        assertEquals(0, code, text);
        return text;
    }

    /** The bytes that the examples left, by file; of a record all but the times. */
    private Map<String, String> left(Path all) throws IOException {
        Map<String, String> left = new TreeMap<>();
        try (Stream<Path> files = Files.walk(all)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                String text =
                        Files.readString(file, StandardCharsets.ISO_8859_1).replace(all.toString(), "{folder}");
                left.put(
                        all.relativize(file).toString(),
                        file.toString().endsWith(".record.json") ? text.replaceFirst("(?s)\"times\".*", "") : text);
            }
        }
        return left;
    }

    @Test
    void seedsGiveOtherOrders() throws Exception {
        List<String> orders = new ArrayList<>();
        for (int seed : SEEDS) orders.add(java(seed, Orders.class.getName()));
        assertTrue(orders.stream().distinct().count() >= 3, orders.toString());
    }

    /** Prints the order of a small map. */
    static final class Orders {
        private Orders() {}

        public static void main(String[] args) {
            System.out.println(Map.of("clean", 1, "corrupted", 2, "correct", 3, "incorrect", 4)
                    .keySet());
        }
    }

    @Test
    void everyExampleGivesTheSameBytes() throws Exception {
        List<Callable<Map<String, String>>> runs = new ArrayList<>();
        for (int seed : SEEDS) {
            runs.add(() -> {
                Path all = folder.resolve("run-" + seed);
                java(seed, RunExamples.class.getName(), all.toString());
                return left(all);
            });
        }
        List<Map<String, String>> found = new ArrayList<>();
        try (ExecutorService two = Executors.newFixedThreadPool(2)) {
            for (Future<Map<String, String>> run : two.invokeAll(runs)) found.add(run.get());
        }
        Map<String, String> first = found.getFirst();
        for (Map<String, String> other : found) {
            assertEquals(first.keySet(), other.keySet());
            for (String name : first.keySet()) assertEquals(first.get(name), other.get(name), name);
        }
        for (String name : Examples.names())
            assertTrue(first.get(name + "/printed").startsWith("0\n"), first.get(name + "/printed"));
        String columns = first.get("columns/printed");
        assertTrue(
                columns.startsWith("0\n")
                        && columns.contains("columns text, other, right, wrong, clean, corrupted, correct, incorrect"),
                columns);
    }
}
