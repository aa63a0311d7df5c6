package io.circuitscript.source;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

class SpellingTest {
    private static final List<String> WORDS =
            List.of("ablate", "attribute", "evaluate", "edges", "load", "add", "m1", "m2", "a10.h3");

    @Test
    void findsSlipsOfTheHand() {
        assertEquals(List.of("ablate"), Spelling.nearest("abalte", WORDS, 3));
        assertEquals(List.of("evaluate"), Spelling.nearest("evalute", WORDS, 3));
        assertEquals(List.of("attribute"), Spelling.nearest("Atribute", WORDS, 3));
        assertEquals(List.of("attribute"), Spelling.nearest("attr", WORDS, 3));
        assertEquals(List.of("m1"), Spelling.nearest("m3", WORDS, 1));
        assertEquals(List.of(), Spelling.nearest("frobnicate", WORDS, 3));
        assertEquals(List.of(), Spelling.nearest("", WORDS, 3));
    }

    @Test
    void aSwapIsOneStep() {
        assertEquals(1, Spelling.distance("ab", "ba"));
        assertEquals(3, Spelling.distance("", "abc"));
        assertEquals(0, Spelling.distance("größe", "größe"));
        assertEquals(1, Spelling.distance("grösse", "gröse"));
    }

    @Test
    void namesMakeAQuestion() {
        assertEquals("", Spelling.question(List.of()));
        assertEquals("did you mean a, b or c?", Spelling.question(List.of("a", "b", "c")));
    }
}
