package io.circuitscript.source;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class VisibleTest {
    @ParameterizedTest
    @CsvSource({
        "0", "7", "8", "B", "1B", "7F", "80", "9B", "AD", "34F", "61C", "115F", "180E", "200B", "200C", "200D", "200E",
        "200F", "2028", "2029", "202A", "202E", "2060", "2066", "2069", "206F", "2800", "3164", "FE0F", "FEFF", "FFA0",
        "FFF9", "E0001", "E0041", "E0100"
    })
    void whatATerminalObeysOrHidesIsEscaped(String code) {
        String hidden = Character.toString(Integer.parseInt(code, 16));
        for (String before : new String[] {"", "a"}) {
            String shown = before + "\\u{" + code + "}b";
            assertEquals(shown, Visible.text(before + hidden + "b"));
            assertEquals(shown, Visible.line(before + hidden + "b"));
            assertEquals(shown, Visible.onScreen(before + hidden + "b"));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "plain",
                "e\u0301 n\u0303",
                "größe",
                "日本語",
                "नमस्ते",
                "עברית",
                "العربية",
                "👍🏽",
                "❤️ 1️⃣ ☎︎",
                "👨‍👩‍👧",
                "🏳️‍🌈",
                "👩🏽‍🔬",
                "🇩🇪",
                "a\u00A0b",
                "▁Hello Ġworld",
                "\uE000"
            })
    void writingAndEmojiStay(String text) {
        assertEquals(text, Visible.text(text));
        assertEquals(text, Visible.line(text));
    }

    @Test
    void linesStayInATextAndNotOnALine() {
        assertEquals("a\tb\nc\\r", Visible.text("a\tb\nc\r"));
        assertEquals("a\\tb\\nc\\r", Visible.line("a\tb\nc\r"));
    }

    /** Half a pair is no character. */
    @Test
    void whatIsNoCharacterIsEscaped() {
        assertEquals("\\u{D83D}x", Visible.text("\uD83Dx"));
    }

    @Test
    void onlyOurOwnColoursReachTheScreen() {
        String ours = Visible.ESCAPE + "[1mbold" + Visible.ESCAPE + "[0m";
        assertEquals("\u001B[1mbold\u001B[0m", Visible.onScreen(ours));
        assertEquals("bold", Visible.withoutColour(ours));
        assertEquals("\\u{1B}[1mred\uFDD00e[0m", Visible.onScreen("\u001B[1mred\uFDD00e[0m"));
        assertFalse(Visible.text(ours).contains("\u001B"));
    }
}
