package io.circuitscript.editor;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.eclipse.lsp4j.DidChangeConfigurationParams;
import org.eclipse.lsp4j.DidChangeWatchedFilesParams;
import org.eclipse.lsp4j.DidChangeWatchedFilesRegistrationOptions;
import org.eclipse.lsp4j.FileSystemWatcher;
import org.eclipse.lsp4j.Registration;
import org.eclipse.lsp4j.RegistrationParams;
import org.eclipse.lsp4j.SymbolInformation;
import org.eclipse.lsp4j.WorkspaceSymbol;
import org.eclipse.lsp4j.WorkspaceSymbolParams;
import org.eclipse.lsp4j.jsonrpc.messages.Either;
import org.eclipse.lsp4j.services.LanguageClient;
import org.eclipse.lsp4j.services.WorkspaceService;

/** What happens outside of the open scripts. */
final class WorkspaceEvents implements WorkspaceService {
    private final ScriptService scripts;

    WorkspaceEvents(ScriptService scripts) {
        this.scripts = scripts;
    }

    /** Asks the editor to tell of changes of the files that scripts read: other scripts, tables, configurations of models. */
    static void watch(LanguageClient client) {
        var options = new DidChangeWatchedFilesRegistrationOptions(
                List.of(new FileSystemWatcher(Either.forLeft("**/*.{circuit,csv,tsv,json,jsonl,parquet,gguf}"))));
        Registration files = new Registration("files", "workspace/didChangeWatchedFiles", options);
        client.registerCapability(new RegistrationParams(List.of(files)))
                .exceptionally(refused -> null); // then scripts are checked again when they change
    }

    /** There is nothing to configure. */
    @Override
    public void didChangeConfiguration(DidChangeConfigurationParams params) {}

    @Override
    public CompletableFuture<Either<List<? extends SymbolInformation>, List<? extends WorkspaceSymbol>>> symbol(
            WorkspaceSymbolParams params) {
        return scripts.symbols(params.getQuery()).thenApply(Either::forRight);
    }

    /** Scripts may read what has changed. */
    @Override
    public void didChangeWatchedFiles(DidChangeWatchedFilesParams params) {
        scripts.checkAll();
    }
}
