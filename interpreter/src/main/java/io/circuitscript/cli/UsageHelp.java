package io.circuitscript.cli;

import java.util.Comparator;
import java.util.List;
import java.util.Set;
import picocli.CommandLine.Help;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Help.Ansi.IStyle;
import picocli.CommandLine.Help.Ansi.Text;
import picocli.CommandLine.Help.ColorScheme;
import picocli.CommandLine.Help.IParamLabelRenderer;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * The {@code --help} page. It shows an option as people type it, {@code -c CODE}, where picocli would show {@code
 * -c=CODE}.
 */
final class UsageHelp extends Help {
    /** Options that every command takes, and that say how one script runs. */
    private static final Set<String> OF_ONE_SCRIPT =
            Set.of("--json", "--timings", "--quiet", "-D", "--record", "--resume");

    /** Options of every command that have no effect where there is no script. */
    private static final Set<String> OF_A_SCRIPT =
            Set.of("--timings", "--out", "-D", "--record", "--resume", "--read-only", "--allow-write");

    private final Set<String> hidden;

    /** @param ours the commands that are no other module's: those of other modules run no script to its end */
    UsageHelp(CommandSpec command, ColorScheme colors, Set<String> ours) {
        super(command, colors);
        CommandSpec top = command;
        while (top.parent() != null && top.parent().parent() != null) top = top.parent();
        boolean runsScripts = top.parent() == null || ours.contains(top.name());
        hidden = !runsScripts ? OF_ONE_SCRIPT : command.userObject() instanceof WithoutScript ? OF_A_SCRIPT : Set.of();
    }

    @Override
    public String optionListExcludingGroups(
            List<OptionSpec> options, Layout layout, Comparator<OptionSpec> order, IParamLabelRenderer labels) {
        List<OptionSpec> shown = options.stream()
                .filter(it -> !hidden.contains(it.longestName()))
                .toList();
        return super.optionListExcludingGroups(shown, layout, order, labels);
    }

    @Override
    public IParamLabelRenderer parameterLabelRenderer() {
        return new IParamLabelRenderer() {
            @Override
            public Text renderParameterLabel(ArgSpec argument, Ansi ansi, List<IStyle> styles) {
                if (argument.arity().max() == 0) return ansi.new Text(0);
                Text label = ansi.apply(argument.paramLabel(), styles);
                return argument.isOption() ? ansi.text(separator()).concat(label) : label;
            }

            @Override
            public String separator() {
                return " ";
            }
        };
    }
}
