package io.circuitscript.notebook.display;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Messages break between words, and their lines of the script do not break at all. */
class MessageLinesTest {
    private static final int WIDTH = 30;

    @Test
    void aLongHelpGoesOnBelowItsWords() {
        assertEquals(
                List.of("  = \u001B[1mhelp:\u001B[0m did you mean method=?", "          its options are ig=, by="),
                MessageLines.wrapped("  = \u001B[1mhelp:\u001B[0m did you mean method=? its options are ig=, by=", 34));
    }

    @Test
    void aHeadingBreaksBetweenWords() {
        assertEquals(
                List.of("\u001B[1;31merror[E0205]\u001B[0m\u001B[1m: the result has", "  no such field\u001B[0m"),
                MessageLines.wrapped(
                        "\u001B[1;31merror[E0205]\u001B[0m\u001B[1m: the result has no such field\u001B[0m", WIDTH));
    }

    @Test
    void codeStaysInOnePiece() {
        assertEquals(
                List.of("  = help: type", "          `circuit jupyter install --user`", "          and restart"),
                MessageLines.wrapped("  = help: type `circuit jupyter install --user` and restart", WIDTH));
        assertEquals(
                List.of("  = help: a ` that stands alone is", "          no code at all"),
                MessageLines.wrapped("  = help: a ` that stands alone is no code at all", 34));
    }

    @Test
    void linesOfTheScriptKeepTheirPlaces() {
        String script =
                "1 | let long = \"a line of a script that is longer than a cell is wide\"\n  |            ^^^^^";
        assertEquals(script.lines().toList(), MessageLines.wrapped(script, WIDTH));
    }
}
