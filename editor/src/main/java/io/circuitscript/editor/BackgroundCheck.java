package io.circuitscript.editor;

import io.circuitscript.editor.document.Analysis;
import io.circuitscript.editor.document.Document;
import io.circuitscript.editor.document.Documents;
import io.circuitscript.editor.feature.Diagnostics;
import io.circuitscript.engine.CancelToken;
import io.circuitscript.runtime.Examiner;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.eclipse.lsp4j.PublishDiagnosticsParams;
import org.eclipse.lsp4j.services.LanguageClient;

/** Checks scripts a moment after they changed, one at a time, and shows what is wrong. A check of an older text is given up. */
final class BackgroundCheck {
    /** How long nothing must change before a script is checked, in milliseconds. */
    private static final long PAUSE = 150;

    private final Documents documents;
    private final Analysis analysis;
    private final Diagnostics diagnostics;
    private final EditorLog log;
    private final ScheduledExecutorService worker = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("lsp-check").factory());
    private volatile LanguageClient client;

    /** What is to be checked, or is being checked, by URI. */
    private final Map<String, Planned> planned = new HashMap<>();

    /** The files that a document imports, by its URI, as its last check found. */
    private final Map<String, Set<Path>> imports = new HashMap<>();

    private record Planned(CancelToken cancel, Future<?> work) {}

    BackgroundCheck(Documents documents, Analysis analysis, Diagnostics diagnostics, EditorLog log) {
        this.documents = documents;
        this.analysis = analysis;
        this.diagnostics = diagnostics;
        this.log = log;
    }

    void connect(LanguageClient editor) {
        client = editor;
    }

    void stop() {
        worker.shutdownNow();
        synchronized (planned) {
            planned.values().forEach(it -> it.cancel().cancel());
        }
    }

    /** The document, and those that import it, have to be checked. */
    void changed(Document document) {
        plan(document.uri());
        importing(document);
    }

    void closed(Document document) {
        synchronized (planned) {
            Planned old = planned.remove(document.uri());
            if (old != null) giveUp(old);
            imports.remove(document.uri());
        }
        analysis.forget(document.uri());
        client.publishDiagnostics(new PublishDiagnosticsParams(document.uri(), List.of()));
        importing(document);
    }

    void all() {
        documents.uris().forEach(this::plan);
    }

    private void importing(Document document) {
        Set<String> uris;
        synchronized (planned) {
            uris = imports.entrySet().stream()
                    .filter(it ->
                            document.file().filter(it.getValue()::contains).isPresent())
                    .map(Map.Entry::getKey)
                    .filter(it -> !it.equals(document.uri()))
                    .collect(Collectors.toSet());
        }
        uris.forEach(this::plan);
    }

    private void plan(String uri) {
        CancelToken cancel = new CancelToken();
        synchronized (planned) {
            Planned old = planned.get(uri);
            if (old != null) giveUp(old);
            try {
                planned.put(
                        uri,
                        new Planned(cancel, worker.schedule(() -> check(uri, cancel), PAUSE, TimeUnit.MILLISECONDS)));
            } catch (RejectedExecutionException stopping) {
                planned.remove(uri);
            }
        }
    }

    private static void giveUp(Planned check) {
        check.cancel().cancel();
        check.work().cancel(false);
    }

    private void check(String uri, CancelToken cancel) {
        try {
            documents.find(uri).ifPresent(document -> show(document, cancel));
        } catch (RuntimeException | Error defect) {
            log.defect(defect);
        }
    }

    private void show(Document document, CancelToken cancel) {
        Examiner.Examined examined = analysis.latest(document).orElseGet(() -> analysis.check(document, cancel));
        var shown = diagnostics.of(document, examined);
        synchronized (planned) {
            Planned newest = planned.get(document.uri());
            if (newest == null || newest.cancel() != cancel) return; // the text has changed or is closed
            imports.put(document.uri(), files(examined));
            client.publishDiagnostics(new PublishDiagnosticsParams(document.uri(), shown, document.version()));
        }
    }

    private static Set<Path> files(Examiner.Examined examined) {
        return examined.imported().stream()
                .map(Examiner.Imported::key)
                .filter(key -> !key.startsWith("std/"))
                .map(Path::of)
                .collect(Collectors.toSet());
    }
}
