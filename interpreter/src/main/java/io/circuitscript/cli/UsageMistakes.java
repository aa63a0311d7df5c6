package io.circuitscript.cli;

import io.circuitscript.cli.console.ColorMode;
import io.circuitscript.cli.console.Messages;
import io.circuitscript.cli.console.ProcessEnvironment;
import io.circuitscript.cli.console.ProgressLine;
import io.circuitscript.source.Spelling;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.TypeConversionException;
import picocli.CommandLine.UnmatchedArgumentException;

/** Error messages for a wrong command line: one message, with the nearest option or command that exists. */
final class UsageMistakes implements IParameterExceptionHandler {
    private final ProcessEnvironment environment;

    UsageMistakes(ProcessEnvironment environment) {
        this.environment = environment;
    }

    @Override
    public int handleParseException(ParameterException mistake, String[] args) {
        Messages messages = new Messages(environment, colorOf(args), ProgressLine.NONE);
        CommandSpec command = mistake.getCommandLine().getCommandSpec();
        return switch (mistake) {
            case UnmatchedArgumentException unmatched ->
                unmatched(unmatched.getUnmatched().getFirst(), command, messages);
            case MissingParameterException missing -> missing(missing, command, messages);
            default -> conversion(mistake, messages);
        };
    }

    private static int unmatched(String word, CommandSpec command, Messages messages) {
        if (word.startsWith("-") && word.length() > 1) {
            String option = word.contains("=") ? word.substring(0, word.indexOf('=')) : word;
            List<String> nearest = Spelling.nearest(option, options(command), 2);
            return messages.usage(
                    "there is no option " + option,
                    didYouMean(nearest, command.qualifiedName() + " --help lists them"));
        }
        if (command.parent() != null) {
            if (command.positionalParameters().isEmpty())
                return messages.usage(command.qualifiedName() + " takes no '" + word + "'", "");
            String one = command.positionalParameters().getFirst().paramLabel();
            return messages.usage(
                    command.qualifiedName() + " takes one " + one + ", and '" + word + "' is another", "");
        }
        if (word.endsWith(".circuit") || word.contains("/")) {
            return messages.usage("there is no command '" + word + "'", "to run a script: circuit run " + word);
        }
        List<String> nearest = Spelling.nearest(word, command.subcommands().keySet(), 2);
        return messages.usage("there is no command '" + word + "'", didYouMean(nearest, "circuit --help lists them"));
    }

    private static int missing(MissingParameterException mistake, CommandSpec command, Messages messages) {
        if (mistake.getMissing().isEmpty() || !(mistake.getMissing().getFirst() instanceof OptionSpec option)) {
            String wanted = command.positionalParameters().getFirst().paramLabel();
            String help = switch (wanted) {
                case "SHELL" -> "as in: circuit completion bash";
                case "FILE" -> "as in: " + command.qualifiedName() + " examples/greater-than.circuit";
                default -> command.qualifiedName() + " --help explains it";
            };
            return messages.usage(command.qualifiedName() + " needs a " + wanted, help);
        }
        return messages.usage(option.longestName() + " needs a value: " + option.paramLabel(), "");
    }

    private static int conversion(ParameterException mistake, Messages messages) {
        if (mistake.getCause() instanceof TypeConversionException ours) {
            // A converter of several options does not know whose value it reads.
            boolean unnamed = ours.getMessage().startsWith("needs ");
            String name =
                    unnamed && mistake.getArgSpec() instanceof OptionSpec option ? option.longestName() + " " : "";
            return messages.usage(name + ours.getMessage(), "");
        }
        if (mistake.getArgSpec() instanceof OptionSpec option
                && option.typeInfo().isMap()) {
            return messages.usage(
                    option.longestName() + " needs NAME=VALUE, not '" + mistake.getValue() + "'",
                    "as in: -D edges=100");
        }
        return messages.usage(mistake.getMessage(), "");
    }

    private static List<String> options(CommandSpec command) {
        List<String> names = new ArrayList<>();
        for (OptionSpec option : command.options()) names.addAll(List.of(option.names()));
        return names;
    }

    private static String didYouMean(List<String> nearest, String otherwise) {
        return nearest.isEmpty() ? otherwise : Spelling.question(nearest);
    }

    /** The command line could not be read, so that its colour has to be looked for. */
    private static ColorMode colorOf(String[] args) {
        List<String> given = List.of(args);
        if (given.contains("--color=never")) return ColorMode.NEVER;
        return given.contains("--color=always") ? ColorMode.ALWAYS : ColorMode.AUTO;
    }
}
