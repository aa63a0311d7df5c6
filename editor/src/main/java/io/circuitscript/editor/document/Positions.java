package io.circuitscript.editor.document;

import io.circuitscript.source.Source;
import io.circuitscript.source.Span;
import java.util.List;
import java.util.Optional;
import org.eclipse.lsp4j.Position;
import org.eclipse.lsp4j.PositionEncodingKind;
import org.eclipse.lsp4j.Range;

/** Translates between offsets in code points and the positions of an editor, which count lines and the units of an encoding. */
public final class Positions {
    /** What an editor counts within a line. */
    public enum Unit {
        UTF_8(PositionEncodingKind.UTF8),
        UTF_16(PositionEncodingKind.UTF16),
        UTF_32(PositionEncodingKind.UTF32);

        private final String kind;

        Unit(String kind) {
            this.kind = kind;
        }

        /** As the protocol calls it. */
        public String kind() {
            return kind;
        }

        /** The first that an editor offers and that there is; UTF-16 where it offers none. */
        public static Unit chosen(List<String> offered) {
            return offered.stream()
                    .flatMap(kind -> of(kind).stream())
                    .findFirst()
                    .orElse(UTF_16);
        }

        private static Optional<Unit> of(String kind) {
            for (Unit unit : values()) if (unit.kind.equals(kind)) return Optional.of(unit);
            return Optional.empty();
        }

        private int of(int codePoint) {
            return switch (this) {
                case UTF_8 -> codePoint < 0x80 ? 1 : codePoint < 0x800 ? 2 : codePoint < 0x10000 ? 3 : 4;
                case UTF_16 -> Character.charCount(codePoint);
                case UTF_32 -> 1;
            };
        }
    }

    private final Source source;
    private final Unit unit;

    public Positions(Source source, Unit unit) {
        this.source = source;
        this.unit = unit;
    }

    public Unit unit() {
        return unit;
    }

    public Position at(int offset) {
        int line = source.line(offset);
        return new Position(line - 1, length(source.lineStart(line), offset));
    }

    /** How many units a stretch of the text has. */
    public int length(int start, int end) {
        return source.text(start, end).codePoints().map(unit::of).sum();
    }

    public Range range(int start, int end) {
        return new Range(at(start), at(end));
    }

    public Range range(Span span) {
        return range(span.start(), span.end());
    }

    /** The whole text. */
    public Range all() {
        return range(0, source.length());
    }

    /** The offset of a position; of one beyond the end of its line, that end; of one within a character, the character's beginning. */
    public int offset(Position position) {
        if (position.getLine() < 0) return 0;
        if (position.getLine() >= source.lines()) return source.length();
        int line = position.getLine() + 1;
        int start = source.lineStart(line);
        int[] codePoints = source.lineText(line).codePoints().toArray();
        int units = 0;
        int i = 0;
        while (i < codePoints.length && units + unit.of(codePoints[i]) <= position.getCharacter())
            units += unit.of(codePoints[i++]);
        return start + i;
    }
}
