package io.circuitscript.cli;

import io.circuitscript.analysis.Benchmark;
import io.circuitscript.cli.cluster.ClusterFlags;
import io.circuitscript.engine.torch.Precision;
import io.circuitscript.runtime.value.MemorySize;
import io.circuitscript.task.SyntheticTask;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
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
        customSynopsis = {
            "circuit bench [MODEL] [--data FILE | --tokens N] [--examples N]",
            "                     [--differ early|late] [--dtype TYPE] [--threads N]",
            "                     [--spans N] [--slots N] [--memory SIZE] [--only NAME,…]",
            "                     [--profile] [--json]"
        },
        sortOptions = false)
final class BenchCommand implements WithoutScript {
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
            names = "--tokens",
            paramLabel = "N",
            converter = Tokens.class,
            description = "how many random tokens each text has; by default, " + SyntheticTask.LENGTH)
    private Integer tokens;

    @Option(
            names = "--differ",
            paramLabel = "early|late",
            converter = Differ.class,
            description =
                    "which of the random tokens differs within a pair: early is the second, late is the one after 8/13 of the text; by default, late")
    private SyntheticTask.Difference differ;

    @Option(
            names = "--dtype",
            paramLabel = "TYPE",
            defaultValue = "float32",
            converter = Type.class,
            description = "what the model computes in: float32, float64, bfloat16 or float16; by default, float32")
    private Precision dtype;

    @Option(
            names = "--threads",
            paramLabel = "N",
            converter = Threads.class,
            description = "how many threads of the CPU are used; by default, one for each core")
    private Integer threads;

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

    @Option(
            names = "--only",
            paramLabel = "NAME,…",
            split = ",",
            converter = Only.class,
            description = "measure these alone: ${COMPLETION-CANDIDATES}",
            completionCandidates = WorkNames.class)
    private List<String> only;

    @Option(
            names = "--profile",
            description = "show where the time of each goes: one more run, in which the library notes its operations")
    private boolean profile;

    @Mixin
    private ClusterFlags cluster = new ClusterFlags();

    @Option(
            names = "--memory",
            paramLabel = "SIZE",
            converter = Megabytes.class,
            description =
                    "how much memory a batch may take, such as 1GB or 256MB; by default, an eighth of the machine's, at least 1GB")
    private Long memory;

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
        if (data != null && (tokens != null || differ != null))
            return invocation
                    .messages()
                    .usage(
                            "--tokens and --differ are of random tokens, and --data names a file",
                            "leave out one of them");
        if (profile && cluster.asked())
            return invocation
                    .messages()
                    .usage(
                            "--profile notes what this process computes, and --cluster computes elsewhere",
                            "leave out one of them");
        if (only != null && only.isEmpty())
            return invocation.messages().usage("--only names nothing", "as in: --only eap,evaluate");
        if (spans > 0 && only != null && !only.contains(Benchmark.EAP_IG))
            return invocation
                    .messages()
                    .usage("--spans is for eap-ig, and --only leaves it out", "add eap-ig to --only");
        SyntheticTask.Difference differs = differ == null ? SyntheticTask.Difference.LATE : differ;
        BenchRun.Texts texts = new BenchRun.Texts(data, examples, Optional.ofNullable(tokens), differs, spans);
        BenchRun.Request request = new BenchRun.Request(
                model,
                texts,
                dtype,
                threads == null ? 0 : threads,
                slots,
                memory == null ? 0 : memory,
                only == null ? List.of() : List.copyOf(only),
                profile,
                cluster);
        return invocation.withoutCode(
                "bench", () -> new BenchRun(invocation.environment(), invocation.flags()).run(request));
    }

    static final class Count implements ITypeConverter<Integer> {
        @Override
        public Integer convert(String value) {
            if (value.matches("[1-9][0-9]{0,6}")) return Integer.valueOf(value);
            throw new TypeConversionException("--examples is a whole number from 1 to 9999999, not '" + value + "'");
        }
    }

    static final class Tokens implements ITypeConverter<Integer> {
        @Override
        public Integer convert(String value) {
            if (value.matches("[1-9][0-9]{0,6}")) return Integer.valueOf(value);
            throw new TypeConversionException("--tokens is a whole number from 1 to 9999999, not '" + value + "'");
        }
    }

    static final class Threads implements ITypeConverter<Integer> {
        @Override
        public Integer convert(String value) {
            if (value.matches("[1-9][0-9]{0,3}") && Integer.parseInt(value) <= 1024) return Integer.valueOf(value);
            throw new TypeConversionException("--threads is a whole number from 1 to 1024, not '" + value + "'");
        }
    }

    static final class Differ implements ITypeConverter<SyntheticTask.Difference> {
        @Override
        public SyntheticTask.Difference convert(String value) {
            for (SyntheticTask.Difference each : SyntheticTask.Difference.values())
                if (each.word().equals(value)) return each;
            throw new TypeConversionException("--differ is early or late, not '" + value + "'");
        }
    }

    static final class Type implements ITypeConverter<Precision> {
        @Override
        public Precision convert(String value) {
            for (Precision each : Precision.values()) if (each.word().equals(value)) return each;
            throw new TypeConversionException("--dtype is float32, float64, bfloat16 or float16, not '" + value + "'");
        }
    }

    static final class WorkNames extends ArrayList<String> {
        private static final long serialVersionUID = 1;

        WorkNames() {
            super(Benchmark.WORKS);
        }
    }

    static final class Only implements ITypeConverter<String> {
        @Override
        public String convert(String value) {
            if (Benchmark.WORKS.contains(value)) return value;
            throw new TypeConversionException(
                    "--only takes " + String.join(", ", Benchmark.WORKS) + ", not '" + value + "'");
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
        /** As much as {@code set memory=} takes at least. */
        private static final long LEAST = 64L << 20;

        @Override
        public Long convert(String value) {
            double bytes = MemorySize.bytes(value).orElse(0);
            if (bytes >= LEAST && bytes < 1L << 53) return (long) bytes;
            throw new TypeConversionException("--memory is a size as 256MB or 1.5GB, from 64MB, not '" + value + "'");
        }
    }
}
