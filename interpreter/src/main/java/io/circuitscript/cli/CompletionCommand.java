package io.circuitscript.cli;

import io.circuitscript.cli.console.ExitCode;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code circuit completion SHELL}. */
@Command(
        name = "completion",
        description = "print a completion script for bash, zsh or fish",
        customSynopsis = {
            "circuit completion bash|zsh|fish",
            "",
            "  bash   circuit completion bash \\",
            "           > ~/.local/share/bash-completion/completions/circuit",
            "  zsh    in ~/.zshrc, after compinit: source <(circuit completion zsh)",
            "  fish   circuit completion fish > ~/.config/fish/completions/circuit.fish"
        },
        sortOptions = false)
final class CompletionCommand implements WithoutScript {
    private final Invocation invocation;

    @Parameters(
            paramLabel = "SHELL",
            description = "bash, zsh or fish",
            completionCandidates = CompletionScript.Shells.class)
    private String shell;

    @Spec
    private CommandSpec spec;

    CompletionCommand(Invocation invocation) {
        this.invocation = invocation;
    }

    @Override
    public Integer call() {
        Optional<String> script = CompletionScript.of(shell, spec.root().commandLine());
        if (script.isEmpty())
            return invocation.messages().usage("there is no completion for " + shell, "shells are bash, zsh and fish");
        invocation.environment().out().exact().print(script.get());
        return ExitCode.OK;
    }
}
