package io.circuitscript.cli.repl;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

final class WrappedTest {
    @Test
    void breaksBetweenWords() {
        assertEquals(List.of("  Grows a circuit", "  from logits", "  down."), Wrapped.of("  Grows a circuit from logits down.", 17));
        assertEquals(List.of("short"), Wrapped.of("short", 5));
        assertEquals(List.of(""), Wrapped.of("", 5));
    }

    @Test
    void goesOnBelowTheSecondColumn() {
        assertEquals(List.of("  abs=   true or", "         false"), Wrapped.of("  abs=   true or false", 18));
        assertEquals(List.of("  a long option  and", "  what it means"), Wrapped.of("  a long option  and what it means", 20));
    }

    @Test
    void aLongWordStaysWhole() {
        assertEquals(List.of("a", "verylongword", "b"), Wrapped.of("a verylongword b", 6));
        assertEquals(List.of("verylongword"), Wrapped.of("verylongword", 6));
    }
}
