package io.circuitscript.cli;

import io.circuitscript.cli.console.WordsAsTyped;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** The options that make a grid, of {@code run} and {@code slurm}. */
final class EachFlags {
    @Option(
            names = "--each",
            paramLabel = "NAME=LIST",
            parameterConsumer = WordsAsTyped.class,
            description =
                    "run the script once for each value of a 'param', as --each seed=1..5; several make a grid, the first one slowest")
    List<String> each = new ArrayList<>();

    @Option(
            names = "--table",
            paramLabel = "FILE",
            description =
                    "collect the cells' last values in this .csv or .jsonl; by default, NAME.csv beside the script")
    String table;

    /** A whole number that is not zero. */
    static final class Count implements ITypeConverter<Integer> {
        @Override
        public Integer convert(String value) {
            if (value.matches("[1-9][0-9]{0,3}")) return Integer.valueOf(value);
            throw new TypeConversionException("needs a whole number from 1 to 9999, not '" + value + "'");
        }
    }
}
