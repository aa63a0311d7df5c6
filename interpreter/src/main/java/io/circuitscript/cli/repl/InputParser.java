package io.circuitscript.cli.repl;

import io.circuitscript.assist.CursorContext;
import io.circuitscript.cli.prompt.InputText;
import java.util.List;
import org.jline.reader.CompletingParsedLine;
import org.jline.reader.EOFError;
import org.jline.reader.ParsedLine;

/** Tells the line editor where a word begins, and, by the language's own parser, whether an input is finished. */
final class InputParser implements org.jline.reader.Parser {

    @Override
    public ParsedLine parse(String text, int cursor, ParseContext context) {
        if (context == ParseContext.ACCEPT_LINE) {
            if (InputText.isUnfinished(text)) throw new EOFError(-1, -1, "more is to come");
            return new Line(text, cursor, "", cursor, false);
        }
        if (InputText.isLine(text)) return meta(text, cursor);
        CursorContext cursorContext = CursorContext.of(text, cursor);
        return new Line(
                text,
                cursor,
                cursorContext.prefix(),
                cursorContext.start(),
                cursorContext.frame().shape() == CursorContext.Shape.STRING);
    }

    private static Line meta(String text, int cursor) {
        String before = text.substring(0, text.offsetByCodePoints(0, cursor));
        int space = before.lastIndexOf(' ');
        String word = before.substring(space + 1);
        return new Line(text, cursor, word, cursor - word.codePointCount(0, word.length()), false);
    }

    @Override
    public boolean isEscapeChar(char character) {
        return false;
    }

    /**
     * A text with the word under the cursor.
     *
     * @param start where the word begins; like the cursor, in code points
     * @param inString whether the word is all of a string so far
     */
    record Line(String line, int cursor, String word, int start, boolean inString) implements CompletingParsedLine {
        @Override
        public int wordCursor() {
            return word.length();
        }

        @Override
        public int wordIndex() {
            return 0;
        }

        @Override
        public List<String> words() {
            return List.of(word);
        }

        /** Nothing is escaped; a string that is finished is closed. */
        @Override
        public CharSequence escape(CharSequence candidate, boolean complete) {
            boolean closed = line.codePointCount(0, line.length()) > cursor
                    && line.codePointAt(line.offsetByCodePoints(0, cursor)) == '"';
            return inString && complete && !closed ? candidate + "\"" : candidate;
        }

        @Override
        public int rawWordCursor() {
            return word.codePointCount(0, word.length());
        }

        @Override
        public int rawWordLength() {
            return rawWordCursor();
        }
    }
}
