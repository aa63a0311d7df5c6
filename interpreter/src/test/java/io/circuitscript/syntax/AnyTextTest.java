package io.circuitscript.syntax;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.circuitscript.Randomly;
import io.circuitscript.source.Source;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever the text, reading it gives statements or mistakes, never an exception. */
class AnyTextTest {
    static List<String> names() {
        return Scripts.NAMES;
    }

    @ParameterizedTest
    @MethodSource("names")
    void everyPrefixIsRead(String name) {
        String text = Scripts.text(name);
        for (int end = 0; end <= text.length(); end++) read(text.substring(0, end));
    }

    /** Tokens of the samples dropped, doubled, swapped and replaced, always in the same way. */
    @Test
    void everyMutantIsRead() {
        var random = new Random(20);
        var texts = Scripts.NAMES.stream().map(AnyTextTest::tokens).toList();
        List<String> all = texts.stream().flatMap(List::stream).toList();
        for (int i = 0; i < 2000; i++) {
            var tokens = new ArrayList<>(texts.get(random.nextInt(texts.size())));
            for (int change = random.nextInt(3); change >= 0; change--) mutate(tokens, all, random);
            check(String.join("", tokens));
        }
    }

    private static void mutate(List<String> tokens, List<String> all, Random random) {
        int at = random.nextInt(tokens.size());
        switch (random.nextInt(4)) {
            case 0 -> tokens.remove(at);
            case 1 -> tokens.add(at, tokens.get(at));
            case 2 -> tokens.set(at, all.get(random.nextInt(all.size())));
            default -> tokens.add(at, all.get(random.nextInt(all.size())));
        }
    }

    private static List<String> tokens(String name) {
        return Parser.tokens(new Source(name, Scripts.text(name))).stream()
                .filter(token -> token.getType() != org.antlr.v4.runtime.Token.EOF)
                .map(token -> token.getText())
                .collect(Collectors.toList());
    }

    private static final List<String> SCRAPS = List.of(
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
            " * ",
            " - ",
            "-",
            "<v>",
            "<",
            "\n",
            ";",
            "if ",
            "else",
            "for ",
            " in ",
            "evaluate",
            "circuit c ",
            "metric m(x) = ",
            " where ",
            ",",
            ".",
            "..",
            ":02",
            "\\",
            "\r",
            "\t",
            "\0",
            "é",
            "\uD83D\uDE00",
            "\uD800",
            "seed ",
            "data generate ",
            "not ",
            "a=b ",
            "#",
            "'",
            "import ",
            "help ");

    private static String scraps(Random random) {
        return String.join("", Randomly.list(random, 0, 30, it -> Randomly.oneOf(it, SCRAPS)));
    }

    @Test
    void anyHeapOfScrapsIsRead() {
        Randomly.check(2000, random -> {
            String text = scraps(random);
            check(text);
        });
    }

    private static Parsed read(String text) {
        Parsed parsed = Scripts.parse(text);
        for (var diagnostic : parsed.diagnostics()) {
            assertTrue(!diagnostic.message().isBlank() && !diagnostic.message().endsWith("."), diagnostic.message());
        }
        assertTrue(parsed.diagnostics().size() <= 10);
        return parsed;
    }

    /** A text without a mistake is also printed without one, as the same tree. */
    private static void check(String text) {
        Parsed parsed = read(text);
        if (parsed.hasErrors()) return;
        String printed = Printer.print(parsed.statements());
        Parsed again = Scripts.parse(printed);
        assertEquals(List.of(), again.diagnostics(), () -> text + "\n--- printed as\n" + printed);
        assertEquals(
                Shape.of(parsed.statements()),
                Shape.of(again.statements()),
                () -> text + "\n--- printed as\n" + printed);
    }

    @Test
    void nestingHasALimit() {
        assertEquals(List.of(), Scripts.mistakes("print " + "(".repeat(100) + "1" + ")".repeat(100)));
        assertEquals(List.of("1:107 too-deep"), Scripts.mistakes("print " + "(".repeat(101) + "1" + ")".repeat(101)));
        assertEquals(List.of(), Scripts.mistakes("if x {\n".repeat(100) + "}\n".repeat(100)));
        assertEquals(List.of("1:7 too-long"), Scripts.mistakes("print " + "1 + ".repeat(500) + "1"));
        assertEquals(List.of("1:7 too-long"), Scripts.mistakes("print " + "-".repeat(500) + "1"));
    }
}
