package io.circuitscript.render;

import io.circuitscript.source.ErrorCode;
import io.circuitscript.source.UserError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The address space of a process where it is limited, as by {@code ulimit -v}: in kB. V8 ends the whole process where it gets no more, and so is not
 * started where that is to be foreseen.
 */
record AddressSpace(long limit, long used) {
    /** What V8 takes at most while it draws: 1,097 to 1,113 MB were measured for two and 800 nodes. */
    static final long NEEDED = 1_150_000;

    private static final Pattern LIMIT = Pattern.compile("Max address space +([0-9]+) .*");
    private static final Pattern USED = Pattern.compile("VmSize:\\s+([0-9]+) kB");

    /** @throws UserError where this process has too little left for V8 */
    static void requireRoom() {
        of(Path.of("/proc/self")).ifPresent(AddressSpace::require);
    }

    /** @param process its folder in {@code /proc} @return empty where nothing is limited, or the system does not say */
    static Optional<AddressSpace> of(Path process) {
        OptionalLong limit = number(process.resolve("limits"), LIMIT);
        OptionalLong used = number(process.resolve("status"), USED);
        if (limit.isEmpty() || used.isEmpty()) return Optional.empty();
        return Optional.of(new AddressSpace(limit.getAsLong() / 1024, used.getAsLong()));
    }

    private static OptionalLong number(Path file, Pattern wanted) {
        try (Stream<String> lines = Files.lines(file)) {
            return lines.map(wanted::matcher)
                    .filter(Matcher::matches)
                    .mapToLong(it -> Long.parseLong(it.group(1)))
                    .findFirst();
        } catch (IOException | RuntimeException notSaid) {
            return OptionalLong.empty();
        }
    }

    void require() {
        long left = Math.max(0, limit - used);
        if (left >= NEEDED) return;
        throw UserError.failure(
                ErrorCode.GRAPHVIZ_FAILED,
                String.format(
                        Locale.ROOT,
                        "the bundled Graphviz needs %d kB of address space, and %d kB are left of the limit of %d kB (ulimit -v)",
                        NEEDED,
                        left,
                        limit),
                "write a file whose name ends in .dot, say layout=grid, install Graphviz, whose dot command is then used,"
                        + " or raise the limit, as by: ulimit -v " + (used + NEEDED));
    }
}
