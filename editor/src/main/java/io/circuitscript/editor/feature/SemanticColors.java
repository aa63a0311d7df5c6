package io.circuitscript.editor.feature;

import io.circuitscript.editor.document.Document;
import io.circuitscript.editor.names.Names;
import io.circuitscript.editor.names.Occurrence;
import io.circuitscript.editor.names.Symbol;
import io.circuitscript.graph.NodeNames;
import io.circuitscript.runtime.help.HelpPages;
import io.circuitscript.syntax.Lexeme;
import io.circuitscript.syntax.Lexeme.Kind;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.eclipse.lsp4j.SemanticTokenModifiers;
import org.eclipse.lsp4j.SemanticTokenTypes;
import org.eclipse.lsp4j.SemanticTokens;
import org.eclipse.lsp4j.SemanticTokensLegend;

/** What each word of a script is, for its colour. */
public final class SemanticColors {
    private enum Type {
        KEYWORD(SemanticTokenTypes.Keyword),
        VARIABLE(SemanticTokenTypes.Variable),
        PARAMETER(SemanticTokenTypes.Parameter),
        FUNCTION(SemanticTokenTypes.Function),
        PROPERTY(SemanticTokenTypes.Property),
        STRING(SemanticTokenTypes.String),
        NUMBER(SemanticTokenTypes.Number),
        OPERATOR(SemanticTokenTypes.Operator),
        COMMENT(SemanticTokenTypes.Comment),
        CIRCUIT(SemanticTokenTypes.Class),
        NODE(SemanticTokenTypes.EnumMember),
        METRIC(SemanticTokenTypes.Method),
        TASK(SemanticTokenTypes.Namespace);

        private final String word;

        Type(String word) {
            this.word = word;
        }
    }

    private static final int DEFINITION = 1;
    private static final int READ_ONLY = 2;
    private static final int OF_THE_LANGUAGE = 4;

    /** What the numbers of tokens mean. */
    public static final SemanticTokensLegend LEGEND = new SemanticTokensLegend(
            List.of(Type.values()).stream().map(it -> it.word).toList(),
            List.of(
                    SemanticTokenModifiers.Declaration,
                    SemanticTokenModifiers.Readonly,
                    SemanticTokenModifiers.DefaultLibrary));

    private final Document document;
    private final Names names;
    private final Map<Integer, Occurrence> byStart = new HashMap<>();
    private final List<Integer> data = new ArrayList<>();
    private int lastLine = 1;
    private int lastStart;

    private SemanticColors(Document document, Names names) {
        this.document = document;
        this.names = names;
        names.all().forEach(it -> byStart.put(it.span().start(), it));
    }

    /** @param from, to in code points: what lies outside is left out */
    public static SemanticTokens of(Document document, Names names, int from, int to) {
        return new SemanticColors(document, names).tokens(from, to);
    }

    private SemanticTokens tokens(int from, int to) {
        List<Lexeme> seen = document.lexemes().stream()
                .filter(it -> it.kind() != Kind.SPACE)
                .toList();
        boolean begins = true;
        for (int i = 0; i < seen.size(); i++) {
            Lexeme lexeme = seen.get(i);
            if (lexeme.start() >= to) break;
            Optional<Lexeme> previous = i > 0 ? Optional.of(seen.get(i - 1)) : Optional.empty();
            if (lexeme.end() > from) {
                Optional<Lexeme> next = i + 1 < seen.size() ? Optional.of(seen.get(i + 1)) : Optional.empty();
                boolean field = previous.filter(it -> it.kind() == Kind.DOT).isPresent();
                if (field) put(lexeme, Type.PROPERTY, 0);
                else add(lexeme, next, begins);
            }
            begins = switch (lexeme.kind()) {
                // After these a statement, or a statement as a value, can stand.
                case LINE_END, SEMICOLON, OPEN_BRACE, CLOSE_BRACE, OPEN_ROUND -> true;
                case ASSIGN -> previous.filter(it -> it.end() < lexeme.start()).isPresent();
                case KEYWORD -> lexeme.text().equals("print");
                case COMMENT -> begins;
                default -> false;
            };
        }
        return new SemanticTokens(data);
    }

    private void add(Lexeme lexeme, Optional<Lexeme> next, boolean begins) {
        Occurrence name = byStart.get(lexeme.start());
        if (name != null && lexeme.kind().isWordLike()) {
            put(lexeme.start(), name.span().end(), type(name), modifiers(name));
            if (name.span().end() < lexeme.end()) put(name.span().end() + 1, lexeme.end(), Type.PROPERTY, 0);
            return;
        }
        switch (lexeme.kind()) {
            case KEYWORD, CONNECTIVE, CONSTANT -> put(lexeme, isKey(lexeme, next) ? Type.PROPERTY : Type.KEYWORD, 0);
            case STATEMENT, SOFT, WORD -> word(lexeme, next, begins);
            case NUMBER -> put(lexeme, Type.NUMBER, 0);
            case PORT -> put(lexeme, Type.NODE, 0);
            case ARROW, AT, OPERATOR, ASSIGN -> put(lexeme, Type.OPERATOR, 0);
            case QUOTE, QUOTE_END, TEXT -> put(lexeme, Type.STRING, 0);
            case COMMENT -> put(lexeme, Type.COMMENT, 0);
            case DOT,
                    COMMA,
                    SEMICOLON,
                    LINE_END,
                    OPEN_ROUND,
                    CLOSE_ROUND,
                    OPEN_BRACE,
                    CLOSE_BRACE,
                    HOLE,
                    SPACE,
                    WRONG -> {}
        }
    }

    private static boolean isKey(Lexeme lexeme, Optional<Lexeme> next) {
        return next.filter(it -> it.kind() == Kind.ASSIGN && it.start() == lexeme.end())
                .isPresent();
    }

    private void word(Lexeme lexeme, Optional<Lexeme> next, boolean begins) {
        String text = lexeme.text();
        boolean called = next.filter(it -> it.text().equals("(") && it.start() == lexeme.end())
                .isPresent();
        if (isKey(lexeme, next)) put(lexeme, Type.PROPERTY, 0);
        else if (called && HelpPages.function(text).isPresent()) put(lexeme, Type.FUNCTION, OF_THE_LANGUAGE);
        else if (lexeme.kind() != Kind.WORD && begins) put(lexeme, Type.KEYWORD, 0);
        else if (NodeNames.readsAsPattern(text)) put(lexeme, Type.NODE, 0);
        else if (text.startsWith(".")) put(lexeme, Type.PROPERTY, 0);
    }

    private Type type(Occurrence name) {
        return switch (name.symbol().space()) {
            case CIRCUIT -> Type.CIRCUIT;
            case METRIC -> Type.METRIC;
            case TASK -> Type.TASK;
            case COLUMN -> Type.PROPERTY;
            case VARIABLE ->
                switch (form(name)) {
                    case FUNCTION -> Type.FUNCTION;
                    case PARAMETER -> Type.PARAMETER;
                    default -> Type.VARIABLE;
                };
        };
    }

    private Occurrence.Form form(Occurrence name) {
        return name.definition()
                .or(() -> names.definition(name.symbol(), name.span().start()).flatMap(Occurrence::definition))
                .map(Occurrence.Definition::form)
                .orElse(name.symbol().scope().equals(Symbol.GLOBAL) ? Occurrence.Form.LET : Occurrence.Form.PARAMETER);
    }

    private int modifiers(Occurrence name) {
        int defines = name.defines() ? DEFINITION : 0;
        return form(name) == Occurrence.Form.PARAM ? defines | READ_ONLY : defines;
    }

    private void put(Lexeme lexeme, Type type, int modifiers) {
        put(lexeme.start(), lexeme.end(), type, modifiers);
    }

    private void put(int start, int end, Type type, int modifiers) {
        if (end <= start) return;
        int line = document.source().line(start);
        boolean sameLine = line == lastLine;
        // From the token before, since a line may be long.
        int from = sameLine ? lastStart : document.source().lineStart(line);
        data.add(line - lastLine);
        data.add(document.positions().length(from, start));
        data.add(document.positions().length(start, end));
        data.add(type.ordinal());
        data.add(modifiers);
        lastLine = line;
        lastStart = start;
    }
}
