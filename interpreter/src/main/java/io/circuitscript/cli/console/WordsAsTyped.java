package io.circuitscript.cli.console;

import java.util.List;
import java.util.Stack;
import picocli.CommandLine.IParameterConsumer;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.TypeConversionException;

/** Takes each value of an option exactly as it was typed. picocli would drop quotes in it. */
public final class WordsAsTyped implements IParameterConsumer {
    @Override
    public void consumeParameters(Stack<String> words, ArgSpec option, CommandSpec command) {
        if (words.isEmpty()) throw new MissingParameterException(command.commandLine(), option, "a value is missing");
        String word = words.pop();
        if (word.contains(VerbatimParameters.NOT_UTF_8)) {
            String name = ((OptionSpec) option).longestName();
            var lost = new TypeConversionException(name + " " + word + " has bytes that are not UTF-8");
            throw new ParameterException(command.commandLine(), lost.getMessage(), lost, option, word);
        }
        List<String> all = option.getValue();
        all.add(word);
    }
}
