package io.circuitscript.notebook.display;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

/** What stands before the words of a line has a place of its own. */
class HangingLineTest {
    private static final String LONG = "how many steps the gradients are integrated over";

    private static String hanging(String before) {
        return "<span style=\"display:inline-flex\"><span style=\"white-space:pre\">" + before + "</span><span>" + LONG
                + "</span></span>";
    }

    @Test
    void wordsStandBelowWords() {
        assertEquals(hanging("  ig=     "), HangingLine.html(List.of("  ig=     " + LONG)));
        assertEquals(hanging("  A LIST  "), HangingLine.html(List.of("  A LIST  " + LONG)));
        assertEquals(hanging("    "), HangingLine.html(List.of("    " + LONG)));
    }

    @Test
    void otherLinesStayAsTheyAre() {
        for (String line : List.of(
                LONG,
                "  short",
                "  x=  thirty-two characters, fits",
                LONG + "   and a column",
                "-".repeat(30) + "  " + LONG,
                "")) assertEquals(line, HangingLine.html(List.of(line)));
        assertEquals("a\n  b", HangingLine.html(List.of("a", "  b")));
    }
}
