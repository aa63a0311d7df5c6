package io.circuitscript.cli.console;

import java.util.Map;
import java.util.Stack;
import picocli.CommandLine.IParameterConsumer;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.TypeConversionException;

/** Takes {@code NAME=VALUE} exactly as it was typed. picocli would drop quotes in it. */
final class VerbatimParameters implements IParameterConsumer {
    /** What Java makes of a command line's bytes that are not UTF-8. */
    static final String NOT_UTF_8 = "\uFFFD";

    @Override
    public void consumeParameters(Stack<String> words, ArgSpec option, CommandSpec command) {
        if (words.isEmpty()) throw new MissingParameterException(command.commandLine(), option, "a value is missing");
        String word = words.pop();
        if (word.contains(NOT_UTF_8)) {
            var lost = new TypeConversionException("-D " + word + " has bytes that are not UTF-8");
            throw new ParameterException(command.commandLine(), lost.getMessage(), lost, option, word);
        }
        int equals = word.indexOf('=');
        if (equals < 0) throw new ParameterException(command.commandLine(), "no NAME=VALUE", option, word);
        Map<String, String> parameters = option.getValue();
        parameters.put(word.substring(0, equals), word.substring(equals + 1));
    }
}
