package io.circuitscript.cli;

import io.circuitscript.cli.cluster.ClusterFlags;
import io.circuitscript.cli.console.ExitCode;
import io.circuitscript.cli.console.ExitCodeMapping;
import io.circuitscript.cli.console.Reporting;
import io.circuitscript.cli.each.CellRun;
import io.circuitscript.cli.each.EachOptions;
import io.circuitscript.cli.each.EachRun;
import io.circuitscript.cli.each.GridSetup;
import io.circuitscript.cli.each.WrongGrid;
import io.circuitscript.engine.CancelToken;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.TypeConversionException;

/** {@code circuit run FILE}. */
@Command(
        name = "run",
        description = "run a script",
        customSynopsis = {
            "circuit run FILE [-D NAME=VALUE…] [--out DIR] [--json] [--timings]",
            "                        [--quiet] [--record] [--resume]",
            "       circuit run FILE --cluster URL [--cluster-conf KEY=VALUE…] …",
            "       circuit run FILE --each NAME=LIST… [--jobs N] [--table FILE]",
            "                        [--collect]"
        },
        sortOptions = false)
final class RunCommand implements Callable<Integer> {
    private final Invocation invocation;

    @Parameters(paramLabel = "FILE", description = "the script; - reads it from standard input")
    private String file;

    @Mixin
    private EachFlags each = new EachFlags();

    @Mixin
    private ClusterFlags cluster = new ClusterFlags();

    @Option(
            names = "--jobs",
            paramLabel = "N",
            converter = EachFlags.Count.class,
            description =
                    "with --each: how many cells run at once; by default, one for each processor that has 4 GB of memory, at most 16; on a cluster, one for each executor")
    private Integer jobs;

    @Option(
            names = "--threads",
            paramLabel = "N",
            converter = EachFlags.Count.class,
            description =
                    "with --each: CPU threads of each cell; by default, the processors divided by --jobs; on a cluster, an executor's cores")
    private Integer threads;

    @Option(
            names = "--memory",
            paramLabel = "SIZE",
            converter = BenchCommand.Megabytes.class,
            description =
                    "with --each: how much memory a batch of each cell may take, such as 1GB; by default, the usual budget divided by --jobs; on a cluster, a quarter of spark.executor.memory")
    private Long memory;

    @Option(
            names = "--cell",
            paramLabel = "I",
            converter = Index.class,
            description = "with --each: run only the cell of this number, from 0; 'circuit slurm' uses it")
    private Integer cell;

    @Option(
            names = "--collect",
            description = "with --each: run nothing; collect the values of cells that ran before, as on a cluster")
    private boolean collect;

    RunCommand(Invocation invocation) {
        this.invocation = invocation;
    }

    @Override
    public Integer call() {
        if (invocation.code() != null)
            return invocation.messages().usage("-c runs a text and 'run' runs a file: give one of them", "");
        if (invocation.flags().record && file.equals("-")) return invocation.unrecorded();
        if (invocation.flags().resume && file.equals("-")) return invocation.unresumed();
        Optional<ClusterFlags.Wrong> wrong = cluster.wrong();
        if (wrong.isPresent())
            return invocation
                    .messages()
                    .usage(wrong.get().message(), wrong.get().help());
        if (cluster.asked() && file.equals("-"))
            return invocation
                    .messages()
                    .usage("--cluster is for a script in a file", "as in: circuit run one.circuit --cluster local[2]");
        if (!each.each.isEmpty()) return grid();
        Optional<String> alone = withoutEach();
        if (alone.isPresent())
            return invocation
                    .messages()
                    .usage(
                            alone.get() + " is for a grid",
                            "as in: circuit run one.circuit --each seed=1..5 " + alone.get());
        return new ScriptRun(invocation.environment(), invocation.flags())
                .on(cluster)
                .file(file);
    }

    /** The option of a grid that was given without one. */
    private Optional<String> withoutEach() {
        if (jobs != null) return Optional.of("--jobs");
        if (threads != null) return Optional.of("--threads");
        if (memory != null) return Optional.of("--memory");
        if (each.table != null) return Optional.of("--table");
        if (cell != null) return Optional.of("--cell");
        return collect ? Optional.of("--collect") : Optional.empty();
    }

    private int grid() {
        if (file.equals("-"))
            return invocation
                    .messages()
                    .usage("--each is for a script in a file", "as in: circuit run one.circuit --each seed=1..5");
        if (cell != null && collect)
            return invocation.messages().usage("--cell runs one cell and --collect none: give one of them", "");
        if (cluster.asked() && cell != null)
            return invocation
                    .messages()
                    .usage(
                            "--cell runs one cell on this machine: it does not take --cluster",
                            "run it without --cluster");
        if (cluster.asked() && collect)
            return invocation
                    .messages()
                    .usage("--collect runs nothing: it does not take --cluster", "collect without --cluster");
        EachOptions options = new EachOptions(
                each.each,
                jobs == null ? 0 : jobs,
                threads == null ? 0 : threads,
                memory == null ? 0 : memory,
                Optional.ofNullable(each.table));
        if (cell != null) return cell(options);
        EachRun run = new EachRun(invocation.environment(), invocation.flags(), options);
        return collect ? run.collect(file) : run.on(cluster).run(file);
    }

    /** Runs one cell in this process. */
    private int cell(EachOptions options) {
        Reporting reporting = Reporting.of(invocation.environment(), invocation.flags());
        ExitCodeMapping mapping = new ExitCodeMapping(reporting, new CancelToken());
        return mapping.run(() -> WrongGrid.told(reporting.messages(), () -> {
            GridSetup setup = new GridSetup(invocation.environment(), invocation.flags(), options, file);
            try (CellRun run = setup.cell(cell)) {
                if (setup.isFinished(run)) {
                    if (!invocation.flags().quiet)
                        reporting.messages().say(run.cell().name() + " is finished already");
                    return ExitCode.OK;
                }
                return new ScriptRun(invocation.environment(), setup.flags(run), run).file(file);
            }
        }));
    }

    static final class Index implements ITypeConverter<Integer> {
        @Override
        public Integer convert(String value) {
            if (value.matches("0|[1-9][0-9]{0,7}")) return Integer.valueOf(value);
            throw new TypeConversionException("--cell is the number of a cell, from 0, not '" + value + "'");
        }
    }
}
