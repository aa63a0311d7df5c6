package io.circuitscript.cli;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** The script that completes the command line in a shell, made from the commands' declarations. */
final class CompletionScript {
    private static final List<String> SHELLS = List.of("bash", "zsh", "fish");

    private CompletionScript() {}

    static final class Shells implements Iterable<String> {
        @Override
        public Iterator<String> iterator() {
            return SHELLS.iterator();
        }
    }

    /** The script for a shell, or nothing where that shell is not known. Zsh reads the one of bash. */
    static Optional<String> of(String shell, CommandLine circuit) {
        return switch (shell) {
            case "bash", "zsh" -> Optional.of(AutoComplete.bash("circuit", circuit));
            case "fish" -> Optional.of(fish(circuit.getCommandSpec()));
            default -> Optional.empty();
        };
    }

    private static String fish(CommandSpec circuit) {
        List<String> lines = new ArrayList<>();
        lines.add("# Completion of circuit for fish: put it into ~/.config/fish/completions/circuit.fish");
        options(circuit).forEach(option -> lines.add(option("", option)));
        circuit.subcommands().forEach((name, command) -> {
            CommandSpec spec = command.getCommandSpec();
            if (spec.usageMessage().hidden()) return;
            lines.add("complete -c circuit -n __fish_use_subcommand -f -a " + name + " -d "
                    + quoted(first(spec.usageMessage().description())));
            String here = " -n '__fish_seen_subcommand_from " + name + "'";
            options(spec).stream()
                    .filter(option -> !option.inherited())
                    .forEach(option -> lines.add(option(here, option)));
            for (PositionalParamSpec word : spec.positionalParameters()) {
                if (word.completionCandidates() != null)
                    lines.add("complete -c circuit" + here + " -f -a "
                            + quoted(String.join(" ", word.completionCandidates())));
            }
        });
        return String.join("\n", lines) + "\n";
    }

    private static List<OptionSpec> options(CommandSpec command) {
        return command.options().stream().filter(option -> !option.hidden()).toList();
    }

    private static String option(String condition, OptionSpec option) {
        StringBuilder line = new StringBuilder("complete -c circuit").append(condition);
        for (String name : option.names()) {
            if (name.startsWith("--")) line.append(" -l ").append(name.substring(2));
            else line.append(" -s ").append(name.substring(1));
        }
        if (option.arity().min() > 0) {
            line.append(
                    option.paramLabel().equals("FILE") || option.paramLabel().equals("DIR") ? " -r" : " -x");
            if (option.completionCandidates() != null)
                line.append(" -a ").append(quoted(String.join(" ", option.completionCandidates())));
        }
        return line.append(" -d ").append(quoted(first(option.description()))).toString();
    }

    private static String first(String[] description) {
        return description.length == 0 ? "" : description[0];
    }

    private static String quoted(String text) {
        return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'";
    }
}
