package io.circuitscript.editor.document;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class BeginningTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            quoteCharacter = '\0',
            value = {
                "print 1; print (2 + |) ~ print 1;/",
                "for x in [1] { print x; abl| ~ for x in [1] { print x;/}",
                "let q = quiet { let y = 1; pri|nt } ~ let q = quiet { let y = 1;/}",
                "print sum(for n in 1..3 { n; | ~ print sum(for n in 1..3 { n;/})",
                "if 1 < 2 { a| ~ if 1 < 2 {/}",
                "def f(x) { let s = {m0, | ~ def f(x) {/}",
                "print \"{len([1, |])}\" ~ /",
                "pr| ~ /",
            })
    void theBlocksAroundAreClosed(String text, String expected) {
        int cursor = text.indexOf('|');
        Document document = new Document("untitled:x", 1, text.replace("|", ""), Positions.Unit.UTF_16);
        Beginning beginning = Beginning.of(document, cursor);
        String shown = beginning.text().replaceAll(" *\n", "/");
        assertEquals(expected, shown);
        assertFalse(beginning.parsed(document, 0).hasErrors());
    }
}
