package io.circuitscript.syntax;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** One mistake gives one message, at the smallest place, with a way out. */
class SyntaxMistakesTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            abalte m10->logits                    | 1:1 unknown-statement       | did you mean ablate?
            circut foo { m0->m1; m1->m2 }         | 1:1 unknown-statement       | did you mean circuit?
            [x for x in]                          | 1:12 unexpected             | [ITEM for NAME in LIST if CONDITION]
            [x for x in y, z in w]                | 1:14 unexpected             | [ITEM for NAME in LIST if CONDITION]
            print len(read "x.csv")               | 1:11 statement-as-value     | write `(read …)`
            print "a" if x else "b"               | 1:11 unexpected             | if CONDITION { A } else { B }
            while x                               | 1:8 missing-block           | while CONDITION
            render g.png                          | 1:8 unquoted-file           | write "g.png"
            data ./gt.csv limit=5                 | 1:6 unquoted-file           | write "./gt.csv"
            import lib                            | 1:8 unquoted-file           | write "lib"
            print "open                           | 1:7 open-string             | end it with `"`
            print "a {x"                          | 1:10 open-hole              | close it with `}`
            print "a } b"                         | 1:10 stray-brace            | `}}`
            print "bad \\q"                       | 1:12 unknown-escape         | a backslash itself
            print "{x:abc}"                       | 1:10 bad-format             | write `:02`
            load 'demo'                           | 1:6 wrong-quotes            | write "demo"
            load “demo”                           | 1:6 wrong-quotes            | write "demo"
            let x = f(y)-1                        | 1:13 operator-spacing       | write `) - 1`
            let x = 5 *3                          | 1:11 operator-spacing       | write `5 * 3`
            let x = 2* 3                          | 1:9 operator-spacing        | write `2 * 3`
            let x = y -1                          | 1:11 operator-spacing       | write `y - 1`
            let x = 5-3                           | 1:9 operator-spacing        | write `5 - 3`
            let x = 1/2                           | 1:9 operator-spacing        | write `1 / 2`
            expect 1 < x < 3                      | 1:14 comparison-chain       | write `1 < x and x < 3`
            ablate a -> b -> c                    | 1:15 arrow-chain            | {a -> b, b -> c}
            print [1 .. 2 .. 3]                   | 1:15 range-chain            | a list
            let in = 5                            | 1:5 taken-name              | choose another
            let evaluate = 5                      | 1:5 taken-name              | choose another
            let m3 = 5                            | 1:5 taken-name              | choose another
            for logits in [1] { prune }           | 1:5 taken-name              | choose another
            def f(a1) { prune }                   | 1:7 taken-name              | choose another
            let 5 = 6                             | 1:5 bad-name                | begin it with a letter
            let a.b = 6                           | 1:5 bad-name                | letters, digits
            x = 5                                 | 1:1 missing-let             | write `let x = …`
            let x 5                               | 1:7 missing-separator       | let NAME = VALUE
            let x =                               | 1:8 unfinished              | let NAME = VALUE
            if x = 1 { prune }                    | 1:6 assign-in-expression    | write `==`
            if x > 1                              | 1:9 missing-block           | if CONDITION { … }
            for x in 1..3: prune                  | 1:14 colon-block            | for NAME in LIST { … }
            else { prune }                        | 1:1 else-without-if         | after the `}`
            print a b                             | 1:9 missing-comma           | write `a, b`
            print [a b]                           | 1:10 missing-separator      | separated by commas
            let x = f (1)                         | 1:11 call-space             | write `f(…)`
            let x = 5 prune                       | 1:11 missing-separator      | separate statements
            prune let x = 5                       | 1:7 missing-separator       | separate statements
            expect evaluate > 3                   | 1:8 statement-as-value      | write `(evaluate)`
            print evaluate.faithfulness           | 1:7 statement-as-value      | write `(evaluate).faithfulness`
            attribute ig=5 demo                   | 1:16 value-after-option     | before `ig=`
            print f(a=1, b)                       | 1:14 value-after-option     | before `a=`
            ablate m0->a1.h0<x>                   | 1:17 unknown-port           | a1.h0<qk>
            print (1 + 2                          | 1:7 unclosed-bracket        | close it with `)`
            print 1)                              | 1:8 stray-bracket           | remove it
            print [1, 2)                          | 1:12 wrong-bracket          | write `]`
            if a && b { prune }                   | 1:6 unknown-operator        | write `and`
            ablate m0 => logits                   | 1:11 unknown-operator       | m0 -> logits
            print 5 %                             | 1:9 unknown-operator        | 5%
            // note                               | 1:1 wrong-comment           | # …
            load demo?                            | 1:10 unknown-character      | quoted
            circuit c { prune }                   | 1:13 not-an-edge            | sets of edges
            data generate { prune }               | 1:17 not-a-column           | NAME = EXPRESSION
            """)
    void isSaidOnce(String text, String mistake, String help) {
        Parsed parsed = Scripts.parse("%s\nload demo\n".formatted(text));
        assertEquals(List.of(mistake), Scripts.mistakes(text + "\nload demo\n"));
        assertTrue(
                parsed.diagnostics().getFirst().help().contains(help),
                parsed.diagnostics().getFirst().help());
        assertTrue(parsed.statements().getLast() instanceof Statement.Command command
                && command.word().text().equals("load"));
    }

    @Test
    void aScriptWithThreeMistakesShowsThree() {
        var text = """
                load demo
                abalte m0->logits
                if x = 1 {
                  prune
                }
                for i in 1..3 {
                  render g.png; evaluate
                }
                """;
        assertEquals(
                List.of("2:1 unknown-statement", "3:6 assign-in-expression", "7:10 unquoted-file"),
                Scripts.mistakes(text));
    }

    @Test
    void aBraceOnItsOwnLineIsOneMistake() {
        assertEquals(
                List.of("2:1 brace-on-its-own-line"), Scripts.mistakes("if x > 1\n{\n  prune\n}\nelse {\n  full\n}\n"));
        assertEquals(List.of("2:1 brace-on-its-own-line"), Scripts.mistakes("circuit c\n{\n  m0->m1\n}\n"));
    }

    @Test
    void anUnclosedBracketIsReportedOnItsOwnLine() {
        assertEquals(List.of("1:7 unclosed-bracket"), Scripts.mistakes("print (1 + 2\nload demo\nprint (3)\n"));
        assertEquals(List.of("2:9 unclosed-bracket"), Scripts.mistakes("if x {\n  let y [= 3\n  prune\n}\n"));
        assertEquals(List.of("1:6 unclosed-bracket"), Scripts.mistakes("if x {\n  prune\n"));
        assertEquals(
                List.of("1:9 unclosed-bracket", "3:1 unknown-statement"),
                Scripts.mistakes("let s = {m0, m1\nload demo\nabalte m0\n"));
    }

    @Test
    void aSetOverSeveralLinesIsOneMistake() {
        assertEquals(List.of("3:5 unfinished-set"), Scripts.mistakes("let s = {\n  m0,\n  m1\n  m2\n}\nprune\n"));
    }

    @Test
    void tenMistakesAreEnough() {
        assertEquals(10, Scripts.parse("let x =\n".repeat(500)).diagnostics().size());
        assertEquals(10, Scripts.parse("abalte m0\n".repeat(500)).diagnostics().size());
    }

    @Test
    void namesOfBrokenStatementsAreNotUnknown() {
        assertEquals(
                Set.of("x", "y"),
                Scripts.parse("let x = \nfor y in = { }\nlet z = 3").unsureNames());
    }

    /** At the prompt: whether the next line can make it right. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            if x {                  | true
            if x {\\n prune         | true
            if x {\\n abalte m0     | false
            let s = {m0,            | true
            print (1 +              | true
            let x =                 | false
            print a,                | false
            ablate m0 +             | true
            ablate m0 ->            | true
            let                     | false
            print "open             | false
            if x                    | false
            prune                   | false
            if x { prune }          | false
            print 1)                | false
            """)
    void knowsWhatIsIncomplete(String text, boolean incomplete) {
        assertEquals(incomplete, Scripts.parse(text.replace("\\n", "\n")).incomplete());
    }
}
