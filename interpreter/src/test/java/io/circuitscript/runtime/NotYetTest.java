package io.circuitscript.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.circuitscript.source.Source;
import io.circuitscript.source.Span;
import org.junit.jupiter.api.Test;

/** What is said of a word that the language has before the program does: none at present, and the next is to be named alike. */
final class NotYetTest {
    @Test
    void namesTheWord() {
        Span span = new Span(new Source("script", "dream level=deep"), 0, 5);
        assertEquals("not-available-yet: `dream` is not available yet", said(NotYet.statement("dream", span)));
        assertEquals("not-available-yet: the option `level=` is not available yet", said(NotYet.option("level", span)));
        assertEquals("not-available-yet: `level=deep` is not available yet", said(NotYet.value("level", "deep", span)));
    }

    private static String said(Mistake mistake) {
        return mistake.diagnostic().code() + ": " + mistake.diagnostic().message();
    }
}
