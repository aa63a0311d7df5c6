package io.circuitscript.notebook;

import io.circuitscript.cli.ModuleCommands;
import io.circuitscript.cli.console.ProcessEnvironment;
import io.circuitscript.cli.console.RunFlags;
import java.util.List;

/** {@code circuit jupyter}. */
public final class NotebookCommands implements ModuleCommands {
    @Override
    public List<Object> of(ProcessEnvironment environment, RunFlags flags) {
        return List.of(new JupyterCommand(environment, flags));
    }
}
