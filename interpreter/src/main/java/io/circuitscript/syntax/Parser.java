package io.circuitscript.syntax;

import io.circuitscript.grammar.CircuitLexer;
import io.circuitscript.grammar.CircuitParser;
import io.circuitscript.grammar.CircuitParser.ScriptContext;
import io.circuitscript.source.Diagnostic;
import io.circuitscript.source.ErrorCode;
import io.circuitscript.source.Source;
import io.circuitscript.source.Span;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import org.antlr.v4.runtime.CharStreams;
import org.antlr.v4.runtime.CommonToken;
import org.antlr.v4.runtime.CommonTokenStream;
import org.antlr.v4.runtime.ListTokenSource;
import org.antlr.v4.runtime.Token;
import org.antlr.v4.runtime.misc.ParseCancellationException;

/** Parses a script: text in, statements and all syntax errors out. It never throws because of the text. */
public final class Parser {
    /** The longest script. A data file that is given by mistake is refused at once. */
    public static final int MOST_CHARACTERS = 1 << 21;

    private final Source source;
    private final List<Diagnostic> diagnostics = new ArrayList<>();

    private Parser(Source source) {
        this.source = source;
    }

    public static Parsed parse(Source source) {
        return new Parser(source).parse();
    }

    private Parsed parse() {
        if (source.length() > MOST_CHARACTERS) {
            diagnostics.add(Diagnostic.error(
                            ErrorCode.TOO_LONG,
                            "a script has at most " + MOST_CHARACTERS + " characters, and this text has more",
                            new Span(source, 0, 0))
                    .withHelp("keep data in a file of its own, and read it with `data \"pairs.csv\"`"));
            return result(List.of(), false, Set.of());
        }
        List<CommonToken> tokens = tokens(source);
        Brackets brackets = Brackets.match(source, tokens);
        diagnostics.addAll(brackets.diagnostics());
        if (brackets.tooDeep()) return result(List.of(), false, Set.of());
        diagnostics.addAll(TokenLayout.arrange(source, tokens, brackets));

        var mistakes = new SyntaxMistakes(source, diagnostics);
        var recovery = new StatementRecovery(brackets, mistakes);
        CircuitParser parser = parser(tokens);
        parser.setErrorHandler(recovery);
        try {
            ScriptContext tree = parser.script();
            diagnostics.addAll(mistakes.diagnostics());
            List<Statement> statements = new StatementBuilder(source, diagnostics).script(tree);
            return result(statements, goesOn(tokens, brackets), recovery.unsureNames());
        } catch (ParseCancellationException e) {
            // Ten mistakes are enough; later ones are mostly consequences of earlier ones.
            diagnostics.addAll(mistakes.diagnostics());
            return result(List.of(), false, recovery.unsureNames());
        }
    }

    /** The tokens as the language's own lexer sees them, hidden ones too, ending with the end of the text. */
    static List<CommonToken> tokens(Source source) {
        // Half of a surrogate pair alone is not a character. It is replaced by one that no rule accepts, so that
        // positions stay.
        int[] codePoints = source.text()
                .codePoints()
                .map(c -> c >= 0xD800 && c <= 0xDFFF ? 0xFFFD : c)
                .toArray();
        var lexer =
                new CircuitLexer(CharStreams.fromString(new String(codePoints, 0, codePoints.length), source.name()));
        lexer.removeErrorListeners();
        var tokens = new ArrayList<CommonToken>();
        CommonToken token;
        do {
            token = (CommonToken) lexer.nextToken();
            tokens.add(token);
        } while (token.getType() != Token.EOF);
        return tokens;
    }

    static CircuitParser parser(List<CommonToken> tokens) {
        var stream = new CommonTokenStream(new ListTokenSource(tokens));
        // Numbers every token: recovery compares the places of tokens that have not been read yet.
        stream.fill();
        var parser = new CircuitParser(stream);
        parser.removeErrorListeners();
        return parser;
    }

    /** Whether another line could complete the text. Any other mistake is shown at once. */
    private boolean goesOn(List<CommonToken> tokens, Brackets brackets) {
        if (brackets.unclosedAtEnd()) return diagnostics.stream().allMatch(d -> d.code() == ErrorCode.UNCLOSED_BRACKET);
        if (diagnostics.size() != 1) return false;
        CommonToken last = null;
        for (CommonToken token : tokens.reversed()) {
            if (token.getChannel() == Token.DEFAULT_CHANNEL
                    && token.getType() != Token.EOF
                    && token.getType() != CircuitLexer.LINE_END) {
                last = token;
                break;
            }
        }
        return last != null
                && TokenLayout.awaitsMore(last)
                && diagnostics.getFirst().span().start() > last.getStartIndex();
    }

    private Parsed result(List<Statement> statements, boolean incomplete, Set<String> unsureNames) {
        diagnostics.sort(Comparator.comparingInt(d -> d.span().start()));
        int shown = Math.min(diagnostics.size(), StatementRecovery.MOST_ERRORS);
        return new Parsed(source, statements, diagnostics.subList(0, shown), incomplete, unsureNames);
    }
}
