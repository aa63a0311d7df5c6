package io.circuitscript.cli.each;

import io.circuitscript.cli.console.ProcessEnvironment;
import io.circuitscript.cli.console.Reporting;
import io.circuitscript.cli.console.RunFlags;
import io.circuitscript.engine.CancelToken;
import io.circuitscript.runtime.value.ResultFields;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CancellationException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** Runs the processes of the cells, so many at a time. One that fails does not stop the others. */
final class CellPool {
    private static final int POLL_MILLIS = 100;
    private static final int MOST_NAMED = 2;

    private final GridSetup setup;
    private final Reporting reporting;
    private final RunFlags flags;
    private final CancelToken cancel;
    private final CellProcess process;
    private final boolean watched;
    private final Map<Process, Cell> running = new LinkedHashMap<>();
    private final BlockingQueue<Process> ended = new LinkedBlockingQueue<>();

    CellPool(GridSetup setup, Reporting reporting, ProcessEnvironment environment, RunFlags flags, CancelToken cancel) {
        this.setup = setup;
        this.reporting = reporting;
        this.flags = flags;
        this.cancel = cancel;
        process =
                new CellProcess(environment.folder(), flags.json, setup.share().runs() == 1);
        watched = environment.terminals().err();
    }

    /** @param outcomes of the cells in their order; fills in those that are missing, as far as nobody cancels */
    void run(List<Optional<Outcome>> outcomes) {
        Deque<Cell> waiting = new ArrayDeque<>();
        for (Cell cell : setup.grid().cells()) if (outcomes.get(cell.index()).isEmpty()) waiting.add(cell);
        reporting.progress().begin("", waiting.size(), "cells");
        boolean stopping = false;
        try {
            while (!waiting.isEmpty() || !running.isEmpty()) {
                if (isCancelled(cancel) && !stopping) {
                    stopping = true;
                    waiting.clear();
                    running.keySet().forEach(Process::destroy); // each saves what it has
                }
                while (running.size() < setup.share().runs() && !waiting.isEmpty()) start(waiting.remove());
                Process next = ended.poll(POLL_MILLIS, TimeUnit.MILLISECONDS);
                if (next != null) end(next, outcomes);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            reporting.progress().end();
            running.keySet().forEach(Process::destroyForcibly);
        }
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
        Process started = process.start(setup.files(cell), setup.arguments(cell));
        running.put(started, cell);
        started.onExit().thenAccept(ended::add);
        name();
    }

    private void end(Process process, List<Optional<Outcome>> outcomes) {
        Cell cell = running.remove(process);
        Outcome outcome = Outcome.of(cell, setup.files(cell), process.exitValue());
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
        } else if (!flags.quiet && (!watched || !outcome.finished())) {
            String how = outcome.finished() ? "is done" : "failed: " + outcome.message();
            reporting.messages().say(outcome.cell().name() + " " + how + " (" + count + " of " + all + ")");
        }
    }
}
