package io.circuitscript.editor;

import io.circuitscript.editor.document.Analysis;
import io.circuitscript.editor.document.Document;
import io.circuitscript.editor.document.Documents;
import io.circuitscript.editor.document.Locations;
import io.circuitscript.editor.feature.CodeLenses;
import io.circuitscript.editor.feature.Completion;
import io.circuitscript.editor.feature.Diagnostics;
import io.circuitscript.editor.feature.Folding;
import io.circuitscript.editor.feature.Formatting;
import io.circuitscript.editor.feature.Hovering;
import io.circuitscript.editor.feature.Outline;
import io.circuitscript.editor.feature.Places;
import io.circuitscript.editor.feature.QuickFixes;
import io.circuitscript.editor.feature.Renaming;
import io.circuitscript.editor.feature.SemanticColors;
import io.circuitscript.editor.feature.Signatures;
import io.circuitscript.editor.names.Neighbours;
import io.circuitscript.editor.names.Scripts;
import io.circuitscript.engine.CancelToken;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;
import java.util.function.Supplier;
import org.eclipse.lsp4j.CodeAction;
import org.eclipse.lsp4j.CodeActionParams;
import org.eclipse.lsp4j.CodeLens;
import org.eclipse.lsp4j.CodeLensParams;
import org.eclipse.lsp4j.Command;
import org.eclipse.lsp4j.CompletionItem;
import org.eclipse.lsp4j.CompletionList;
import org.eclipse.lsp4j.CompletionParams;
import org.eclipse.lsp4j.DefinitionParams;
import org.eclipse.lsp4j.DidChangeTextDocumentParams;
import org.eclipse.lsp4j.DidCloseTextDocumentParams;
import org.eclipse.lsp4j.DidOpenTextDocumentParams;
import org.eclipse.lsp4j.DidSaveTextDocumentParams;
import org.eclipse.lsp4j.DocumentFormattingParams;
import org.eclipse.lsp4j.DocumentHighlight;
import org.eclipse.lsp4j.DocumentHighlightParams;
import org.eclipse.lsp4j.DocumentRangeFormattingParams;
import org.eclipse.lsp4j.DocumentSymbol;
import org.eclipse.lsp4j.DocumentSymbolParams;
import org.eclipse.lsp4j.FoldingRange;
import org.eclipse.lsp4j.FoldingRangeRequestParams;
import org.eclipse.lsp4j.Hover;
import org.eclipse.lsp4j.HoverParams;
import org.eclipse.lsp4j.Location;
import org.eclipse.lsp4j.LocationLink;
import org.eclipse.lsp4j.PrepareRenameDefaultBehavior;
import org.eclipse.lsp4j.PrepareRenameParams;
import org.eclipse.lsp4j.PrepareRenameResult;
import org.eclipse.lsp4j.Range;
import org.eclipse.lsp4j.ReferenceParams;
import org.eclipse.lsp4j.RenameParams;
import org.eclipse.lsp4j.SemanticTokens;
import org.eclipse.lsp4j.SemanticTokensParams;
import org.eclipse.lsp4j.SemanticTokensRangeParams;
import org.eclipse.lsp4j.SignatureHelp;
import org.eclipse.lsp4j.SignatureHelpParams;
import org.eclipse.lsp4j.SymbolInformation;
import org.eclipse.lsp4j.TextDocumentIdentifier;
import org.eclipse.lsp4j.TextDocumentItem;
import org.eclipse.lsp4j.TextEdit;
import org.eclipse.lsp4j.WorkspaceEdit;
import org.eclipse.lsp4j.WorkspaceSymbol;
import org.eclipse.lsp4j.jsonrpc.CompletableFutures;
import org.eclipse.lsp4j.jsonrpc.ResponseErrorException;
import org.eclipse.lsp4j.jsonrpc.messages.Either;
import org.eclipse.lsp4j.jsonrpc.messages.Either3;
import org.eclipse.lsp4j.jsonrpc.messages.ResponseError;
import org.eclipse.lsp4j.jsonrpc.messages.ResponseErrorCode;
import org.eclipse.lsp4j.services.LanguageClient;
import org.eclipse.lsp4j.services.TextDocumentService;

/** Takes in the scripts that are open in the editor, and answers what it asks of them. Each answer is about the text as it was when it was asked for. */
final class ScriptService implements TextDocumentService {
    private static final String WARM_UP = """
            load demo
            task ioi limit=4
            let r = evaluate on=test
            for x in [1, 2] { print "{x}", r.faithfulness }
            ablate m0->""";

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

    /** Does once, for nobody, what the first answers need: Java is slow at what it does for the first time. */
    void warmUp() {
        answers.execute(() -> {
            Document document = new Document(Locations.SCHEME + "/warm-up", 0, WARM_UP, locations.unit());
            int offset = document.source().length();
            analysis.check(document, new CancelToken());
            analysis.forget(document.uri());
            Completion.of(document, offset, analysis.before(document, offset));
            new Hovering(document, analysis).at(0);
            colors(document, 0, offset);
        });
    }

    void stop() {
        checks.stop();
        answers.shutdownNow();
    }

    /** Files have changed that scripts may read. */
    void checkAll() {
        documents.touch();
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
        checkAll();
    }

    /** Answers about the text as it is now. @param otherwise what is answered where it is not open */
    private <T> CompletableFuture<T> answer(TextDocumentIdentifier id, T otherwise, Function<Document, T> work) {
        if (answers.isShutdown())
            throw new ResponseErrorException(
                    new ResponseError(ResponseErrorCode.InvalidRequest, "the server was asked to shut down", null));
        Optional<Document> document = documents.find(id.getUri());
        if (document.isEmpty()) return CompletableFuture.completedFuture(otherwise);
        return CompletableFutures.computeAsync(answers, cancelled -> {
            cancelled.checkCanceled();
            return work.apply(document.get());
        });
    }

    @Override
    public CompletableFuture<Either<List<CompletionItem>, CompletionList>> completion(CompletionParams params) {
        return answer(params.getTextDocument(), Either.forRight(new CompletionList()), document -> {
            int offset = document.offset(params.getPosition());
            return Either.forRight(Completion.of(document, offset, analysis.before(document, offset)));
        });
    }

    @Override
    public CompletableFuture<CompletionItem> resolveCompletionItem(CompletionItem item) {
        return CompletableFutures.computeAsync(answers, cancelled -> Completion.resolved(item, analysis.pages()));
    }

    @Override
    public CompletableFuture<SignatureHelp> signatureHelp(SignatureHelpParams params) {
        return answer(params.getTextDocument(), null, document -> {
            int offset = document.offset(params.getPosition());
            return Signatures.at(document, offset, analysis.before(document, offset))
                    .orElse(null);
        });
    }

    private Places places(Document document) {
        return new Places(Scripts.of(document, analysis), locations);
    }

    /** The other scripts that may name what is named at an offset. */
    private List<Scripts> neighbours(Document document, int offset) {
        return Scripts.of(document, analysis).names().at(offset).stream()
                .flatMap(it -> new Neighbours(documents, analysis, locations.unit()).of(document, it.symbol()).stream())
                .toList();
    }

    @Override
    public CompletableFuture<Either<List<? extends Location>, List<? extends LocationLink>>> definition(
            DefinitionParams params) {
        return answer(
                params.getTextDocument(),
                Either.forLeft(List.of()),
                document -> Either.forLeft(places(document).definition(document.offset(params.getPosition()))));
    }

    @Override
    public CompletableFuture<List<? extends Location>> references(ReferenceParams params) {
        boolean definitions = params.getContext() == null || params.getContext().isIncludeDeclaration();
        return answer(params.getTextDocument(), List.of(), document -> {
            int offset = document.offset(params.getPosition());
            return places(document).references(offset, definitions, neighbours(document, offset));
        });
    }

    @Override
    public CompletableFuture<List<? extends DocumentHighlight>> documentHighlight(DocumentHighlightParams params) {
        return answer(
                params.getTextDocument(),
                List.of(),
                document -> places(document).highlights(document.offset(params.getPosition())));
    }

    @Override
    public CompletableFuture<Either3<Range, PrepareRenameResult, PrepareRenameDefaultBehavior>> prepareRename(
            PrepareRenameParams params) {
        return answer(
                params.getTextDocument(),
                null,
                document -> unlessRefused(() -> Either3.forSecond(
                        renaming(document, List.of()).prepare(document.offset(params.getPosition())))));
    }

    @Override
    public CompletableFuture<WorkspaceEdit> rename(RenameParams params) {
        return answer(
                params.getTextDocument(),
                null,
                document -> unlessRefused(() -> {
                    int offset = document.offset(params.getPosition());
                    return renaming(document, neighbours(document, offset)).rename(offset, params.getNewName());
                }));
    }

    private Renaming renaming(Document document, List<Scripts> others) {
        return new Renaming(Scripts.of(document, analysis), others, locations, analysis);
    }

    private static <T> T unlessRefused(Supplier<T> work) {
        try {
            return work.get();
        } catch (Renaming.Refused refused) {
            throw new ResponseErrorException(
                    new ResponseError(ResponseErrorCode.RequestFailed, refused.getMessage(), null));
        }
    }

    @Override
    public CompletableFuture<List<Either<SymbolInformation, DocumentSymbol>>> documentSymbol(
            DocumentSymbolParams params) {
        return answer(
                params.getTextDocument(),
                List.of(),
                document -> Outline.of(document).stream()
                        .<Either<SymbolInformation, DocumentSymbol>>map(Either::forRight)
                        .toList());
    }

    /** The definitions of the open scripts. */
    CompletableFuture<List<WorkspaceSymbol>> symbols(String query) {
        return CompletableFutures.computeAsync(
                answers,
                cancelled -> documents.all().stream()
                        .flatMap(document -> Outline.found(document, query).stream())
                        .toList());
    }

    @Override
    public CompletableFuture<List<FoldingRange>> foldingRange(FoldingRangeRequestParams params) {
        return answer(params.getTextDocument(), List.of(), Folding::of);
    }

    @Override
    public CompletableFuture<List<? extends TextEdit>> formatting(DocumentFormattingParams params) {
        return answer(params.getTextDocument(), List.of(), Formatting::of);
    }

    @Override
    public CompletableFuture<List<? extends TextEdit>> rangeFormatting(DocumentRangeFormattingParams params) {
        return answer(params.getTextDocument(), List.of(), document -> Formatting.of(document, params.getRange()));
    }

    @Override
    public CompletableFuture<List<? extends CodeLens>> codeLens(CodeLensParams params) {
        return answer(params.getTextDocument(), List.of(), CodeLenses::of);
    }

    @Override
    public CompletableFuture<List<Either<Command, CodeAction>>> codeAction(CodeActionParams params) {
        if (!QuickFixes.wanted(params.getContext())) return CompletableFuture.completedFuture(List.of());
        return answer(
                params.getTextDocument(),
                List.of(),
                document -> QuickFixes.of(document, params.getRange(), analysis, new Diagnostics(locations)));
    }

    @Override
    public CompletableFuture<SemanticTokens> semanticTokensFull(SemanticTokensParams params) {
        return answer(
                params.getTextDocument(),
                new SemanticTokens(List.of()),
                document -> colors(document, 0, document.source().length()));
    }

    @Override
    public CompletableFuture<SemanticTokens> semanticTokensRange(SemanticTokensRangeParams params) {
        return answer(
                params.getTextDocument(),
                new SemanticTokens(List.of()),
                document -> colors(
                        document,
                        document.offset(params.getRange().getStart()),
                        document.offset(params.getRange().getEnd())));
    }

    private SemanticTokens colors(Document document, int from, int to) {
        return SemanticColors.of(document, Scripts.of(document, analysis).names(), from, to);
    }

    @Override
    public CompletableFuture<Hover> hover(HoverParams params) {
        return answer(params.getTextDocument(), null, document -> {
            int offset = document.offset(params.getPosition());
            return new Hovering(document, analysis).at(offset).orElse(null);
        });
    }
}
