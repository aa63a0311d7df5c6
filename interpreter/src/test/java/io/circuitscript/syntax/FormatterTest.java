package io.circuitscript.syntax;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.circuitscript.Randomly;
import io.circuitscript.source.Source;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The one layout. */
class FormatterTest {
    static List<String> names() {
        return Scripts.NAMES;
    }

    private static String format(String text) {
        return Formatter.format(Scripts.parse(text));
    }

    @Test
    void aStatementALineAndTheSpacesOfTheReference() {
        String text = """


                load   demo;data "pairs.csv"# pairs


                # one edge
                ablate m3 -> logits;;
                let low={ a0.h1 ,m0..m3 , }
                let n = 5 + 2 ;let r = 1 .. n
                attribute method = eap-ig ig= 30
                ablate low->logits   # a set
                if n>3{full}
                else if n in [1,2]  { empty }
                else {

                  prune

                  # nothing else

                }
                def f ( a , b = 2 ) { a * b }
                print f( 1 ),(evaluate) .faithfulness, -n, low <q>, "{n}"
                """;
        assertEquals("""
                load demo
                data "pairs.csv"  # pairs

                # one edge
                ablate m3->logits
                let low = {a0.h1, m0..m3}
                let n = 5 + 2
                let r = 1 .. n
                attribute method=eap-ig ig=30
                ablate low -> logits  # a set
                if n > 3 {
                  full
                } else if n in [1, 2] {
                  empty
                } else {
                  prune

                  # nothing else
                }
                def f(a, b=2) {
                  a * b
                }
                print f(1), (evaluate).faithfulness, -n, low<q>, "{n}"
                """, format(text));
    }

    @Test
    void longListsBreakAfterCommasAndCommentsStayWhereTheyAre() {
        String items = Stream.iterate(0, i -> i + 1)
                .limit(24)
                .map(i -> "a" + i + ".h" + i)
                .collect(Collectors.joining(", "));
        String text = format("let high = {" + items + "}\n"
                + "let low = {\n  # the first\n  a0.h1, # head\n\n a0.h2\n  # last\n}\nlet x = 1 +  # why\n 2");
        assertEquals("""
                let high = {a0.h0, a1.h1, a2.h2, a3.h3, a4.h4, a5.h5, a6.h6, a7.h7, a8.h8, a9.h9, a10.h10, a11.h11,
                    a12.h12, a13.h13, a14.h14, a15.h15, a16.h16, a17.h17, a18.h18, a19.h19, a20.h20, a21.h21,
                    a22.h22, a23.h23}
                let low = {
                    # the first
                    a0.h1,  # head
                    a0.h2
                # last
                }
                let x = 1 +  # why
                    2
                """, text);
        assertEquals(text, format(text));
    }

    @Test
    void lineEndsStayAsTheyAre() {
        assertEquals("full\r\nprune\r\n", format("full\r\nprune"));
        assertEquals("full\nprune\n", format("full;prune\r\n".replace("\r", "")));
        assertEquals("", format("\n\n"));
        assertEquals("# only this\n", format("\n  # only this"));
        assertThrows(IllegalArgumentException.class, () -> format("let = 5"));
    }

    @ParameterizedTest
    @MethodSource("names")
    void samplesKeepTheirMeaning(String name) {
        check(Scripts.text(name));
    }

    /** The printer writes the same layout from the tree alone. */
    @ParameterizedTest
    @MethodSource("names")
    void whatIsPrintedIsLaidOut(String name) {
        String printed = Printer.print(Scripts.parse(Scripts.text(name)).statements());
        assertEquals(printed, format(printed));
    }

    @ParameterizedTest
    @ValueSource(strings = {"tutorial", "manual", "task"})
    void scriptsOfTheLanguagesReferenceAreInTheOneLayout(String name) {
        assertEquals(Scripts.text(name), format(Scripts.text(name)));
    }

    @Test
    void examplesAreInTheOneLayout() throws IOException {
        try (Stream<Path> files = Files.list(Path.of("../examples"))) {
            for (Path file :
                    files.filter(it -> it.toString().endsWith(".circuit")).toList()) {
                String text = Files.readString(file);
                assertEquals(text, format(text));
            }
        }
    }

    /** Tokens of the samples dropped, doubled, swapped and with comments and line ends put between: what still reads keeps its meaning. */
    @Test
    void mutantsKeepTheirMeaning() {
        var random = new Random(7);
        var texts = Scripts.NAMES.stream().map(FormatterTest::tokens).toList();
        List<String> more = List.of(
                " # c\n", "\n", "\n\n\n", " ", "  ", ";", ",", " # d", "\n# e\n", "*", " * ", "-", "(", ")", " .x",
                "<v>", "}", "{", " else ");
        int read = 0;
        for (int i = 0; i < 3000; i++) {
            var all = new ArrayList<>(texts.get(random.nextInt(texts.size())));
            var tokens = new ArrayList<>(all.subList(0, Math.min(all.size(), 20 + random.nextInt(200))));
            for (int change = random.nextInt(4); change >= 0; change--) {
                int at = random.nextInt(tokens.size());
                if (random.nextInt(4) == 0) tokens.remove(at);
                else tokens.add(at, more.get(random.nextInt(more.size())));
                if (tokens.isEmpty()) break;
            }
            if (check(String.join("", tokens))) read++;
        }
        assertTrue(read > 300, "too few texts without a mistake: " + read);
    }

    private static final List<String> SCRAPS = List.of(
            "let x = ",
            "x",
            "5%",
            "\"a{x}\"",
            "{x, ",
            "}",
            "(",
            ")",
            "[",
            "]",
            "->",
            " -> ",
            "m0..m3",
            "*",
            " * ",
            " - ",
            "-",
            "<v>",
            "\n",
            ";",
            "if x {",
            "} else {",
            "for y in x {",
            "evaluate ",
            "circuit c {",
            "metric m(x) = ",
            ",",
            ".y",
            " .. ",
            "1..2",
            "\r\n",
            "\t",
            "def f (a = 2) {",
            "not ",
            " a = b ",
            "# c\n",
            " #d\r\n",
            " + ",
            "f(",
            ",\n");

    private static String scraps(Random random) {
        return String.join("", Randomly.list(random, 0, 12, it -> Randomly.oneOf(it, SCRAPS)));
    }

    @Test
    void heapsOfScrapsKeepTheirMeaning() {
        Randomly.check(3000, random -> {
            String text = scraps(random);
            check(text);
        });
    }

    /** Same tree, every comment, and nothing left to change; false for a text with mistakes. */
    private static boolean check(String text) {
        Parsed parsed = Scripts.parse(text);
        if (parsed.hasErrors()) return false;
        String laidOut = format(text);
        Parsed again = Scripts.parse(laidOut);
        assertEquals(List.of(), again.diagnostics(), () -> text + "\n--- laid out as\n" + laidOut);
        assertEquals(
                Shape.of(parsed.statements()),
                Shape.of(again.statements()),
                () -> text + "\n--- laid out as\n" + laidOut);
        assertEquals(comments(text), comments(laidOut));
        assertEquals(laidOut, format(laidOut), () -> text + "\n--- laid out as\n" + laidOut);
        assertTrue(laidOut.lines().allMatch(line -> line.equals(line.stripTrailing())), laidOut);
        assertTrue(!laidOut.replace("\r", "").contains("\n\n\n"), laidOut);
        return true;
    }

    private static List<String> comments(String text) {
        return Parser.tokens(new Source("test.circuit", text)).stream()
                .map(token -> token.getText())
                .filter(token -> token.startsWith("#"))
                .map(String::stripTrailing)
                .toList();
    }

    private static List<String> tokens(String name) {
        return Parser.tokens(new Source(name, Scripts.text(name))).stream()
                .filter(token -> token.getType() != org.antlr.v4.runtime.Token.EOF)
                .map(token -> token.getText())
                .collect(Collectors.toList());
    }
}
