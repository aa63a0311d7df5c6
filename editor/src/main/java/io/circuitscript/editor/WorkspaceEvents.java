package io.circuitscript.editor;

import org.eclipse.lsp4j.DidChangeConfigurationParams;
import org.eclipse.lsp4j.DidChangeWatchedFilesParams;
import org.eclipse.lsp4j.services.WorkspaceService;

/** What happens outside of the open scripts. */
final class WorkspaceEvents implements WorkspaceService {
    private final ScriptService scripts;

    WorkspaceEvents(ScriptService scripts) {
        this.scripts = scripts;
    }

    /** There is nothing to configure. */
    @Override
    public void didChangeConfiguration(DidChangeConfigurationParams params) {}

    /** Scripts may read what has changed. */
    @Override
    public void didChangeWatchedFiles(DidChangeWatchedFilesParams params) {
        scripts.checkAll();
    }
}
