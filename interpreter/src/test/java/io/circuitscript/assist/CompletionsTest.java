package io.circuitscript.assist;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class CompletionsTest {
    @TempDir
    private Path folder;

    @BeforeEach
    void files() throws IOException {
        Files.writeString(folder.resolve("pairs.csv"), "clean,corrupted,year\n");
        Files.writeString(folder.resolve("found.json"), "{}");
        Files.createDirectory(folder.resolve("models"));
    }

    /** What begins with what is typed. */
    private List<String> at(String text) {
        CursorContext cursor = CursorContext.of(text, text.codePointCount(0, text.length()));
        return new Completions(new Known(folder))
                .at(cursor).stream()
                        .map(Suggestion::text)
                        .filter(offer -> offer.startsWith(cursor.prefix()))
                        .toList();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\'',
            value = {
                "att | attribute",
                "print 1; att | attribute",
                "for i in [1, 2] { att | attribute",
                "let r = eval | evaluate",
                "print (eval | evaluate",
                "attribute me | method=",
                "attribute method=e | eap-ig eap eap-ig-activations exact edge-pruning",
                "attribute ig=30 i | ",
                "top 10 abs=t | true",
                "ablate m3->l | logits low-heads",
                "ablate m2->m | m3",
                "ablate m1->a2.h1 | a2.h1 a2.h1<q> a2.h1<k> a2.h1<v>",
                "ablate m1->a2.h1< | a2.h1<q> a2.h1<k> a2.h1<v>",
                "ablate m1->a2.h1<v | a2.h1<v>",
                "ablate {m1->log | logits",
                "add (low- | low-heads",
                "circuit x { low-heads -> m | m0 m1 m2 m3",
                "circuit x { m0 -> m1\\nm2 -> m | m3",
                "better.f | better.faithfulness",
                "expect better. | better.faithfulness better.edges",
                "print (prune childless=false).e | .edges",
                "print \"so {better.e | better.edges",
                "load d | demo",
                "load ./m | ./models/",
                "use m | manual",
                "data \" | models/ pairs.csv std/greater-than.csv std/ioi.csv",
                "data \"std/g | std/greater-than.csv",
                "let rows = read \"std/i | std/ioi.csv",
                "import \"std/m | std/metrics",
                "open \"s | ",
                "data pa | ",
                "open \"f | found.json",
                "data \"pairs.csv\" clean= | clean corrupted year",
                "predict \"wo | ",
                "help gre | greedy",
                "print so | sort(",
                "print sort(ro | rows",
                "print sort(rows, b | by= better baseline",
                "print sort(rows, by= | faithfulness edges",
                "print sort(rows, by=\"e | edges",
                "print sort(rows, by=edges, rev | reverse=",
                "print sort(rows, reverse= | true false",
                "print sort(rows, by=edges, b | better baseline",
                "print mean(rows, b | better baseline",
                "filter pl | place",
                "filter metric > 0 and pl | place",
                "evaluate with=zero per= | clean corrupted place",
                "rows by=m | metric",
                "# att | ",
            })
    void offersWhatThePlaceTakes(String text, String offers) {
        List<String> expected = offers == null ? List.of() : List.of(offers.split(" "));
        assertEquals(expected, at(text.replace("\\n", "\n")));
    }

    @Test
    void offersOnlyEdgesThatExist() {
        List<String> offers = at("ablate m1->");
        assertTrue(offers.containsAll(List.of("a2.h0<q>", "a3.h3<v>", "m2", "m3", "logits")), offers.toString());
        assertFalse(
                offers.contains("m1") || offers.contains("m0") || offers.contains("a1.h0") || offers.contains("input"),
                offers.toString());
    }

    @Test
    void offersStatementsOnlyWhereOneBegins() {
        assertTrue(at("").containsAll(List.of("load", "evaluate", "let", "better")));
        assertFalse(at("load demo ").contains("evaluate"));
        assertTrue(at("load demo ").contains("dtype="));
    }

    /** Whatever has been typed so far, completion and tips have an answer. */
    @Test
    void answersEveryPrefix() {
        String script =
                "let r = (evaluate with=zero).edges\ncircuit c { {m0, a1.h0<v>} -> \"m{1 + 1}\" + m3 }\ndata \"a{b}.csv\" clean=x # so\nif a[1] { } else { }\nprint sort(rows, by=\"edges\", reverse=true)";
        var known = new Known(folder);
        for (int end = 0; end <= script.length(); end++) {
            String text = script.substring(0, end);
            new Completions(known).at(CursorContext.of(text, end));
            new UsageTips(known).tip(text, end);
        }
    }

    @Test
    void saysHowTheStatementAtTheCursorIsWritten() {
        var usage = new UsageTips(new Known(folder));
        assertTrue(usage.tip("greedy", 6).startsWith("greedy EDGES [abs=false]"), usage.tip("greedy", 6));
        assertTrue(usage.tip("let x = evaluate ", 17).startsWith("evaluate "), usage.tip("let x = evaluate ", 17));
        assertTrue(usage.tip("attribute ig=", 13).contains("how many steps"), usage.tip("attribute ig=", 13));
        assertTrue(
                usage.tip("print sort(rows, by=", 20).startsWith("sort(LIST, by="),
                usage.tip("print sort(rows, by=", 20));
        assertEquals("", usage.tip("", 0));
        assertEquals("", usage.tip("# greedy", 8));
    }
}
