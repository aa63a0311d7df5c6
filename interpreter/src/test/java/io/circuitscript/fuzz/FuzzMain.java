package io.circuitscript.fuzz;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** One fuzzer for a while, in a process of its own that may die of it: {@code NAME FOLDER SEED SECONDS}. Exit code 3: something was found. */
public final class FuzzMain {
    private FuzzMain() {}

    public static void main(String[] args) throws IOException {
        Path folder = Files.createDirectories(Path.of(args[1]));
        long seed = Long.parseLong(args[2]);
        long end = System.nanoTime() + Long.parseLong(args[3]) * 1_000_000_000;
        long tried = 0;
        try (Fuzzer fuzzer = Fuzzer.ALL.get(args[0]).in(folder)) {
            for (; System.nanoTime() < end; seed++, tried++) {
                Files.writeString(folder.resolve("seed"), Long.toString(seed));
                fuzzer.once(seed);
            }
        } catch (AssertionError found) {
            found.printStackTrace();
            System.exit(3);
        }
        System.out.println(args[0] + ": " + tried + " tried");
        System.exit(0);
    }
}
