package io.circuitscript.editor;

import com.google.gson.JsonObject;
import io.circuitscript.cli.console.ProgramVersion;
import io.circuitscript.editor.document.Analysis;
import io.circuitscript.editor.document.Document;
import io.circuitscript.editor.document.Documents;
import io.circuitscript.editor.document.Locations;
import io.circuitscript.editor.document.Positions;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.eclipse.lsp4j.ClientCapabilities;
import org.eclipse.lsp4j.GeneralClientCapabilities;
import org.eclipse.lsp4j.InitializeParams;
import org.eclipse.lsp4j.InitializeResult;
import org.eclipse.lsp4j.InitializedParams;
import org.eclipse.lsp4j.ServerInfo;
import org.eclipse.lsp4j.SetTraceParams;
import org.eclipse.lsp4j.TextDocumentIdentifier;
import org.eclipse.lsp4j.WorkspaceFolder;
import org.eclipse.lsp4j.jsonrpc.ResponseErrorException;
import org.eclipse.lsp4j.jsonrpc.messages.ResponseError;
import org.eclipse.lsp4j.jsonrpc.messages.ResponseErrorCode;
import org.eclipse.lsp4j.jsonrpc.services.JsonRequest;
import org.eclipse.lsp4j.services.LanguageClient;
import org.eclipse.lsp4j.services.LanguageServer;
import org.eclipse.lsp4j.services.TextDocumentService;
import org.eclipse.lsp4j.services.WorkspaceService;

/** The language server: its beginning and its end. Scripts are {@link ScriptService}'s. */
public final class CircuitLanguageServer implements LanguageServer {
    private static final int ASKED = 0;
    private static final int UNASKED = 1;

    private final Documents documents = new Documents();
    private final Locations locations = new Locations(documents);
    private final Analysis analysis;
    private final EditorLog log = new EditorLog();
    private final ScriptService scripts;
    private final WorkspaceEvents workspace;
    private final CompletableFuture<Integer> end = new CompletableFuture<>();
    private volatile boolean shutDown;

    /** @param environment the process's variables */
    CircuitLanguageServer(Map<String, String> environment, Path folder) {
        analysis = new Analysis(documents, environment, folder);
        scripts = new ScriptService(documents, analysis, locations, log);
        workspace = new WorkspaceEvents(scripts);
    }

    void connect(LanguageClient client) {
        log.connect(client);
        scripts.connect(client);
    }

    @Override
    public CompletableFuture<InitializeResult> initialize(InitializeParams params) {
        if (params.getProcessId() != null) endWith(params.getProcessId());
        Positions.Unit unit = Positions.Unit.chosen(offered(params.getCapabilities()));
        locations.setUnit(unit);
        if (params.getInitializationOptions() instanceof JsonObject options)
            locations.setOwnTexts(options.has("virtualDocuments")
                    && options.get("virtualDocuments").isJsonPrimitive()
                    && options.get("virtualDocuments").getAsBoolean());
        folder(params).ifPresent(analysis::setFolder);
        InitializeResult result =
                new InitializeResult(Capabilities.of(unit), new ServerInfo("circuitscript", ProgramVersion.number()));
        return CompletableFuture.completedFuture(result);
    }

    @Override
    public void initialized(InitializedParams params) {
        scripts.warmUp();
    }

    private static List<String> offered(ClientCapabilities capabilities) {
        return Optional.ofNullable(capabilities)
                .map(ClientCapabilities::getGeneral)
                .map(GeneralClientCapabilities::getPositionEncodings)
                .orElse(List.of());
    }

    @SuppressWarnings("deprecation") // older editors say where they are in one of these two
    private static Optional<Path> folder(InitializeParams params) {
        Stream<String> folders = params.getWorkspaceFolders() == null
                ? Stream.of()
                : params.getWorkspaceFolders().stream().map(WorkspaceFolder::getUri);
        Optional<Path> root = Optional.ofNullable(params.getRootUri()).flatMap(Document::file);
        return folders.flatMap(it -> Document.file(it).stream()).findFirst().or(() -> root);
    }

    /** Ends the server when that process does: an editor that was killed asks for nothing any more. */
    void endWith(long process) {
        Optional<ProcessHandle> editor = ProcessHandle.of(process).filter(ProcessHandle::isAlive);
        if (editor.isEmpty()) disconnected();
        else editor.get().onExit().thenRun(this::disconnected);
    }

    @Override
    public CompletableFuture<Object> shutdown() {
        shutDown = true;
        scripts.stop();
        return CompletableFuture.completedFuture(null);
    }

    @Override
    public void exit() {
        disconnected();
    }

    /** Nothing comes any more. */
    void disconnected() {
        end.complete(shutDown ? ASKED : UNASKED);
    }

    /** @return the exit code */
    int awaitEnd() {
        int code = end.join();
        scripts.stop();
        return code;
    }

    /** What the editor is told of a request that failed; where it is a defect of ours, its log has the details. */
    ResponseError failed(Throwable thrown) {
        Throwable cause = thrown;
        while (cause.getCause() != null
                && (cause instanceof java.util.concurrent.CompletionException
                        || cause instanceof java.lang.reflect.InvocationTargetException
                        || cause.getClass() == RuntimeException.class)) cause = cause.getCause();
        if (cause instanceof ResponseErrorException known) return known.getResponseError();
        log.defect(cause);
        return new ResponseError(ResponseErrorCode.InternalError, "a defect in the language server: " + cause, null);
    }

    @Override
    public TextDocumentService getTextDocumentService() {
        return scripts;
    }

    @Override
    public WorkspaceService getWorkspaceService() {
        return workspace;
    }

    /** Nothing of the conversation is traced. */
    @Override
    public void setTrace(SetTraceParams params) {}

    /** The text of a document that is in no file: a script of the standard library, or the page of a mistake. */
    @JsonRequest("circuitscript/text")
    public CompletableFuture<String> text(TextDocumentIdentifier document) {
        return CompletableFuture.completedFuture(
                Optional.ofNullable(document.getUri()).flatMap(Locations::text).orElse(null));
    }
}
