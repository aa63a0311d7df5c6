package io.circuitscript.cli.console;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

final class WrappedTextTest {
    @Test
    void breaksBetweenWords() {
        assertEquals(
                List.of("  Grows a circuit", "  from logits", "  down."),
                WrappedText.of("  Grows a circuit from logits down.", 17));
        assertEquals(List.of("short"), WrappedText.of("short", 5));
        assertEquals(List.of(""), WrappedText.of("", 5));
    }

    @Test
    void goesOnBelowTheSecondColumn() {
        assertEquals(List.of("  abs=   true or", "         false"), WrappedText.of("  abs=   true or false", 18));
        assertEquals(
                List.of("  a long option  and", "  what it means"),
                WrappedText.of("  a long option  and what it means", 20));
    }

    @Test
    void aLongWordStaysWhole() {
        assertEquals(List.of("a", "verylongword", "b"), WrappedText.of("a verylongword b", 6));
        assertEquals(List.of("verylongword"), WrappedText.of("verylongword", 6));
    }
}
