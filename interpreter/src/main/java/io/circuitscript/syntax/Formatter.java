package io.circuitscript.syntax;

import static io.circuitscript.grammar.CircuitLexer.*;

import io.circuitscript.source.Source;
import java.util.ArrayList;
import java.util.List;
import org.antlr.v4.runtime.CommonToken;
import org.antlr.v4.runtime.Token;

/**
 * Formats a script: one statement a line, two spaces of indentation, two before a trailing comment, at most one blank
 * line, lists filled to 100 columns. Only the space between tokens changes, and the comma before a closing bracket;
 * every comment and every parenthesis stays. A text with Windows line ends keeps them.
 */
public final class Formatter {
    private final Source source;
    private final List<CommonToken> tokens;
    /** For each token, the index of the next one that is neither hidden nor a line end. */
    private final int[] next;

    private final Brackets brackets;
    private final TokenJoints joints;
    private final LayoutLines lines = new LayoutLines();

    private int depth;
    private int openBrackets;
    /** Whether the open line's statement has ended: only a trailing comment may still come onto it. */
    private boolean ended = true;
    /** Whether a comment has ended the open line: nothing more goes onto it. */
    private boolean commented;

    private boolean blockJustOpened = true; // as the beginning of the text, which a blank line does not follow either
    /** The text's line on which what was written last ends. */
    private int lastLine;

    private CommonToken previous;

    private Formatter(Source source, List<CommonToken> tokens, Brackets brackets, TokenJoints joints) {
        this.source = source;
        this.tokens = tokens;
        this.next = TokenLayout.next(tokens);
        this.brackets = brackets;
        this.joints = joints;
    }

    /**
     * A text in the one layout.
     *
     * @param parsed what reading it gave
     * @throws IllegalArgumentException where it has mistakes
     */
    public static String format(Parsed parsed) {
        Source source = parsed.source();
        if (parsed.hasErrors()) throw new IllegalArgumentException(source.name() + " has mistakes");
        String text = layOut(source);
        Source result = new Source(source.name(), text);
        if (!content(source).equals(content(result)))
            throw new IllegalStateException("the layout changes what the script says:\n" + text);
        return windows(source.text()) ? text.replace("\n", "\r\n") : text;
    }

    private static String layOut(Source source) {
        List<CommonToken> tokens = Parser.tokens(source);
        Brackets brackets = Brackets.match(source, tokens);
        TokenLayout.arrange(source, tokens, brackets);
        return new Formatter(
                        source,
                        tokens,
                        brackets,
                        TokenJoints.of(Parser.parser(tokens).script()))
                .run();
    }

    /** The first line end decides. */
    private static boolean windows(String text) {
        int end = text.indexOf('\n');
        return end > 0 && text.charAt(end - 1) == '\r';
    }

    /** Everything that a layout keeps: the tokens as the parser sees them, and the comments. */
    private static List<String> content(Source source) {
        List<CommonToken> tokens = Parser.tokens(source);
        TokenLayout.arrange(source, tokens, Brackets.match(source, tokens));
        int[] next = TokenLayout.next(tokens);
        List<String> content = new ArrayList<>();
        for (int i = 0; i < tokens.size(); i++) {
            CommonToken token = tokens.get(i);
            int type = token.getType();
            boolean comment = type == COMMENT;
            if (!comment && (token.getChannel() != Token.DEFAULT_CHANNEL || type == LINE_END || type == SEMICOLON))
                continue;
            if (type == COMMA && closes(tokens.get(next[i]))) continue;
            // After a definition's name a parenthesis calls nothing, however close it stands.
            int kind = type == CALL_OPEN ? LEFT_PAREN : type;
            content.add(kind + " " + (comment ? token.getText().stripTrailing() : token.getText()));
        }
        return content;
    }

    private String run() {
        for (int i = 0; i < tokens.size(); i++) {
            CommonToken token = tokens.get(i);
            switch (token.getType()) {
                case Token.EOF, SPACE -> {}
                case COMMENT -> comment(token, i);
                case LINE_END -> ended |= token.getChannel() == Token.DEFAULT_CHANNEL;
                case SEMICOLON -> {
                    ended = true;
                    lastLine = token.getLine();
                }
                case QUOTE -> {
                    Token end = brackets.partner(token);
                    visible(token, source.text(token.getStartIndex(), end.getStopIndex() + 1), i);
                    while (tokens.get(i) != end) i++;
                    previous = tokens.get(i);
                }
                default -> visible(token, token.getText(), i);
            }
        }
        return lines.text();
    }

    private void comment(CommonToken token, int index) {
        String text = token.getText().stripTrailing();
        boolean trailing = lines.isOpen() && token.getLine() == lastLine && !commented;
        CommonToken following = tokens.get(next[index]);
        if (trailing) {
            lines.comment(text);
        } else if (ended || joints.closesBlock(following)) {
            lines.begin(depth, blankBefore(token));
            lines.comment(text);
            ended = true;
        } else {
            lines.again(continuation(following));
            lines.comment(text);
        }
        commented = true;
        blockJustOpened = false;
        lastLine = token.getLine();
    }

    private void visible(CommonToken token, String text, int index) {
        int type = token.getType();
        if (type == COMMA && closes(tokens.get(next[index]))) return;
        boolean blockEnd = joints.closesBlock(token);
        if (blockEnd) depth--;
        if (ended || blockEnd) {
            lines.begin(depth, !blockEnd && blankBefore(token));
            openBrackets = 0;
        } else if (commented) {
            lines.again(continuation(token));
        } else if (!lines.atPieceStart()) {
            lines.add(gap(token, index));
        }
        ended = false;
        commented = false;
        blockJustOpened = false;
        lines.add(text);
        if (joints.opensBlock(token)) {
            depth++;
            ended = true;
            blockJustOpened = true;
        } else if (opens(type)) {
            openBrackets++;
        } else if (closes(token) && !blockEnd) {
            openBrackets--;
        } else if (type == COMMA && openBrackets > 0 && !beginsStatementAnywhere(tokens.get(next[index]))) {
            lines.mayBreak();
        }
        previous = token;
        lastLine = token.getLine();
    }

    private boolean blankBefore(CommonToken token) {
        return token.getLine() - lastLine > 1 && !blockJustOpened;
    }

    /** How deep a line within a statement stands: what closes a list or goes on after a block stands as its statement does. */
    private int continuation(CommonToken first) {
        return first.getType() == ELSE || closes(first) ? depth : depth + 2;
    }

    private String gap(CommonToken token, int index) {
        if (isLoneStar(token) || isLoneStar(previous)) return tokens.get(index - 1) == previous ? "" : " ";
        if (joints.isTight(token) || joints.isTight(previous)) return "";
        boolean tightAfter = switch (previous.getType()) {
            case LEFT_PAREN, CALL_OPEN, LEFT_BRACKET, INDEX_OPEN, LEFT_BRACE, SIGN, DOT, AT -> true;
            default -> false;
        };
        if (tightAfter) return "";
        boolean tightBefore = switch (token.getType()) {
            case COMMA, RIGHT_PAREN, RIGHT_BRACKET, CALL_OPEN, INDEX_OPEN, PORT, AT -> true;
            case RIGHT_BRACE -> !joints.closesBlock(token);
            case DOT -> closes(previous) || previous.getType() == QUOTE; // any word, and a number, would take it in
            default -> false;
        };
        return tightBefore ? "" : " ";
    }

    /** A star that is a pattern: spaces on both sides of it would make it a product. */
    private static boolean isLoneStar(CommonToken token) {
        return token.getType() == WORD && token.getText().equals("*");
    }

    /** Words that at the start of a line begin a statement, even where a bracket is open. */
    private static boolean beginsStatementAnywhere(CommonToken token) {
        return switch (token.getType()) {
            case PRINT, EXPECT, LET, FOR, IF, DEF, IMPORT -> true;
            default -> false;
        };
    }

    private static boolean opens(int type) {
        return type == LEFT_PAREN
                || type == CALL_OPEN
                || type == LEFT_BRACKET
                || type == INDEX_OPEN
                || type == LEFT_BRACE;
    }

    private static boolean closes(Token token) {
        int type = token.getType();
        return type == RIGHT_PAREN || type == RIGHT_BRACKET || type == RIGHT_BRACE;
    }
}
