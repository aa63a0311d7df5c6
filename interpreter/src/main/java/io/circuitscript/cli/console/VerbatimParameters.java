package io.circuitscript.cli.console;

import java.util.Map;
import java.util.Stack;
import picocli.CommandLine.IParameterConsumer;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/** Takes {@code NAME=VALUE} exactly as it was typed. picocli would drop quotes in it. */
final class VerbatimParameters implements IParameterConsumer {
    @Override
    public void consumeParameters(Stack<String> words, ArgSpec option, CommandSpec command) {
        if (words.isEmpty()) throw new MissingParameterException(command.commandLine(), option, "a value is missing");
        String word = words.pop();
        int equals = word.indexOf('=');
        if (equals < 0) throw new ParameterException(command.commandLine(), "no NAME=VALUE", option, word);
        Map<String, String> parameters = option.getValue();
        parameters.put(word.substring(0, equals), word.substring(equals + 1));
    }
}
