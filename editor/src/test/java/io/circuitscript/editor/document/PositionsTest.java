package io.circuitscript.editor.document;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.circuitscript.source.Source;
import java.util.List;
import org.eclipse.lsp4j.Position;
import org.eclipse.lsp4j.Range;
import org.eclipse.lsp4j.TextDocumentContentChangeEvent;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class PositionsTest {
    /** One code point each of one, two, three and four bytes in UTF-8, and every kind of line end. */
    private static final String TEXT = "aé€😀b\r\n\t😀😀\rx\n\nend";

    private static Positions of(Positions.Unit unit) {
        return new Positions(new Source("s", TEXT), unit);
    }

    @ParameterizedTest
    @EnumSource(Positions.Unit.class)
    void everyOffsetComesBack(Positions.Unit unit) {
        Positions positions = of(unit);
        int length = TEXT.codePointCount(0, TEXT.length());
        for (int offset = 0; offset <= length; offset++) {
            boolean insideLineEnd = offset > 0
                    && TEXT.codePointAt(TEXT.offsetByCodePoints(0, offset - 1)) == '\r'
                    && offset < length
                    && TEXT.codePointAt(TEXT.offsetByCodePoints(0, offset)) == '\n';
            if (!insideLineEnd) assertEquals(offset, positions.offset(positions.at(offset)), "offset " + offset);
        }
    }

    @Test
    void unitsDiffer() {
        assertEquals(new Position(0, 10), of(Positions.Unit.UTF_8).at(4));
        assertEquals(new Position(0, 5), of(Positions.Unit.UTF_16).at(4));
        assertEquals(new Position(0, 4), of(Positions.Unit.UTF_32).at(4));
        assertEquals(new Position(1, 5), of(Positions.Unit.UTF_16).at(10));
        assertEquals(new Position(2, 0), of(Positions.Unit.UTF_16).at(11));
    }

    @Test
    void placesThatAreNone() {
        Positions positions = of(Positions.Unit.UTF_16);
        assertEquals(3, positions.offset(new Position(0, 4)), "within a character");
        assertEquals(5, positions.offset(new Position(0, 99)), "beyond the line");
        assertEquals(TEXT.codePointCount(0, TEXT.length()), positions.offset(new Position(99, 0)), "beyond the text");
        assertEquals(0, positions.offset(new Position(-1, 3)));
        assertEquals(0, positions.offset(new Position(0, -7)));
    }

    @Test
    void theFirstEncodingThatThereIsIsChosen() {
        assertEquals(Positions.Unit.UTF_16, Positions.Unit.chosen(List.of()));
        assertEquals(Positions.Unit.UTF_16, Positions.Unit.chosen(List.of("utf-7")));
        assertEquals(Positions.Unit.UTF_8, Positions.Unit.chosen(List.of("utf-7", "utf-8", "utf-16")));
        assertEquals(Positions.Unit.UTF_32, Positions.Unit.chosen(List.of("utf-32", "utf-8")));
    }

    @Test
    void changesFollowOneAnother() {
        Document document = new Document("untitled:x", 1, "let 😀 = 1\r\nprint 2\r\n", Positions.Unit.UTF_16);
        Document changed = document.changed(
                2,
                List.of(
                        new TextDocumentContentChangeEvent(new Range(new Position(0, 4), new Position(0, 6)), "x"),
                        new TextDocumentContentChangeEvent(new Range(new Position(1, 6), new Position(1, 7)), "x"),
                        new TextDocumentContentChangeEvent(
                                new Range(new Position(9, 9), new Position(9, 9)), "# end")));
        assertEquals("let x = 1\r\nprint x\r\n# end", changed.source().text());
        assertEquals(2, changed.version());
        assertEquals(
                "all new",
                changed.changed(3, List.of(new TextDocumentContentChangeEvent("all new")))
                        .source()
                        .text());
    }
}
