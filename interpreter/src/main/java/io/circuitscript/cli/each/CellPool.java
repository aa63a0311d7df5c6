package io.circuitscript.cli.each;

import io.circuitscript.cli.cluster.CellPlaces;
import io.circuitscript.cli.cluster.CellPlaces.RunningCell;
import io.circuitscript.cli.cluster.Cluster;
import io.circuitscript.cli.console.ExitCode;
import io.circuitscript.cli.console.ProcessEnvironment;
import io.circuitscript.cli.console.Reporting;
import io.circuitscript.cli.console.RunFlags;
import io.circuitscript.engine.CancelToken;
import io.circuitscript.runtime.value.ResultFields;
import io.circuitscript.source.ErrorCode;
import io.circuitscript.source.UserError;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** Runs the cells, each in a process of its own, so many at a time. One that fails does not stop the others. */
final class CellPool {
    private static final int POLL_MILLIS = 100;
    private static final int MOST_NAMED = 2;

    private final GridSetup setup;
    private final Reporting reporting;
    private final RunFlags flags;
    private final CancelToken cancel;
    private final ProcessEnvironment environment;
    private final Optional<Cluster> cluster;
    private final CellPlaces places;
    private final Map<RunningCell, Cell> running = new LinkedHashMap<>();
    private final BlockingQueue<RunningCell> ended = new LinkedBlockingQueue<>();

    CellPool(
            GridSetup setup,
            Reporting reporting,
            ProcessEnvironment environment,
            RunFlags flags,
            CancelToken cancel,
            Optional<Cluster> cluster) {
        this.setup = setup;
        this.reporting = reporting;
        this.flags = flags;
        this.cancel = cancel;
        this.environment = environment;
        this.cluster = cluster;
        places = cluster.<CellPlaces>map(it -> it)
                .orElseGet(() -> new LocalPlaces(setup.share().runs()));
    }

    /** @param outcomes of the cells in their order; fills in those that are missing, as far as nobody cancels */
    void run(List<Optional<Outcome>> outcomes) {
        Deque<Cell> waiting = new ArrayDeque<>();
        for (Cell cell : setup.grid().cells()) if (outcomes.get(cell.index()).isEmpty()) waiting.add(cell);
        reporting.progress().begin("", waiting.size(), "cells");
        FutureTask<Integer> first = new FutureTask<>(places::places);
        Thread.ofPlatform().daemon().name("places").start(first); // a cluster may be full, and Ctrl-C stops waiting
        boolean stopping = false;
        try {
            while (!waiting.isEmpty() || !running.isEmpty()) {
                if (isCancelled(cancel) && !stopping) {
                    stopping = true;
                    waiting.clear();
                    first.cancel(true);
                    running.keySet().forEach(RunningCell::stop); // each saves what it has
                }
                while (!waiting.isEmpty() && running.size() < atOnce(first)) start(waiting.remove());
                RunningCell next = ended.poll(POLL_MILLIS, TimeUnit.MILLISECONDS);
                if (next != null) end(next, outcomes);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            reporting.progress().end();
            running.keySet().forEach(RunningCell::kill);
        }
    }

    /** @param first whether there is a place at all, and what was wrong otherwise */
    private int atOnce(FutureTask<Integer> first) throws InterruptedException {
        if (!first.isDone()) return 0;
        try {
            first.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof UserError mistake) throw mistake;
            throw new IllegalStateException(e.getCause());
        }
        return cluster.isPresent() ? setup.jobs().orElseGet(places::places) : places.places();
    }

    static boolean isCancelled(CancelToken cancel) {
        try {
            cancel.check();
            return false;
        } catch (CancellationException e) {
            return true;
        }
    }

    private void start(Cell cell) {
        boolean alone = cluster.isEmpty() && setup.share().runs() == 1;
        CellProcess process = CellProcess.of(setup, cell, flags.json, alone, environment.variables());
        if (cluster.isPresent()) process.clear();
        RunningCell started = places.start(process);
        running.put(started, cell);
        started.end().whenComplete((_, _) -> ended.add(started));
        name();
    }

    private Outcome outcome(Cell cell, RunningCell process) {
        try {
            return Outcome.of(cell, setup.files(cell), process.end().join());
        } catch (CompletionException e) {
            if (!(e.getCause() instanceof UserError mistake)) throw e;
            // Anything else is wrong for all cells, and is told once.
            if (mistake.code() != ErrorCode.CLUSTER_FAILED) throw mistake;
            return new Outcome(cell, ExitCode.FAILURE, mistake.getMessage(), Optional.empty());
        }
    }

    private void end(RunningCell process, List<Optional<Outcome>> outcomes) {
        Cell cell = running.remove(process);
        Outcome outcome = outcome(cell, process);
        outcomes.set(cell.index(), Optional.of(outcome));
        reporting.progress().advance(1);
        name();
        if (isCancelled(cancel) && outcome.interrupted()) return;
        int count = 0;
        for (Optional<Outcome> it : outcomes) if (it.isPresent()) count++;
        tell(outcome, count, outcomes.size());
    }

    /** The progress line names what runs. */
    private void name() {
        String names =
                running.values().stream().limit(MOST_NAMED).map(Cell::name).collect(Collectors.joining(" and "));
        int more = running.size() - MOST_NAMED;
        reporting.progress().rename(names + (more > 0 ? " and " + more + " more" : ""));
    }

    private void tell(Outcome outcome, int count, int all) {
        if (reporting.json().isPresent()) {
            reporting
                    .json()
                    .get()
                    .object(ResultFields.of("cell")
                            .put("cell", outcome.cell().name())
                            .put("exit_code", outcome.exitCode())
                            .put("ended", count)
                            .put("cells", all)
                            .done());
        } else if (!flags.quiet && (!environment.terminals().err() || !outcome.finished())) {
            String how = outcome.finished() ? "is done" : "failed: " + outcome.message();
            reporting.messages().say(outcome.cell().name() + " " + how + " (" + count + " of " + all + ")");
        }
    }
}
