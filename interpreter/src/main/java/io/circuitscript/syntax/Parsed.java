package io.circuitscript.syntax;

import io.circuitscript.source.Diagnostic;
import io.circuitscript.source.Source;
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

    public boolean hasErrors() {
        return diagnostics.stream().anyMatch(Diagnostic::isError);
    }
}
