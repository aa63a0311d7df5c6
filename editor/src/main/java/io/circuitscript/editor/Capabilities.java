package io.circuitscript.editor;

import io.circuitscript.editor.document.Positions;
import io.circuitscript.editor.feature.Completion;
import org.eclipse.lsp4j.CompletionOptions;
import org.eclipse.lsp4j.SaveOptions;
import org.eclipse.lsp4j.ServerCapabilities;
import org.eclipse.lsp4j.TextDocumentSyncKind;
import org.eclipse.lsp4j.TextDocumentSyncOptions;

/** What the server can do, as it tells the editor. */
final class Capabilities {
    private Capabilities() {}

    static ServerCapabilities of(Positions.Unit unit) {
        ServerCapabilities all = new ServerCapabilities();
        all.setPositionEncoding(unit.kind());
        TextDocumentSyncOptions sync = new TextDocumentSyncOptions();
        sync.setOpenClose(true);
        sync.setChange(TextDocumentSyncKind.Incremental);
        sync.setSave(new SaveOptions(false));
        all.setTextDocumentSync(sync);
        all.setCompletionProvider(new CompletionOptions(true, Completion.TRIGGERS));
        all.setHoverProvider(true);
        return all;
    }
}
