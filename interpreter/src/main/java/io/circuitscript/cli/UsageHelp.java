package io.circuitscript.cli;

import java.util.List;
import picocli.CommandLine.Help;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Help.Ansi.IStyle;
import picocli.CommandLine.Help.Ansi.Text;
import picocli.CommandLine.Help.ColorScheme;
import picocli.CommandLine.Help.IParamLabelRenderer;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;

/**
 * The {@code --help} page. It shows an option as people type it, {@code -c CODE}, where picocli would show {@code
 * -c=CODE}.
 */
final class UsageHelp extends Help {
    UsageHelp(CommandSpec command, ColorScheme colors) {
        super(command, colors);
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
