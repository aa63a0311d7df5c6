package io.circuitscript.editor.names;

import io.circuitscript.editor.document.Analysis;
import io.circuitscript.editor.document.Document;
import io.circuitscript.runtime.Examiner;
import io.circuitscript.runtime.evaluate.Declaration;
import io.circuitscript.syntax.Parsed;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;

/** The names of a document and of the files that it imports, which share one scope. */
public final class Scripts {
    /**
     * A file, with its names.
     *
     * @param key its path, or its name in the standard library; empty for the document itself
     */
    public record File(String key, Parsed parsed, Names names) {}

    private final Document document;
    private final List<Examiner.Imported> imported;
    private final List<File> files;

    private Scripts(Document document, List<Examiner.Imported> imported, List<File> files) {
        this.document = document;
        this.imported = List.copyOf(imported);
        this.files = List.copyOf(files);
    }

    public static Scripts of(Document document, Analysis analysis) {
        List<Examiner.Imported> imported = analysis.imports(document);
        Function<String, Optional<Declaration>> declarations = analysis::declaration;
        Map<String, Parsed> parsed = new HashMap<>();
        List<String> keys = new ArrayList<>(List.of(""));
        parsed.put("", document.parsed());
        for (Examiner.Imported file : imported)
            if (parsed.putIfAbsent(file.key(), file.file()) == null) keys.add(file.key());
        Map<String, Set<Symbol>> global = new HashMap<>();
        if (keys.size() > 1)
            parsed.forEach(
                    (key, file) -> global.put(key, Names.of(file, declarations).global()));
        List<File> files = new ArrayList<>();
        for (String key : keys) {
            Set<Symbol> others = new HashSet<>();
            global.forEach((other, symbols) -> {
                if (!other.equals(key)) others.addAll(symbols);
            });
            files.add(new File(key, parsed.get(key), Names.of(parsed.get(key), declarations, others)));
        }
        return new Scripts(document, imported, files);
    }

    public Document document() {
        return document;
    }

    /** What the document imports, directly or not. */
    public List<Examiner.Imported> imported() {
        return imported;
    }

    /** The document's. */
    public Names names() {
        return files.getFirst().names();
    }

    /** The document first, then what it imports. */
    public List<File> files() {
        return files;
    }

    /** Those of some other scripts in which the name means the same as here: they read a file that names it here as well. */
    public List<Scripts> sharing(Symbol symbol, List<Scripts> others) {
        if (!symbol.isGlobal() && !symbol.isOfFunction()) return List.of();
        List<String> homes = files.stream()
                .filter(it -> !it.names().of(symbol).isEmpty())
                .flatMap(
                        it -> it.key().isEmpty() ? document.file().map(Object::toString).stream() : Stream.of(it.key()))
                .toList();
        return others.stream()
                .filter(other -> other.keys().anyMatch(homes::contains))
                .toList();
    }

    private Stream<String> keys() {
        return Stream.concat(
                document.file().map(Object::toString).stream(),
                imported.stream().map(Examiner.Imported::key));
    }

    /** Where a name got its meaning: in the document, or else in a file that it imports. */
    public Optional<Occurrence> definition(Symbol symbol, int offset) {
        Optional<Occurrence> own = names().definition(symbol, offset);
        return own.or(() -> files.subList(1, files.size()).reversed().stream()
                .flatMap(it -> it.names().definition(symbol, Integer.MAX_VALUE).stream())
                .findFirst());
    }
}
