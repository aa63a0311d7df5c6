package io.circuitscript.notebook.display;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A mistake's message in lines that a cell has room for: JupyterLab would break them within a word. */
public final class MessageLines {
    /** What a message says in words, up to where its further lines begin. The lines of the script, which have places below them, are not among these. */
    private static final Pattern WORDS = Pattern.compile("(?:error|warning)(?:\\[[A-Z0-9]+])?: | *= (?:help|note): ");

    private static final Pattern PAINT = Pattern.compile("\u001B\\[[;0-9]*m");

    /** Where the further lines of a heading begin, which need not stand below its own words. */
    private static final int INDENT = 2;

    private MessageLines() {}

    /** @param text with colours @param width in columns */
    public static List<String> wrapped(String text, int width) {
        return text.lines()
                .map(line -> wrappedLine(line, width))
                .flatMap(String::lines)
                .toList();
    }

    private static String wrappedLine(String line, int width) {
        String plain = plain(line);
        Matcher words = WORDS.matcher(plain);
        if (plain.length() <= width || !words.lookingAt()) return line;
        int indent = plain.startsWith(" ") ? words.end() : INDENT;
        StringBuilder lines = new StringBuilder();
        int column = 0;
        for (String word : words(line)) {
            int length = plain(word).length();
            if (column + length - (word.endsWith(" ") ? 1 : 0) > width && column > words.end()) {
                lines.setLength(lines.length() - 1);
                lines.append('\n').append(" ".repeat(indent));
                column = indent;
            }
            lines.append(word);
            column += length;
        }
        return lines.toString();
    }

    /** Words, each with the space behind it. Code between two backquotes stays in one piece. */
    private static List<String> words(String line) {
        List<String> words = new ArrayList<>();
        int from = 0;
        boolean code = false;
        for (int i = 0; i < line.length(); i++) {
            if (line.charAt(i) == '`') code = !code && line.indexOf('`', i + 1) > 0;
            if (line.charAt(i) != ' ' || code) continue;
            words.add(line.substring(from, i + 1));
            from = i + 1;
        }
        words.add(line.substring(from));
        return words;
    }

    private static String plain(String text) {
        return PAINT.matcher(text).replaceAll("");
    }
}
