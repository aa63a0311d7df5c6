package io.circuitscript.editor.feature;

import io.circuitscript.editor.document.Document;
import io.circuitscript.editor.document.Locations;
import io.circuitscript.editor.names.Occurrence;
import io.circuitscript.editor.names.Scripts;
import io.circuitscript.editor.names.Symbol;
import io.circuitscript.runtime.metric.MetricSource;
import io.circuitscript.runtime.metric.StandardLibrary;
import io.circuitscript.runtime.metric.TaskSource;
import io.circuitscript.source.Span;
import io.circuitscript.syntax.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.eclipse.lsp4j.DocumentHighlight;
import org.eclipse.lsp4j.DocumentHighlightKind;
import org.eclipse.lsp4j.Location;
import org.eclipse.lsp4j.Position;
import org.eclipse.lsp4j.Range;

/** Where a name is defined and used. */
public final class Places {
    private final Scripts scripts;
    private final Locations locations;

    public Places(Scripts scripts, Locations locations) {
        this.scripts = scripts;
        this.locations = locations;
    }

    /** Where the name at an offset is defined; of an import, the file. */
    public List<Location> definition(int offset) {
        Optional<Location> file = importedAt(offset);
        if (file.isPresent()) return List.of(file.get());
        Optional<Occurrence> name = scripts.names().at(offset);
        if (name.isEmpty()) return List.of();
        Symbol symbol = name.get().symbol();
        Optional<Location> own =
                scripts.definition(symbol, name.get().span().start()).flatMap(it -> location(it.span()));
        return own.or(() -> standard(symbol)).map(List::of).orElse(List.of());
    }

    private Optional<Location> importedAt(int offset) {
        Document document = scripts.document();
        return scripts.imported().stream()
                .filter(it -> it.path().source() == document.source()
                        && it.path().start() <= offset
                        && offset <= it.path().end())
                .findFirst()
                .flatMap(it -> locations.uri(it.key()))
                .map(uri -> new Location(uri, new Range(new Position(0, 0), new Position(0, 0))));
    }

    private Optional<Location> standard(Symbol symbol) {
        Statement.Name name = switch (symbol.space()) {
            case TASK -> {
                TaskSource task = StandardLibrary.get().tasks().get(symbol.name());
                yield task == null ? null : task.definition().name();
            }
            case METRIC -> {
                MetricSource metric = StandardLibrary.get().metrics().get(symbol.name());
                yield metric == null ? null : metric.definition().name();
            }
            case VARIABLE, COLUMN, CIRCUIT -> null;
        };
        return Optional.ofNullable(name).flatMap(it -> locations.standard(it.span()));
    }

    private Optional<Location> location(Span span) {
        return locations.of(span, scripts.document(), scripts.imported());
    }

    /** Where what is named at an offset is named as well. @param others the names of other documents */
    public List<Location> references(int offset, boolean definitions, List<Scripts> others) {
        Optional<Occurrence> name = scripts.names().at(offset);
        if (name.isEmpty()) return List.of();
        Symbol symbol = name.get().symbol();
        List<Location> found = new ArrayList<>();
        add(scripts, symbol, definitions, found);
        for (Scripts other : scripts.sharing(symbol, others)) add(other, symbol, definitions, found);
        return found.stream().distinct().toList();
    }

    private void add(Scripts from, Symbol symbol, boolean definitions, List<Location> found) {
        for (Scripts.File file : from.files())
            for (Occurrence it : file.names().of(symbol))
                if (definitions || !it.defines())
                    locations.of(it.span(), from.document(), from.imported()).ifPresent(found::add);
    }

    /** What means the same as the name at an offset, in this document. */
    public List<DocumentHighlight> highlights(int offset) {
        return scripts.names().at(offset).stream()
                .flatMap(name -> scripts.names().of(name.symbol()).stream())
                .map(it -> new DocumentHighlight(
                        scripts.document().positions().range(it.span()),
                        it.defines() ? DocumentHighlightKind.Write : DocumentHighlightKind.Read))
                .toList();
    }
}
