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
        customSynopsis = "circuit bench [MODEL] [--data FILE] [--examples N] [--memory SIZE] [--json]",
        sortOptions = false)
final class BenchCommand implements Callable<Integer> {
    private final Invocation invocation;

    @Parameters(
            paramLabel = "MODEL",
            arity = "0..1",
            defaultValue = "demo",
            description = "a short name, a name on the hub, or a folder; without it, demo")
    private String model;

    @Option(
            names = "--data",
            paramLabel = "FILE",
            description = "clean/corrupted pairs, as a script's 'data' reads them; without it, random tokens")
    private String data;

    @Option(
            names = "--examples",
            paramLabel = "N",
            defaultValue = "50",
            converter = Count.class,
            description = "how many pairs, or how many of the file's first; without it, 50")
    private int examples;

    @Option(
            names = "--memory",
            paramLabel = "SIZE",
            defaultValue = "0MB",
            converter = Megabytes.class,
            description =
                    "what a batch may take, as 1GB or 256MB; without it, an eighth of the machine's, at least 1GB")
    private long memory;

    BenchCommand(Invocation invocation) {
        this.invocation = invocation;
    }

    @Override
    public Integer call() {
        return invocation.withoutCode(
                "bench",
                () -> new BenchRun(invocation.environment(), invocation.flags())
                        .run(new BenchRun.Request(model, data, examples, memory)));
    }

    static final class Count implements ITypeConverter<Integer> {
        @Override
        public Integer convert(String value) {
            if (value.matches("[1-9][0-9]{0,6}")) return Integer.valueOf(value);
            throw new TypeConversionException("--examples is a whole number from 1 to 9999999, not '" + value + "'");
        }
    }

    static final class Megabytes implements ITypeConverter<Long> {
        @Override
        public Long convert(String value) {
            if (value.matches("[0-9]{1,6}MB")) return Long.parseLong(value.substring(0, value.length() - 2)) << 20;
            if (value.matches("[1-9][0-9]{0,3}GB")) return Long.parseLong(value.substring(0, value.length() - 2)) << 30;
            throw new TypeConversionException("--memory is a size as 256MB or 1GB, not '" + value + "'");
        }
    }
}
