package io.circuitscript.cli;

import io.circuitscript.analysis.Benchmark;
import io.circuitscript.cli.cluster.ClusterFlags;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.TypeConversionException;

/** {@code circuit bench [MODEL]}. */
@Command(
        name = "bench",
        description = "measure the speed, beside the machine's own",
        customSynopsis = "circuit bench [MODEL] [--data FILE] [--examples N] [--spans N] [--memory SIZE] [--json]",
        sortOptions = false)
final class BenchCommand implements Callable<Integer> {
    private final Invocation invocation;

    @Parameters(
            paramLabel = "MODEL",
            arity = "0..1",
            defaultValue = "demo",
            description = "a short name, a name on the hub, or a folder; by default, demo")
    private String model;

    @Option(
            names = "--data",
            paramLabel = "FILE",
            description = "pairs of texts, as a script's 'data' reads them; by default, random tokens")
    private String data;

    @Option(
            names = "--examples",
            paramLabel = "N",
            defaultValue = "50",
            converter = Count.class,
            description = "how many pairs: of a file, the first ones; by default, 50")
    private int examples;

    @Option(
            names = "--spans",
            paramLabel = "N",
            defaultValue = "0",
            converter = Spans.class,
            description = "measure eap-ig at spans of positions too: so many, which are equal parts of each text")
    private int spans;

    @Option(
            names = "--slots",
            paramLabel = "N",
            defaultValue = "" + Benchmark.SLOTS,
            converter = Slots.class,
            description = "ablate the edges into so many slots, spread over the model; by default, " + Benchmark.SLOTS)
    private int slots;

    @Mixin
    private ClusterFlags cluster = new ClusterFlags();

    @Option(
            names = "--memory",
            paramLabel = "SIZE",
            defaultValue = "0MB",
            converter = Megabytes.class,
            description =
                    "how much memory a batch may take, such as 1GB or 256MB; by default, an eighth of the machine's, at least 1GB")
    private long memory;

    BenchCommand(Invocation invocation) {
        this.invocation = invocation;
    }

    @Override
    public Integer call() {
        Optional<ClusterFlags.Wrong> wrong = cluster.wrong();
        if (wrong.isPresent())
            return invocation
                    .messages()
                    .usage(wrong.get().message(), wrong.get().help());
        return invocation.withoutCode(
                "bench",
                () -> new BenchRun(invocation.environment(), invocation.flags())
                        .run(new BenchRun.Request(model, data, examples, spans, slots, memory, cluster)));
    }

    static final class Count implements ITypeConverter<Integer> {
        @Override
        public Integer convert(String value) {
            if (value.matches("[1-9][0-9]{0,6}")) return Integer.valueOf(value);
            throw new TypeConversionException("--examples is a whole number from 1 to 9999999, not '" + value + "'");
        }
    }

    static final class Spans implements ITypeConverter<Integer> {
        @Override
        public Integer convert(String value) {
            if (value.matches("0|[1-9][0-9]{0,2}")) return Integer.valueOf(value);
            throw new TypeConversionException("--spans is a whole number from 0 to 999, not '" + value + "'");
        }
    }

    static final class Slots implements ITypeConverter<Integer> {
        @Override
        public Integer convert(String value) {
            if (value.matches("[1-9][0-9]{0,4}")) return Integer.valueOf(value);
            throw new TypeConversionException("--slots is a whole number from 1 to 99999, not '" + value + "'");
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
