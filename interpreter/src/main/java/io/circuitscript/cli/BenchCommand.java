package io.circuitscript.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.TypeConversionException;

/** {@code circuit bench [MODEL]}. */
@Command(
        name = "bench",
        description = "how fast, and how near the machine's own speed",
        customSynopsis = "circuit bench [MODEL] [--data FILE] [--examples N] [--json]",
        sortOptions = false)
final class BenchCommand implements Callable<Integer> {
    private final CircuitCommand circuit;

    @Parameters(paramLabel = "MODEL", arity = "0..1", defaultValue = "demo", description = "a short name, or a folder; without it, demo")
    private String model;

    @Option(names = "--data", paramLabel = "FILE", description = "clean/corrupted pairs, as a script's 'data' reads them; without it, random tokens")
    private String data;

    @Option(
            names = "--examples",
            paramLabel = "N",
            defaultValue = "50",
            converter = Count.class,
            description = "how many pairs, or how many of the file's first; without it, 50")
    private int examples;

    BenchCommand(CircuitCommand circuit) {
        this.circuit = circuit;
    }

    @Override
    public Integer call() {
        return circuit.bench(new BenchRun.Request(model, data, examples));
    }

    static final class Count implements ITypeConverter<Integer> {
        @Override
        public Integer convert(String value) {
            if (value.matches("[1-9][0-9]{0,6}")) return Integer.valueOf(value);
            throw new TypeConversionException("--examples is a whole number from 1 to 9999999, not '" + value + "'");
        }
    }
}
