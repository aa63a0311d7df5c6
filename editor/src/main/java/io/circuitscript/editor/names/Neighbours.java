package io.circuitscript.editor.names;

import io.circuitscript.editor.document.Analysis;
import io.circuitscript.editor.document.Document;
import io.circuitscript.editor.document.Documents;
import io.circuitscript.editor.document.Positions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The scripts that may import another: those that are open, and those of the folder on the disk. */
public final class Neighbours {
    private static final String ENDING = ".circuit";
    private static final int DEEPEST = 6;
    private static final int MOST_ENTRIES = 5_000;
    private static final int MOST_SCRIPTS = 300;
    private static final long LONGEST = 1 << 20;

    private final Documents documents;
    private final Analysis analysis;
    private final Positions.Unit unit;

    public Neighbours(Documents documents, Analysis analysis, Positions.Unit unit) {
        this.documents = documents;
        this.analysis = analysis;
        this.unit = unit;
    }

    /** All but the document itself that may name a symbol of it. Of those on the disk, only such as import something. */
    public List<Scripts> of(Document document, Symbol symbol) {
        if (!symbol.isGlobal() && !symbol.isOfFunction()) return List.of();
        List<Scripts> all = new ArrayList<>();
        for (Document open : documents.all())
            if (!open.uri().equals(document.uri())) all.add(Scripts.of(open, analysis));
        if (document.file().isEmpty()) return all; // nobody can import it
        for (Path file : onDisk(document)) {
            if (document.file().get().equals(file) || documents.of(file).isPresent()) continue;
            read(file)
                    .filter(it -> it.contains("import") && it.contains(symbol.name()))
                    .ifPresent(text ->
                            all.add(Scripts.of(new Document(file.toUri().toString(), 0, text, unit), analysis)));
        }
        return all;
    }

    private List<Path> onDisk(Document document) {
        Path own = analysis.folder(document);
        Path root = own.startsWith(analysis.folder()) ? analysis.folder() : own;
        List<Path> found = new ArrayList<>();
        try (Stream<Path> entries = Files.walk(root, DEEPEST, new FileVisitOption[0])) {
            entries.limit(MOST_ENTRIES)
                    .filter(it -> it.toString().endsWith(ENDING) && Files.isRegularFile(it))
                    .limit(MOST_SCRIPTS)
                    .sorted()
                    .forEach(found::add);
        } catch (IOException | UncheckedIOException unreadable) {
            return found; // a folder in it that may not be read; what was found counts
        }
        return found;
    }

    private static Optional<String> read(Path file) {
        try {
            return Files.size(file) > LONGEST ? Optional.empty() : Optional.of(Files.readString(file));
        } catch (IOException unreadable) {
            return Optional.empty(); // it imports nothing that anybody can read
        }
    }
}
