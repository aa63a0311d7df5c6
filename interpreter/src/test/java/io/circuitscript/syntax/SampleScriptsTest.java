package io.circuitscript.syntax;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import io.circuitscript.source.Source;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.antlr.v4.runtime.BaseErrorListener;
import org.antlr.v4.runtime.Parser;
import org.antlr.v4.runtime.RecognitionException;
import org.antlr.v4.runtime.Recognizer;
import org.antlr.v4.runtime.atn.ATNConfigSet;
import org.antlr.v4.runtime.atn.PredictionMode;
import org.antlr.v4.runtime.dfa.DFA;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class SampleScriptsTest {
    static List<String> names() {
        return Scripts.NAMES;
    }

    @ParameterizedTest
    @MethodSource("names")
    void parsesWithoutAMistake(String name) {
        Parsed parsed = Scripts.parse(Scripts.text(name));
        assertEquals(List.of(), parsed.diagnostics());
        assertFalse(parsed.statements().isEmpty());
        assertFalse(parsed.incomplete());
    }

    @ParameterizedTest
    @MethodSource("names")
    void printedTextReadsAsTheSameTree(String name) {
        Parsed parsed = Scripts.parse(Scripts.text(name));
        String printed = Printer.print(parsed.statements());
        Parsed again = Scripts.parse(printed);
        assertEquals(List.of(), again.diagnostics(), printed);
        assertEquals(Shape.of(parsed.statements()), Shape.of(again.statements()), printed);
        assertEquals(printed, Printer.print(again.statements()));
    }

    /** Only lists break, so only strings and single words may be longer. */
    @ParameterizedTest
    @MethodSource("names")
    void printedLinesKeepToTheWidth(String name) {
        String printed = Printer.print(Scripts.parse(Scripts.text(name)).statements());
        for (String line : printed.split("\n"))
            assertTrue(line.length() <= 100 || !line.substring(0, 100).contains(", "), line);
    }

    @ParameterizedTest
    @MethodSource("names")
    void noTextHasTwoReadings(String name) {
        var source = new Source(name, Scripts.text(name));
        var tokens = io.circuitscript.syntax.Parser.tokens(source);
        Brackets brackets = Brackets.match(source, tokens);
        assertEquals(List.of(), TokenLayout.arrange(source, tokens, brackets));
        var parser = io.circuitscript.syntax.Parser.parser(tokens);
        parser.getInterpreter().setPredictionMode(PredictionMode.LL_EXACT_AMBIG_DETECTION);
        parser.addErrorListener(new BaseErrorListener() {
            @Override
            public void reportAmbiguity(
                    Parser recognizer,
                    DFA dfa,
                    int start,
                    int stop,
                    boolean exact,
                    BitSet alternatives,
                    ATNConfigSet configurations) {
                fail("two readings of `"
                        + recognizer
                                .getTokenStream()
                                .getText(
                                        recognizer.getTokenStream().get(start),
                                        recognizer.getTokenStream().get(stop))
                        + "` in " + recognizer.getRuleNames()[dfa.atnStartState.ruleIndex]);
            }

            @Override
            public void syntaxError(
                    Recognizer<?, ?> recognizer,
                    Object symbol,
                    int line,
                    int column,
                    String message,
                    RecognitionException e) {
                fail(line + ":" + column + " " + message);
            }
        });
        parser.script();
    }

    /** Every piece that a script's author would point at is where its span says. */
    @Test
    void spansCoverWhatWasWritten() {
        Parsed parsed = Scripts.parse("let größe = (1 + 2) * 3; print \"a {x.y:.2} b\"\nablate m0->a2.h1<v> with=zero");
        var texts = new ArrayList<String>();
        var let = (Statement.Let) parsed.statements().get(0);
        texts.add(let.span().text());
        texts.add(let.name().span().text());
        texts.add(let.value().span().text());
        var print = (Statement.Print) parsed.statements().get(1);
        var hole = (Expression.Hole)
                ((Expression.StringLiteral) print.values().getFirst()).parts().get(1);
        texts.add(hole.span().text());
        texts.add(hole.value().span().text());
        var ablate = (Statement.Command) parsed.statements().get(2);
        texts.add(ablate.arguments().getFirst().span().text());
        texts.add(ablate.options().getFirst().span().text());
        assertEquals(
                List.of(
                        "let größe = (1 + 2) * 3",
                        "größe",
                        "(1 + 2) * 3",
                        "{x.y:.2}",
                        "x.y",
                        "m0->a2.h1<v>",
                        "with=zero"),
                texts);
        assertEquals(2, ablate.span().line());
        assertEquals(8, ablate.arguments().getFirst().span().column());
    }
}
