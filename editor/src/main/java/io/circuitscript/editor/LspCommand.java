package io.circuitscript.editor;

import io.circuitscript.cli.console.ProcessEnvironment;
import io.circuitscript.cli.console.RunFlags;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code circuit lsp}. */
@Command(
        name = "lsp",
        description = "run the language server, which editors start and talk to",
        customSynopsis = "circuit lsp",
        footerHeading = "%n",
        footer = {
            "An editor starts this command by itself and talks to it over standard input",
            "and output, by the Language Server Protocol. It checks scripts while they are",
            "written. It loads no model, downloads nothing and writes nothing.",
            "docs/editor.md says how to set up VS Code, Vim, Neovim and other editors."
        },
        sortOptions = false)
final class LspCommand implements Callable<Integer> {
    private final ProcessEnvironment environment;
    private final RunFlags flags;

    @Option(names = "--stdio", description = "use standard input and output, as it always does; editors add it")
    private boolean stdio;

    @Option(names = "--clientProcessId", paramLabel = "N", description = "end when this process does; editors add it")
    private Long client;

    LspCommand(ProcessEnvironment environment, RunFlags flags) {
        this.environment = environment;
        this.flags = flags;
    }

    @Override
    public Integer call() {
        return new ServerRun(environment, flags.variables(environment)).run(client);
    }
}
