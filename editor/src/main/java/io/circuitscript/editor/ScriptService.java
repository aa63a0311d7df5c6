package io.circuitscript.editor;

import io.circuitscript.editor.document.Analysis;
import io.circuitscript.editor.document.CheckedKnowledge;
import io.circuitscript.editor.document.Document;
import io.circuitscript.editor.document.Documents;
import io.circuitscript.editor.document.Locations;
import io.circuitscript.editor.feature.Completion;
import io.circuitscript.editor.feature.Diagnostics;
import io.circuitscript.editor.feature.Hovering;
import io.circuitscript.runtime.Examiner;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;
import org.eclipse.lsp4j.CompletionItem;
import org.eclipse.lsp4j.CompletionList;
import org.eclipse.lsp4j.CompletionParams;
import org.eclipse.lsp4j.DidChangeTextDocumentParams;
import org.eclipse.lsp4j.DidCloseTextDocumentParams;
import org.eclipse.lsp4j.DidOpenTextDocumentParams;
import org.eclipse.lsp4j.DidSaveTextDocumentParams;
import org.eclipse.lsp4j.Hover;
import org.eclipse.lsp4j.HoverParams;
import org.eclipse.lsp4j.TextDocumentIdentifier;
import org.eclipse.lsp4j.TextDocumentItem;
import org.eclipse.lsp4j.jsonrpc.CompletableFutures;
import org.eclipse.lsp4j.jsonrpc.messages.Either;
import org.eclipse.lsp4j.services.LanguageClient;
import org.eclipse.lsp4j.services.TextDocumentService;

/** Takes in the scripts that are open in the editor, and answers what it asks of them. Each answer is about the text as it was when it was asked for. */
final class ScriptService implements TextDocumentService {
    private final Documents documents;
    private final Analysis analysis;
    private final Locations locations;
    private final BackgroundCheck checks;
    private final ExecutorService answers = Executors.newSingleThreadExecutor(
            Thread.ofPlatform().daemon().name("lsp-answers").factory());

    ScriptService(Documents documents, Analysis analysis, Locations locations, EditorLog log) {
        this.documents = documents;
        this.analysis = analysis;
        this.locations = locations;
        this.checks = new BackgroundCheck(documents, analysis, new Diagnostics(locations), log);
    }

    void connect(LanguageClient client) {
        checks.connect(client);
    }

    void stop() {
        checks.stop();
        answers.shutdownNow();
    }

    void checkAll() {
        checks.all();
    }

    @Override
    public void didOpen(DidOpenTextDocumentParams params) {
        TextDocumentItem item = params.getTextDocument();
        Document document = new Document(item.getUri(), item.getVersion(), item.getText(), locations.unit());
        documents.put(document);
        checks.changed(document);
    }

    @Override
    public void didChange(DidChangeTextDocumentParams params) {
        String uri = params.getTextDocument().getUri();
        Integer version = params.getTextDocument().getVersion();
        documents.find(uri).ifPresent(document -> {
            Document next =
                    document.changed(version == null ? document.version() + 1 : version, params.getContentChanges());
            documents.put(next);
            checks.changed(next);
        });
    }

    @Override
    public void didClose(DidCloseTextDocumentParams params) {
        String uri = params.getTextDocument().getUri();
        Optional<Document> closed = documents.find(uri);
        documents.remove(uri);
        closed.ifPresent(checks::closed);
    }

    /** Files beside it may have been saved as well. */
    @Override
    public void didSave(DidSaveTextDocumentParams params) {
        checks.all();
    }

    /** Answers about the text as it is now. @param otherwise what is answered where it is not open */
    private <T> CompletableFuture<T> answer(TextDocumentIdentifier id, T otherwise, Function<Document, T> work) {
        Optional<Document> document = documents.find(id.getUri());
        if (document.isEmpty()) return CompletableFuture.completedFuture(otherwise);
        return CompletableFutures.computeAsync(answers, cancelled -> {
            cancelled.checkCanceled();
            return work.apply(document.get());
        });
    }

    private CheckedKnowledge before(Document document, int offset) {
        Examiner.Examined examined = analysis.at(document, offset);
        return analysis.knowledge(document, examined.before());
    }

    @Override
    public CompletableFuture<Either<List<CompletionItem>, CompletionList>> completion(CompletionParams params) {
        return answer(params.getTextDocument(), Either.forRight(new CompletionList()), document -> {
            int offset = document.offset(params.getPosition());
            return Either.forRight(Completion.of(document, offset, before(document, offset)));
        });
    }

    @Override
    public CompletableFuture<CompletionItem> resolveCompletionItem(CompletionItem item) {
        return CompletableFutures.computeAsync(answers, cancelled -> Completion.resolved(item, analysis.pages()));
    }

    @Override
    public CompletableFuture<Hover> hover(HoverParams params) {
        return answer(params.getTextDocument(), null, document -> {
            int offset = document.offset(params.getPosition());
            return new Hovering(document, analysis).at(offset).orElse(null);
        });
    }
}
