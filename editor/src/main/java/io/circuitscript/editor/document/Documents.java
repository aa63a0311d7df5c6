package io.circuitscript.editor.document;

import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/** The texts that are open in the editor. Safe from any thread. */
public final class Documents {
    private final Map<String, Document> open = new ConcurrentHashMap<>();
    private final AtomicLong changes = new AtomicLong();

    /** Grows with each change: what was found before may not hold any more. */
    public long changes() {
        return changes.get();
    }

    /** Files on the disk have changed. */
    public void touch() {
        changes.incrementAndGet();
    }

    public void put(Document document) {
        changes.incrementAndGet();
        open.put(document.uri(), document);
    }

    public void remove(String uri) {
        changes.incrementAndGet();
        open.remove(uri);
    }

    public Optional<Document> find(String uri) {
        return Optional.ofNullable(open.get(uri));
    }

    /** The one that is saved as a file. */
    public Optional<Document> of(Path file) {
        return open.values().stream()
                .filter(it -> it.file().filter(file::equals).isPresent())
                .findFirst();
    }

    /** The text of a file as the editor shows it. */
    public Optional<String> text(Path file) {
        return of(file).map(it -> it.source().text());
    }

    /** By their URIs. */
    public Collection<Document> all() {
        return open.values().stream()
                .sorted(java.util.Comparator.comparing(Document::uri))
                .toList();
    }

    public List<String> uris() {
        return all().stream().map(Document::uri).toList();
    }
}
