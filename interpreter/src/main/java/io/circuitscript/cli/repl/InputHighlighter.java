package io.circuitscript.cli.repl;

import io.circuitscript.cli.prompt.MetaCommand;
import io.circuitscript.cli.prompt.Question;
import io.circuitscript.cli.prompt.ShellCommand;
import io.circuitscript.syntax.Lexeme;
import java.util.List;
import org.jline.reader.Highlighter;
import org.jline.reader.LineReader;
import org.jline.utils.AttributedString;
import org.jline.utils.AttributedStringBuilder;
import org.jline.utils.AttributedStyle;

/** Colours the input with the language's own lexer. */
final class InputHighlighter implements Highlighter {
    /** A longer text is pasted, and colouring it again with each key would be slow. */
    private static final int LONGEST = 20_000;

    private static final AttributedStyle PLAIN = AttributedStyle.DEFAULT;
    private static final AttributedStyle WORD_OF_STATEMENT = PLAIN.bold().foreground(AttributedStyle.BLUE);
    private static final AttributedStyle KEYWORD = PLAIN.bold().foreground(AttributedStyle.MAGENTA);
    private static final AttributedStyle VALUE = PLAIN.foreground(AttributedStyle.CYAN);
    private static final AttributedStyle STRING = PLAIN.foreground(AttributedStyle.GREEN);
    private static final AttributedStyle OPTION = PLAIN.foreground(AttributedStyle.YELLOW);
    private static final AttributedStyle COMMENT = PLAIN.faint();
    private static final AttributedStyle WRONG = PLAIN.foreground(AttributedStyle.RED);

    @Override
    public AttributedString highlight(LineReader reader, String text) {
        if (text.length() > LONGEST) return new AttributedString(text);
        var styled = new AttributedStringBuilder();
        if (MetaCommand.is(text) || Question.is(text))
            return styled.styled(KEYWORD, text).toAttributedString();
        if (ShellCommand.is(text)) {
            int after = text.indexOf('!') + 1;
            return styled.styled(KEYWORD, text.substring(0, after))
                    .styled(PLAIN, text.substring(after))
                    .toAttributedString();
        }
        List<Lexeme> lexemes = Lexeme.of(text);
        boolean begins = true;
        for (int i = 0; i < lexemes.size(); i++) {
            Lexeme lexeme = lexemes.get(i);
            boolean key = i + 1 < lexemes.size() && lexemes.get(i + 1).kind() == Lexeme.Kind.ASSIGN;
            boolean field = i > 0 && lexemes.get(i - 1).kind() == Lexeme.Kind.DOT;
            styled.styled(field ? PLAIN : style(lexeme, begins, key), lexeme.text());
            begins = switch (lexeme.kind()) {
                case SPACE -> begins;
                // After these a statement, or a statement as a value, can stand.
                case LINE_END, SEMICOLON, OPEN_BRACE, CLOSE_BRACE, OPEN_ROUND -> true;
                case ASSIGN -> i > 0 && lexemes.get(i - 1).kind() == Lexeme.Kind.SPACE;
                case KEYWORD -> lexeme.text().equals("print");
                default -> false;
            };
        }
        return styled.toAttributedString();
    }

    private static AttributedStyle style(Lexeme lexeme, boolean begins, boolean key) {
        return switch (lexeme.kind()) {
            case STATEMENT, SOFT -> key ? OPTION : begins ? WORD_OF_STATEMENT : PLAIN;
            case KEYWORD, CONNECTIVE -> key ? OPTION : KEYWORD;
            case CONSTANT, NUMBER -> VALUE;
            case WORD -> key ? OPTION : PLAIN;
            case QUOTE, QUOTE_END, TEXT -> STRING;
            case PORT -> VALUE;
            case COMMENT -> COMMENT;
            case WRONG -> WRONG;
            case ARROW,
                    AT,
                    OPERATOR,
                    ASSIGN,
                    DOT,
                    COMMA,
                    SEMICOLON,
                    LINE_END,
                    OPEN_ROUND,
                    CLOSE_ROUND,
                    OPEN_BRACE,
                    CLOSE_BRACE,
                    HOLE,
                    SPACE -> PLAIN;
        };
    }
}
