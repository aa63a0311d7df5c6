package io.circuitscript.syntax;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Long texts, right and wrong, are answered in a second a megabyte: of this thread's own time, as a test machine may be busy. */
class LongTextTest {
    private static final int MEGABYTE = 1 << 20;
    private static final double SECONDS = 5;

    static Stream<String> texts() {
        return Stream.of(
                "let x = f(a, b=2) + 3 * m0->logits\n".repeat(MEGABYTE / 36),
                "let x = [" + "1, ".repeat(MEGABYTE / 3) + "1]",
                "x ".repeat(MEGABYTE / 2),
                "#\n\n".repeat(MEGABYTE / 3),
                "{".repeat(MEGABYTE),
                "print " + "1 + ".repeat(MEGABYTE / 4) + "1",
                "{" + "m1 ,\n\n\n".repeat(MEGABYTE / 8) + "}",
                "- ".repeat(MEGABYTE / 2) + "1",
                "} ".repeat(MEGABYTE / 2),
                "\"" + "a".repeat(MEGABYTE),
                "circut { a ".repeat(MEGABYTE / 11),
                "if a { } else ".repeat(MEGABYTE / 14) + "{ }",
                soup());
    }

    private static String soup() {
        var random = new Random(3);
        var scraps = List.of(
                "let ",
                "x",
                " = ",
                "5%",
                "\"",
                "{",
                "}",
                "(",
                ")",
                "[",
                "]",
                "->",
                "m0..m3",
                "*",
                " - ",
                "<v>",
                "\n",
                ";",
                "if ",
                "else",
                "for ",
                " in ",
                "evaluate ",
                "circuit c ",
                ",",
                ".",
                "..",
                "\\",
                "a=b ",
                "#",
                "'",
                "é");
        return IntStream.range(0, MEGABYTE / 3)
                .mapToObj(i -> scraps.get(random.nextInt(scraps.size())))
                .collect(Collectors.joining());
    }

    @ParameterizedTest(name = "{index}")
    @MethodSource("texts")
    @Timeout(120)
    void aMegabyteIsReadInSeconds(String text) {
        Parsed parsed = within(() -> Scripts.parse(text));
        assertTrue(parsed.diagnostics().size() <= 10);
    }

    @Test
    @Timeout(120)
    void aLongScriptIsLaidOutInSeconds() {
        Parsed parsed = Scripts.parse("let x = f(a, b=2) + 3 * m0->logits  # c\n#\n\n\n".repeat(MEGABYTE / 4 / 45));
        assertTrue(within(() -> Formatter.format(parsed))
                .startsWith("let x = f(a, b=2) + 3 * m0 -> logits  # c\n#\n\nlet"));
    }

    @Test
    void aTextThatIsNoScriptForItsLengthAloneIsOneMistake() {
        assertEquals(List.of("1:1 too-long"), within(() -> Scripts.mistakes("(\n".repeat(2 * MEGABYTE))));
    }

    private static <T> T within(Supplier<T> work) {
        var threads = ManagementFactory.getThreadMXBean();
        long start = threads.getCurrentThreadCpuTime();
        T result = work.get();
        double seconds = (threads.getCurrentThreadCpuTime() - start) / 1e9;
        assertTrue(seconds < SECONDS, "seconds: " + seconds);
        return result;
    }
}
