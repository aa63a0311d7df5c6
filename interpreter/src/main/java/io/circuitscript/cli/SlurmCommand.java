package io.circuitscript.cli;

import io.circuitscript.cli.console.ExitCodeMapping;
import io.circuitscript.cli.console.Reporting;
import io.circuitscript.cli.each.SlurmScript;
import io.circuitscript.cli.each.WrongGrid;
import io.circuitscript.engine.CancelToken;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code circuit slurm FILE --each …}. */
@Command(
        name = "slurm",
        description = "print a Slurm job array that runs the cells of a grid",
        customSynopsis = {
            "circuit slurm FILE --each NAME=LIST… [--jobs-at-once N] [--time 1:00:00]",
            "                     [--gpus N] [--cpus N] [--memory 8G] [--out DIR]",
            "                     [--table FILE] [-D NAME=VALUE…] [--record]",
            "                     [-- SBATCH-OPTION…]"
        },
        sortOptions = false)
final class SlurmCommand implements Callable<Integer> {
    private final Invocation invocation;

    @Parameters(index = "0", paramLabel = "FILE", description = "the script")
    private String file;

    @Parameters(
            index = "1..*",
            paramLabel = "SBATCH-OPTION",
            description = "after --, further options of sbatch, such as --partition=gpu")
    private List<String> more = new ArrayList<>();

    @Mixin
    private EachFlags each = new EachFlags();

    @Option(
            names = "--jobs-at-once",
            paramLabel = "N",
            converter = EachFlags.Count.class,
            description = "how many jobs of the array may run at once")
    private Integer atOnce;

    @Option(names = "--time", paramLabel = "TIME", description = "time limit of each job, as sbatch takes it: 1:00:00")
    private String time;

    @Option(names = "--gpus", paramLabel = "N", converter = EachFlags.Count.class, description = "GPUs of each job")
    private Integer gpus;

    @Option(
            names = "--cpus",
            paramLabel = "N",
            converter = EachFlags.Count.class,
            description = "CPUs of each job, and threads of each cell; by default, 1")
    private Integer cpus;

    @Option(names = "--memory", paramLabel = "SIZE", description = "memory of each job, as sbatch takes it: 8G")
    private String memory;

    SlurmCommand(Invocation invocation) {
        this.invocation = invocation;
    }

    @Override
    public Integer call() {
        if (invocation.code() != null) return invocation.messages().usage("'slurm' does not take -c", "");
        if (each.each.isEmpty())
            return invocation
                    .messages()
                    .usage("circuit slurm needs --each", "as in: circuit slurm one.circuit --each seed=1..5");
        Reporting reporting = Reporting.of(invocation.environment(), invocation.flags());
        ExitCodeMapping mapping = new ExitCodeMapping(reporting, new CancelToken());
        return mapping.run(() -> WrongGrid.told(reporting.messages(), () -> {
            SlurmScript.Job job = new SlurmScript.Job(
                    Optional.ofNullable(atOnce),
                    Optional.ofNullable(time),
                    Optional.ofNullable(gpus),
                    cpus == null ? 1 : cpus,
                    Optional.ofNullable(memory),
                    more);
            return new SlurmScript(invocation.environment(), invocation.flags(), reporting, job)
                    .print(file, each.each, Optional.ofNullable(each.table));
        }));
    }
}
