package io.circuitscript.editor.feature;

import io.circuitscript.editor.document.Document;
import io.circuitscript.runtime.evaluate.InnerStatements;
import io.circuitscript.source.Span;
import io.circuitscript.syntax.Statement;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.eclipse.lsp4j.DocumentSymbol;
import org.eclipse.lsp4j.Location;
import org.eclipse.lsp4j.Range;
import org.eclipse.lsp4j.SymbolKind;
import org.eclipse.lsp4j.WorkspaceSymbol;
import org.eclipse.lsp4j.jsonrpc.messages.Either;

/** What a script defines: variables, functions, tasks, metrics, circuits. */
public final class Outline {
    private final Document document;
    private final Set<String> variables = new HashSet<>();

    private Outline(Document document) {
        this.document = document;
    }

    public static List<DocumentSymbol> of(Document document) {
        return new Outline(document).symbols(document.parsed().statements());
    }

    /** What is defined by names that hold a text. */
    public static List<WorkspaceSymbol> found(Document document, String query) {
        List<WorkspaceSymbol> found = new ArrayList<>();
        for (DocumentSymbol symbol : of(document)) {
            if (!symbol.getName().toLowerCase(Locale.ROOT).contains(query.toLowerCase(Locale.ROOT))) continue;
            Location location = new Location(document.uri(), symbol.getSelectionRange());
            found.add(new WorkspaceSymbol(symbol.getName(), symbol.getKind(), Either.forLeft(location)));
        }
        return found;
    }

    private List<DocumentSymbol> symbols(List<Statement> statements) {
        List<DocumentSymbol> found = new ArrayList<>();
        for (Statement statement : statements) {
            add(statement, found);
            found.addAll(symbols(InnerStatements.of(statement)));
        }
        return found;
    }

    private void add(Statement statement, List<DocumentSymbol> found) {
        switch (statement) {
            case Statement.Let let -> {
                // Only where it is set first: a variable that grows in a loop is one entry.
                if (variables.add(let.name().text()))
                    found.add(symbol(let.name(), SymbolKind.Variable, "", let.span(), List.of()));
            }
            case Statement.Param param ->
                found.add(symbol(param.name(), SymbolKind.Constant, "param", param.span(), List.of()));
            case Statement.Def def -> {
                String parameters = def.parameters().stream()
                        .map(it -> it.name().text())
                        .collect(Collectors.joining(", ", "(", ")"));
                found.add(symbol(def.name(), SymbolKind.Function, parameters, def.span(), List.of()));
            }
            case Statement.CircuitDefinition circuit ->
                found.add(symbol(circuit.name(), SymbolKind.Class, "circuit", circuit.span(), List.of()));
            case Statement.MetricDefinition metric ->
                found.add(symbol(
                        metric.name(), SymbolKind.Method, metric.loss() ? "loss" : "metric", metric.span(), List.of()));
            case Statement.TaskDefinition task ->
                found.add(symbol(
                        task.name(),
                        SymbolKind.Module,
                        "task",
                        task.span(),
                        new Outline(document).symbols(task.body().statements())));
            case Statement.GenerateData data ->
                data.columns()
                        .forEach(it -> found.add(symbol(it.name(), SymbolKind.Field, "column", it.span(), List.of())));
            default -> {}
        }
    }

    private DocumentSymbol symbol(
            Statement.Name name, SymbolKind kind, String detail, Span whole, List<DocumentSymbol> children) {
        Range range = document.positions().range(whole.to(name.span()));
        return new DocumentSymbol(
                name.text().isEmpty() ? "?" : name.text(),
                kind,
                range,
                document.positions().range(name.span()),
                detail,
                children);
    }
}
