package io.circuitscript.syntax;

import io.circuitscript.source.Diagnostic;
import io.circuitscript.source.ErrorCode;
import io.circuitscript.source.Source;
import io.circuitscript.source.Span;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * The result of parsing a text: its statements and its mistakes.
 *
 * @param incomplete whether more text could make it right: an unmatched bracket, or an end after an operator
 * @param unsureNames names that statements with mistakes would have defined: no reader should call them unknown
 */
public record Parsed(
        Source source,
        List<Statement> statements,
        List<Diagnostic> diagnostics,
        boolean incomplete,
        Set<String> unsureNames) {
    public Parsed {
        statements = List.copyOf(statements);
        diagnostics = List.copyOf(diagnostics);
        unsureNames = Set.copyOf(unsureNames);
    }

    /** The stretches that could not be read: each from the end of the statement before to the next one, and the whole line of the mistake. */
    public List<Span> lost() {
        List<Span> lost = new ArrayList<>();
        for (Diagnostic diagnostic : diagnostics) {
            if (!diagnostic.isError() || diagnostic.code() == ErrorCode.UNKNOWN_STATEMENT) continue;
            int at = diagnostic.span().start();
            int start = statements.stream()
                    .mapToInt(s -> s.span().end())
                    .filter(end -> end <= at)
                    .max()
                    .orElse(0);
            int next = statements.stream()
                    .mapToInt(s -> s.span().start())
                    .filter(begin -> begin >= at)
                    .min()
                    .orElse(source.length());
            int line = source.lineStart(diagnostic.span().line());
            String text = source.lineText(diagnostic.span().line());
            lost.add(new Span(
                    source, Math.min(start, line), Math.max(next, line + text.codePointCount(0, text.length()))));
        }
        return lost;
    }

    public boolean hasErrors() {
        return diagnostics.stream().anyMatch(Diagnostic::isError);
    }
}
