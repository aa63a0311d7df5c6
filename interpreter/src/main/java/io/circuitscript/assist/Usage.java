package io.circuitscript.assist;

import io.circuitscript.runtime.evaluate.Declaration;
import io.circuitscript.runtime.functions.LanguageFunction;
import io.circuitscript.runtime.help.HelpText;
import io.circuitscript.runtime.value.Value;
import io.circuitscript.syntax.Lexeme;
import io.circuitscript.syntax.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * How the statement or the call around the cursor is written, with the part that is being written.
 *
 * @param text how it is written
 * @param doc what it does, or empty
 * @param parts what it takes, in the order of the text
 * @param active the part at the cursor, or -1
 */
public record Usage(String text, String doc, List<Part> parts, int active) {
    /**
     * What it takes.
     *
     * @param start, end where the text has it, in UTF-16 units
     * @param doc what it is, or empty
     */
    public record Part(int start, int end, String doc) {}

    public Usage {
        parts = List.copyOf(parts);
    }

    /** @param cursor in code points */
    public static Optional<Usage> at(String text, int cursor, SessionKnowledge knowledge) {
        CursorContext context = CursorContext.of(text, cursor);
        for (CursorContext.Frame frame : context.frames().reversed()) {
            if (frame.shape() == CursorContext.Shape.COMMENT) return Optional.empty();
            if (frame.shape() == CursorContext.Shape.STRING) continue;
            Optional<Usage> usage = call(context, frame, knowledge).or(() -> statement(frame, knowledge));
            if (usage.isPresent()) return usage;
        }
        return Optional.empty();
    }

    /** The statement around a place, by its word. @param cursor in code points */
    public static Optional<Declaration> statementAt(String text, int cursor, SessionKnowledge knowledge) {
        for (CursorContext.Frame frame : CursorContext.of(text, cursor).frames().reversed()) {
            Optional<Declaration> declared = declared(frame, knowledge);
            if (declared.isPresent()) return declared;
        }
        return Optional.empty();
    }

    /** The language's function around a place, by its word. @param cursor in code points */
    public static Optional<LanguageFunction> functionAt(String text, int cursor, SessionKnowledge knowledge) {
        CursorContext context = CursorContext.of(text, cursor);
        return FunctionSuggestions.function(context.frames(), context.frame(), knowledge);
    }

    private static Optional<Declaration> declared(CursorContext.Frame frame, SessionKnowledge knowledge) {
        List<Lexeme> pieces = TypedStatement.value(frame.pieces());
        return pieces.isEmpty()
                ? Optional.empty()
                : knowledge.declaration(pieces.getFirst().text());
    }

    private static Optional<Usage> statement(CursorContext.Frame frame, SessionKnowledge knowledge) {
        Optional<Declaration> declared = declared(frame, knowledge);
        if (declared.isEmpty()) return Optional.empty();
        Declaration declaration = declared.get();
        List<Lexeme> pieces = TypedStatement.value(frame.pieces());
        TypedStatement typed = TypedStatement.of(declaration, pieces.subList(1, pieces.size()));
        List<Declaration.Argument> arguments = HelpText.arguments(declaration);
        String text = HelpText.usage(declaration);
        List<Part> parts = new ArrayList<>();
        int from = declaration.word().length();
        for (Declaration.Argument argument : arguments) {
            String label = HelpText.label(argument, declaration);
            int start = text.indexOf(label, from);
            boolean option = declaration.options().contains(argument);
            int end = option ? text.indexOf(']', start) : start + label.length();
            parts.add(new Part(start, end, HelpText.meaning(argument)));
            from = end;
        }
        int active =
                typed.option().or(typed::positional).map(arguments::indexOf).orElse(-1);
        return Optional.of(new Usage(text, declaration.doc(), parts, active));
    }

    /** Of the function whose brackets a frame is. */
    private static Optional<Usage> call(CursorContext context, CursorContext.Frame frame, SessionKnowledge knowledge) {
        Optional<LanguageFunction> function = FunctionSuggestions.function(context.frames(), frame, knowledge);
        if (function.isPresent()) return Optional.of(of(function.get(), frame));
        return FunctionSuggestions.caller(context.frames(), frame)
                .map(word -> knowledge.variables().get(word))
                .filter(Value.Function.class::isInstance)
                .map(it -> of(((Value.Function) it).definition(), frame));
    }

    private static Usage of(LanguageFunction function, CursorContext.Frame frame) {
        String text = function.usage();
        int open = text.indexOf('(') + 1;
        int close = Math.max(open, text.lastIndexOf(')'));
        List<Part> parts = new ArrayList<>();
        int from = open;
        for (String written : split(text.substring(open, close))) {
            String doc = function.options().stream()
                    .filter(it -> written.startsWith(it.name() + "="))
                    .map(LanguageFunction.Option::doc)
                    .findFirst()
                    .orElse("");
            parts.add(new Part(from, from + written.length(), doc));
            from += written.length() + 2;
        }
        List<String> keys = parts.stream()
                .map(it -> text.substring(it.start(), it.end()))
                .map(it -> it.contains("=") ? it.substring(0, it.indexOf('=')) : "")
                .toList();
        return new Usage(text, function.doc(), parts, active(frame, keys));
    }

    private static List<String> split(String arguments) {
        return arguments.isEmpty() ? List.of() : List.of(arguments.split(", "));
    }

    private static Usage of(Statement.Def definition, CursorContext.Frame frame) {
        StringBuilder text = new StringBuilder(definition.name().text()).append('(');
        List<Part> parts = new ArrayList<>();
        for (Statement.Parameter parameter : definition.parameters()) {
            if (!parts.isEmpty()) text.append(", ");
            int start = text.length();
            text.append(parameter.span().text());
            parts.add(new Part(start, text.length(), ""));
        }
        List<String> keys =
                definition.parameters().stream().map(it -> it.name().text()).collect(Collectors.toList());
        return new Usage(text.append(')').toString(), "", parts, active(frame, keys));
    }

    /** By the key that was written, else by the commas before the cursor. */
    private static int active(CursorContext.Frame frame, List<String> keys) {
        List<Lexeme> pieces = frame.pieces();
        if (pieces.size() >= 2
                && pieces.get(1).kind() == Lexeme.Kind.ASSIGN
                && keys.contains(pieces.getFirst().text()))
            return keys.indexOf(pieces.getFirst().text());
        int commas = (int) frame.earlier().stream()
                .filter(it -> it.kind() == Lexeme.Kind.COMMA)
                .count();
        return commas < keys.size() ? commas : -1;
    }
}
