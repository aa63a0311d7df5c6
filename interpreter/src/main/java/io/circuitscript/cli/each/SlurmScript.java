package io.circuitscript.cli.each;

import io.circuitscript.cli.console.ExitCode;
import io.circuitscript.cli.console.ProcessEnvironment;
import io.circuitscript.cli.console.Reporting;
import io.circuitscript.cli.console.RunFlags;
import io.circuitscript.cli.console.ShellWord;
import io.circuitscript.cli.reproduce.RecordFile;
import io.circuitscript.engine.CancelToken;
import io.circuitscript.source.ErrorCode;
import io.circuitscript.source.UserError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The job array of a grid for Slurm: task i runs cell i. */
public final class SlurmScript {
    /** What starts this program, as the launcher says it. */
    private static final String LAUNCHER = "circuit.launcher";

    /** The share of a job's memory that a batch may take, as of a machine's. */
    private static final int SHARE = 8;

    private static final long LEAST_MEGABYTES = 64;

    /**
     * What each job asks for.
     *
     * @param more further options of sbatch
     */
    public record Job(
            Optional<Integer> atOnce,
            Optional<String> time,
            Optional<Integer> gpus,
            int cpus,
            Optional<String> memory,
            List<String> more) {
        public Job {
            more = List.copyOf(more);
        }
    }

    private final ProcessEnvironment environment;
    private final RunFlags flags;
    private final Reporting reporting;
    private final Job job;

    public SlurmScript(ProcessEnvironment environment, RunFlags flags, Reporting reporting, Job job) {
        this.environment = environment;
        this.flags = flags;
        this.reporting = reporting;
        this.job = job;
    }

    /** Checks the script for all cells, makes the folder for the logs, and prints the job array. */
    public int print(String file, List<String> each, Optional<String> table) {
        EachOptions options = new EachOptions(each, 1, job.cpus(), megabytes().orElse(0L) << 20, table);
        GridSetup setup = new GridSetup(environment, flags, options, file);
        int wrong = new CellCheck(setup, environment, flags, new CancelToken()).run(reporting);
        if (wrong != 0) return wrong;
        CellTable.check(setup.table(), setup.header());
        setup.header().matches(true);
        String text = text(setup);
        makeFolder(setup);
        environment.out().exact().print(text);
        return ExitCode.OK;
    }

    private static void makeFolder(GridSetup setup) {
        try {
            Files.createDirectories(setup.out());
        } catch (IOException e) {
            throw UserError.failure(
                    ErrorCode.CANNOT_WRITE,
                    "the folder " + setup.outName() + ", where Slurm writes its logs, cannot be made: "
                            + e.getMessage(),
                    "give another folder with --out DIR");
        }
    }

    private String text(GridSetup setup) {
        String name = RecordFile.plain(setup.script());
        List<String> lines = new ArrayList<>();
        lines.add("#!/bin/bash");
        lines.add(option("--job-name=" + name.replaceAll("[^A-Za-z0-9._-]", "_")));
        lines.add(option("--array=0-" + (setup.grid().size() - 1)
                + job.atOnce().map(it -> "%" + it).orElse("")));
        job.time().ifPresent(it -> lines.add(option("--time=" + it)));
        job.gpus().ifPresent(it -> lines.add(option("--gpus=" + it)));
        lines.add(option("--cpus-per-task=" + job.cpus()));
        job.memory().ifPresent(it -> lines.add(option("--mem=" + it)));
        lines.add(option("--output=" + setup.out().toString().replace("%", "%%") + "/slurm-%A_%a.log"));
        for (String more : job.more()) lines.add(option(more));
        lines.add("");
        lines.add(
                "# Task i runs cell i of the grid, and goes on where it was stopped. When all are done, this collects their values:");
        lines.add("#");
        String launcher = System.getProperty(LAUNCHER, "circuit");
        Path here = environment.folder().toAbsolutePath().normalize();
        String collect = setup.command(launcher, "--collect");
        // A comment ends with its line, whatever is quoted in it.
        if (collect.contains("\n") || here.toString().contains("\n")) {
            lines.add("#   the command below, with --collect in place of --cell and its number");
        } else {
            lines.add("#   cd -- " + ShellWord.quoted(here.toString()));
            lines.add("#   " + collect);
        }
        lines.add("");
        lines.add("cd -- " + ShellWord.quoted(here.toString()) + " || exit 70");
        lines.add("exec " + setup.command(launcher, "--resume") + " --cell \"$SLURM_ARRAY_TASK_ID\"");
        return String.join("\n", lines) + "\n";
    }

    /** A line that sbatch reads. It takes quotes, and a few characters not at all. */
    private static String option(String word) {
        boolean strange = word.chars().anyMatch(c -> c < ' ' || c == '"' || c == '\\' || c == 127);
        if (strange || !word.startsWith("-"))
            throw new WrongGrid(
                    "'" + word + "' cannot be an option of sbatch in a script",
                    "options begin with - and have no line ends, double quotes or backslashes");
        return "#SBATCH " + (word.matches("[A-Za-z0-9_./:=,+%@-]+") ? word : "\"" + word + "\"");
    }

    /** The memory that a batch may take. */
    private Optional<Long> megabytes() {
        if (job.memory().isEmpty()) return Optional.empty();
        String size = job.memory().get();
        if (!size.matches("[1-9][0-9]{0,8}[KMGT]?"))
            throw new WrongGrid("--memory is a size as sbatch takes it, such as 8G or 500M, not '" + size + "'", "");
        char unit = size.charAt(size.length() - 1);
        long number = Long.parseLong(size.replaceAll("[KMGT]", ""));
        long megabytes = switch (unit) {
            case 'K' -> number >> 10;
            case 'G' -> number << 10;
            case 'T' -> number << 20;
            default -> number;
        };
        return Optional.of(Math.max(LEAST_MEGABYTES, megabytes / SHARE));
    }
}
