package io.circuitscript.syntax;

import io.circuitscript.source.Diagnostic;
import io.circuitscript.source.Source;
import java.util.List;

/**
 * What reading a text gave: its statements and what is wrong with it.
 *
 * @param incomplete whether more text could make it right: an unmatched bracket, or a first error at the very end
 */
public record Parsed(Source source, List<Statement> statements, List<Diagnostic> diagnostics, boolean incomplete) {
    public Parsed {
        statements = List.copyOf(statements);
        diagnostics = List.copyOf(diagnostics);
    }

    public boolean hasErrors() {
        return diagnostics.stream().anyMatch(Diagnostic::isError);
    }
}
