package io.circuitscript.editor;

import io.circuitscript.cli.ModuleCommands;
import io.circuitscript.cli.console.ProcessEnvironment;
import io.circuitscript.cli.console.RunFlags;
import java.util.List;

/** {@code circuit lsp}. */
public final class EditorCommands implements ModuleCommands {
    @Override
    public List<Object> of(ProcessEnvironment environment, RunFlags flags) {
        return List.of(new LspCommand(environment, flags));
    }
}
