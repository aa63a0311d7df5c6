package io.circuitscript.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code circuit completion SHELL}. */
@Command(
        name = "completion",
        description = "print a script by which a shell completes this command: bash, zsh or fish",
        customSynopsis = {
            "circuit completion bash|zsh|fish",
            "",
            "  bash   circuit completion bash > ~/.local/share/bash-completion/completions/circuit",
            "  zsh    in ~/.zshrc, after compinit: source <(circuit completion zsh)",
            "  fish   circuit completion fish > ~/.config/fish/completions/circuit.fish"
        },
        sortOptions = false)
final class CompletionCommand implements Callable<Integer> {
    private final CircuitCommand circuit;

    @Parameters(paramLabel = "SHELL", description = "bash, zsh or fish", completionCandidates = CompletionScript.Shells.class)
    private String shell;

    CompletionCommand(CircuitCommand circuit) {
        this.circuit = circuit;
    }

    @Override
    public Integer call() {
        return circuit.completion(shell);
    }
}
