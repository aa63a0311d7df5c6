package io.circuitscript.editor;

import io.circuitscript.editor.document.Positions;
import io.circuitscript.editor.feature.Completion;
import io.circuitscript.editor.feature.SemanticColors;
import io.circuitscript.editor.feature.Signatures;
import java.util.List;
import org.eclipse.lsp4j.CodeActionKind;
import org.eclipse.lsp4j.CodeActionOptions;
import org.eclipse.lsp4j.CodeLensOptions;
import org.eclipse.lsp4j.CompletionOptions;
import org.eclipse.lsp4j.RenameOptions;
import org.eclipse.lsp4j.SaveOptions;
import org.eclipse.lsp4j.SemanticTokensWithRegistrationOptions;
import org.eclipse.lsp4j.ServerCapabilities;
import org.eclipse.lsp4j.SignatureHelpOptions;
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
        all.setSignatureHelpProvider(new SignatureHelpOptions(Signatures.TRIGGERS));
        all.setDefinitionProvider(true);
        all.setReferencesProvider(true);
        all.setDocumentHighlightProvider(true);
        all.setRenameProvider(new RenameOptions(true));
        all.setDocumentSymbolProvider(true);
        all.setWorkspaceSymbolProvider(true);
        all.setFoldingRangeProvider(true);
        all.setDocumentFormattingProvider(true);
        all.setDocumentRangeFormattingProvider(true);
        all.setCodeLensProvider(new CodeLensOptions(false));
        all.setCodeActionProvider(new CodeActionOptions(List.of(CodeActionKind.QuickFix)));
        all.setSemanticTokensProvider(new SemanticTokensWithRegistrationOptions(SemanticColors.LEGEND, true, true));
        return all;
    }
}
