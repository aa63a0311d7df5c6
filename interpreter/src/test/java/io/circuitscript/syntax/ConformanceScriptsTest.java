package io.circuitscript.syntax;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import io.circuitscript.source.Diagnostic;
import io.circuitscript.source.Source;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.antlr.v4.runtime.DiagnosticErrorListener;
import org.antlr.v4.runtime.Parser;
import org.antlr.v4.runtime.atn.ATNConfigSet;
import org.antlr.v4.runtime.atn.PredictionMode;
import org.antlr.v4.runtime.dfa.DFA;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What holds of the text of every script of the conformance folder, right or wrong. */
class ConformanceScriptsTest {
    private static final Path CASES = Path.of("src/test/resources/conformance");
    private static final Map<String, String> TEXTS = new LinkedHashMap<>();

    @BeforeAll
    static void readAll() throws IOException {
        try (Stream<Path> files = Files.walk(CASES)) {
            for (Path file : files.filter(it -> it.toString().endsWith(".circuit"))
                    .sorted()
                    .toList()) {
                TEXTS.put(CASES.relativize(file).toString(), Files.readString(file));
            }
        }
    }

    @Test
    void thereAreManyCases() {
        assertTrue(TEXTS.size() >= 150, TEXTS.size() + " cases");
    }

    @Test
    void whatIsReadIsPrintedAsItself() {
        TEXTS.forEach((name, text) -> {
            Parsed parsed = Scripts.parse(text);
            if (parsed.hasErrors()) return;
            String printed = Printer.print(parsed.statements());
            Parsed again = Scripts.parse(printed);
            assertFalse(again.hasErrors(), name + " printed as\n" + printed);
            assertEquals(Shape.of(parsed.statements()), Shape.of(again.statements()), name);
            assertEquals(printed, Printer.print(again.statements()), name);
        });
    }

    /** A prefix is right, incomplete, or has mistakes that are said: each has a place in the text and a sentence. */
    @Test
    void everyPrefixIsRead() {
        TEXTS.forEach((name, text) -> {
            for (int end = 0; end <= text.length(); end++) {
                String prefix = text.substring(0, end);
                for (Diagnostic diagnostic : Scripts.parse(prefix).diagnostics()) {
                    assertTrue(diagnostic.span().end() <= prefix.codePointCount(0, end), () -> name + ": " + prefix);
                    assertFalse(diagnostic.message().isBlank(), () -> name + ": " + diagnostic + " of\n" + prefix);
                }
            }
        });
    }

    @Test
    void noTextHasTwoReadings() {
        TEXTS.forEach((name, text) -> {
            Source source = new Source(name, text);
            var tokens = io.circuitscript.syntax.Parser.tokens(source);
            Brackets brackets = Brackets.match(source, tokens);
            if (brackets.tooDeep() || Scripts.parse(text).hasErrors()) return;
            TokenLayout.arrange(source, tokens, brackets);
            var parser = io.circuitscript.syntax.Parser.parser(tokens);
            parser.getInterpreter().setPredictionMode(PredictionMode.LL_EXACT_AMBIG_DETECTION);
            parser.addErrorListener(new DiagnosticErrorListener(true) {
                @Override
                public void reportAmbiguity(
                        Parser recognizer,
                        DFA dfa,
                        int start,
                        int stop,
                        boolean exact,
                        BitSet alternatives,
                        ATNConfigSet configurations) {
                    fail(name + " has two readings in rule " + recognizer.getRuleNames()[dfa.atnStartState.ruleIndex]);
                }

                @Override
                public void reportAttemptingFullContext(
                        Parser recognizer,
                        DFA dfa,
                        int start,
                        int stop,
                        BitSet conflicting,
                        ATNConfigSet configurations) {}

                @Override
                public void reportContextSensitivity(
                        Parser recognizer, DFA dfa, int start, int stop, int prediction, ATNConfigSet configurations) {}
            });
            parser.script();
        });
    }
}
