package io.circuitscript.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.circuitscript.source.ErrorCode;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What expressions come to, and what is said of those that come to nothing. */
class ExpressionTest {
    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\'',
            value = {
                "1 + 2 * 3 | 7",
                "2 ^ 3 | 8",
                "-2 ^ 2 | 4",
                "(1 + 2) * 3 | 9",
                "7 / 2 | 3.5",
                "0.1 + 0.2 | 0.30000000000000004",
                "1e-3 | 0.001",
                "1e20 | 1e20",
                "1e-9 | 1e-9",
                "5% | 5%",
                "5% * 2 | 0.1",
                "1 < 2 and 2 < 3 | true",
                "not 1 < 2 or false | false",
                "3 in 1..5 | true",
                "`war` in `the war` | true",
                "`b` > `a` | true",
                "1 == `1` | false",
                "[1, 2] == [1, 2] | true",
                "none == none | true",
                "[1, 2..4, 9] | [1, 2, 3, 4, 9]",
                "`08` .. `11` | [`08`, `09`, `10`, `11`]",
                "sum(5..4) | 0",
                "mean([1, 2, 6]) | 3",
                "max(3, 7, 5) | 7",
                "min([3, 7, 5]) | 3",
                "round(2.567, 1) | 2.6",
                "len(`war`) | 3",
                "len(11..17) | 7",
                "abs([0 - 1, 2]) | [1, 2]",
                "exp(0) + log(1) | 1",
                "[10, 20, 30][1] | 20",
                "[10, 20, 30][1 .. 2] | [20, 30]",
                "[10, 20, 30][2 .. 1] | []",
                "`m{1 + 1}` | m2",
                "`{7:02}` | 07",
                "`{0 - 7:03}` | -07",
                "`{2 / 3:.3}` | 0.667",
                "`{{x}}` | {x}",
                "`a` + `b` | ab",
            })
    void comesTo(String expression, String shown) {
        String text = expression.strip().replace('`', '"');
        ScriptRun run = ScriptRun.of("print " + text, folder);
        assertEquals(List.of(), run.mistakes());
        assertEquals(List.of(shown.strip().replace('`', '"')), run.printed());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\'',
            value = {
                "1 + `a` | 1:7 wrong-type: `+` does not go with a number and text",
                "[1] - 2 | 1:7 wrong-type: `-` does not go with a list and a number",
                "1 < `a` | 1:7 wrong-type: a number and text have no order",
                "not 3 | 1:7 wrong-type: `not` takes a truth value, and this is a number",
                "true and 3 | 1:16 wrong-type: `and` takes a truth value, and this is a number",
                "1 / 0 | 1:7 division-by-zero: this divides by zero",
                "log(0) | 1:7 not-a-number: `log` is minus infinity here, or beyond it",
                "mean([]) | 1:7 empty-list: an empty list has no mean",
                "[1, 2][2] | 1:14 no-such-item: there is no item 2: the list has the items 0 to 1",
                "`{1.5:02}` | 1:8 wrong-type: 1.5 is not a whole number, and the format `02` needs one",
                "`a` .. `b` | 1:7 wrong-type: a range of texts needs digits at both ends, not `a` .. `b`",
                "0..5000000 | 1:7 range-too-long: this range has 5,000,001 items, more than 1,000,000",
                "lenn([1]) | 1:7 unknown-function: there is no function `lenn`",
                "(1).x | 1:11 no-fields: a number has no fields",
            })
    void isAMistake(String expression, String mistake) {
        ScriptRun run = ScriptRun.of("print " + expression.strip().replace('`', '"'), folder);
        assertEquals(
                List.of(mistake.strip().replace('`', '\'')),
                run.mistakes().stream()
                        .map(m -> m.replace('`', '\'').replace('"', '\''))
                        .toList());
        assertEquals(65, run.exitCode());
    }

    @Test
    void statementsFlow() {
        ScriptRun run = ScriptRun.of("""
                let total = 0
                for x in 1..4 {
                  if x == 3 { print "three" } else if x > 3 { print "more" } else { print x }
                  let total = total + x
                }
                print total, "is", 2 * 5
                def twice(n, by=2) { n * by }
                print twice(4), twice(4, by=3)
                print twice
                """, folder);
        assertEquals(List.of(), run.mistakes());
        assertEquals(List.of("1", "2", "three", "more", "10 is 10", "8 12", "def twice"), run.printed());
    }

    @Test
    void aFunctionSeesWhatIsOutsideAndKeepsItsOwn() {
        ScriptRun run = ScriptRun.of("""
                let n = 1
                def f(x) {
                  let n = n + x
                  n
                }
                print f(5), n
                """, folder);
        assertEquals(List.of("6 1"), run.printed());
    }

    @Test
    void aFunctionThatNeverEndsIsToldSo() {
        ScriptRun run = ScriptRun.of("def f(x) { f(x + 1) }\nprint f(0)", folder);
        assertEquals(List.of(ErrorCode.TOO_DEEP), run.codes());
        assertEquals(65, run.exitCode());
    }

    @Test
    void calculationsWithoutSpacesAreShownWithThem() {
        ScriptRun run = ScriptRun.of("let a = 1\nlet b = 2\nprint a-b", folder);
        assertEquals(List.of(ErrorCode.UNKNOWN_NAME), run.codes());
        assertEquals("to calculate, write `a - b`", run.diagnostics().getFirst().help());
    }
}
