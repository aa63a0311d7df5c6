package io.circuitscript.cli.each;

import io.circuitscript.cli.cluster.Cluster;
import io.circuitscript.cli.cluster.ClusterFlags;
import io.circuitscript.cli.console.ExitCodeMapping;
import io.circuitscript.cli.console.ProcessEnvironment;
import io.circuitscript.cli.console.Reporting;
import io.circuitscript.cli.console.RunFlags;
import io.circuitscript.cli.reproduce.FileLock;
import io.circuitscript.engine.CancelToken;
import io.circuitscript.source.ErrorCode;
import io.circuitscript.source.UserError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** {@code run --each}: checks all cells, runs them, and collects their values. */
public final class EachRun {
    private static final String LOCK = "each.lock";

    private final ProcessEnvironment environment;
    private final RunFlags flags;
    private final EachOptions options;
    private final Reporting reporting;
    private final CancelToken cancel = new CancelToken();
    private ClusterFlags cluster = new ClusterFlags();

    public EachRun(ProcessEnvironment environment, RunFlags flags, EachOptions options) {
        this.environment = environment;
        this.flags = flags;
        this.options = options;
        reporting = Reporting.of(environment, flags);
    }

    /** The same on a cluster, where one is asked for. */
    public EachRun on(ClusterFlags flags) {
        cluster = flags;
        return this;
    }

    /** Runs the cells that are missing, and collects. @return the exit code */
    public int run(String file) {
        ExitCodeMapping mapping = new ExitCodeMapping(reporting, cancel);
        return mapping.run(() -> WrongGrid.told(reporting.messages(), () -> {
            Optional<Cluster> there = cluster.open(environment, reporting.messages()::say);
            try (Cluster _ = there.orElse(null)) {
                EachOptions placed =
                        there.map(it -> options.on(cluster.words(), it.share())).orElse(options);
                GridSetup setup = new GridSetup(environment, flags, placed, file);
                return mapping.interruptible(() -> run(setup, there));
            }
        }));
    }

    private int run(GridSetup setup, Optional<Cluster> there) {
        CellCheck check = new CellCheck(setup, environment, flags, cancel);
        int wrong = check.run(reporting);
        if (wrong != 0) return wrong;
        refuseInput(setup, check);
        setup.header().matches(true);
        CellTable.check(setup.table(), setup.header());
        try (FileLock lock = new FileLock(setup.out().resolve(LOCK))) {
            claim(lock, setup);
            boolean earlier = setup.header().matches(true);
            List<CellFiles> folders =
                    setup.grid().cells().stream().map(setup::files).toList();
            setup.header().refuseStrangers(folders);
            if (!earlier) setup.header().write();
            List<Optional<Outcome>> outcomes = kept(setup, earlier);
            new CellPool(setup, reporting, environment, flags, cancel, there).run(outcomes);
            return end(setup, outcomes);
        }
    }

    /** The table lies beside the script, as its data may. */
    private void refuseInput(GridSetup setup, CellCheck check) {
        Path table = setup.table().toAbsolutePath().normalize();
        if (check.reads().stream()
                        .noneMatch(it -> it.toAbsolutePath().normalize().equals(table))
                && !table.equals(setup.script())) return;
        throw UserError.input(
                ErrorCode.WOULD_OVERWRITE,
                "the cells read " + setup.shown(table) + ", and their table would be written over it",
                "name another place for the table: --table cells.csv");
    }

    private static void claim(FileLock lock, GridSetup setup) {
        try {
            if (lock.claim()) return;
        } catch (IOException e) {
            throw UserError.failure(
                    ErrorCode.CANNOT_WRITE,
                    "the folder " + setup.outName() + " cannot be made, or not be written to",
                    "give another folder with --out DIR");
        }
        throw UserError.failure(
                ErrorCode.SAVED_RUN_IN_USE,
                "another process runs the cells of " + setup.outName(),
                "wait for it or stop it, or give another folder with --out DIR");
    }

    /** What is known of each cell from an earlier run: with {@code --resume}, those that finished. */
    private List<Optional<Outcome>> kept(GridSetup setup, boolean there) {
        List<Optional<Outcome>> known = new ArrayList<>();
        FinishedCells earlier = new FinishedCells(setup);
        int finished = 0;
        for (Cell cell : setup.grid().cells()) {
            boolean done = there && Files.exists(setup.files(cell).result());
            Optional<CellResult> result =
                    done && flags.resume ? earlier.of(cell).filter(CellResult::finished) : Optional.empty();
            if (done) finished++;
            known.add(result.map(it -> Outcome.of(cell, it)));
        }
        if (flags.quiet) return known;
        long kept = known.stream().filter(Optional::isPresent).count();
        if (flags.resume && !there)
            reporting
                    .messages()
                    .say("no earlier run is in " + setup.outName() + ": this one starts from the beginning");
        else if (flags.resume) reporting.messages().say(kept + " of " + known.size() + " cells are finished already");
        else if (finished > 0)
            reporting
                    .messages()
                    .say(setup.outName() + " holds " + finished + (finished == 1 ? " cell" : " cells")
                            + " of an earlier run, starting over; --resume keeps what is finished");
        return known;
    }

    private int end(GridSetup setup, List<Optional<Outcome>> outcomes) {
        CellReport report = new CellReport(setup, reporting, environment, flags);
        boolean stopped = false;
        for (Optional<Outcome> outcome : outcomes)
            stopped |= outcome.isEmpty() || outcome.get().interrupted();
        if (isCancelled() && stopped) return report.stopped(outcomes);
        return report.end(outcomes);
    }

    private boolean isCancelled() {
        return CellPool.isCancelled(cancel);
    }

    /** Collects what cells on other machines came to. @return the exit code: 70 where some failed or are missing */
    public int collect(String file) {
        ExitCodeMapping mapping = new ExitCodeMapping(reporting, cancel);
        return mapping.run(() -> WrongGrid.told(reporting.messages(), () -> {
            GridSetup setup = new GridSetup(environment, flags, options, file);
            if (!setup.header().matches(false))
                throw UserError.missing(
                        ErrorCode.CELLS_MISSING,
                        "there are no cells of this script in " + setup.outName(),
                        "run them first, or name their folder with --out DIR");
            CellTable.check(setup.table(), setup.header());
            FinishedCells earlier = new FinishedCells(setup);
            List<Optional<Outcome>> known = setup.grid().cells().stream()
                    .map(cell -> earlier.of(cell).map(it -> Outcome.of(cell, it)))
                    .toList();
            return new CellReport(setup, reporting, environment, flags).end(known);
        }));
    }
}
