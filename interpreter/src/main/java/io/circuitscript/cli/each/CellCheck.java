package io.circuitscript.cli.each;

import io.circuitscript.cli.console.ProcessEnvironment;
import io.circuitscript.cli.console.Reporting;
import io.circuitscript.cli.console.RunFlags;
import io.circuitscript.cli.reproduce.LockFile;
import io.circuitscript.cli.reproduce.ProtectedFiles;
import io.circuitscript.engine.CancelToken;
import io.circuitscript.engine.Progress;
import io.circuitscript.runtime.Session;
import io.circuitscript.runtime.files.Lock;
import io.circuitscript.runtime.state.Output;
import io.circuitscript.runtime.value.NumberText;
import io.circuitscript.runtime.value.Result;
import io.circuitscript.source.Diagnostic;
import io.circuitscript.source.ErrorCode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Checks the script for every cell before any of them runs. What is wrong in several cells is told once. */
final class CellCheck {
    /** The most mistakes that are shown. */
    private static final int MOST_SHOWN = 10;

    private static final int WRONG = 65;

    private final GridSetup setup;
    private final ProcessEnvironment environment;
    private final RunFlags flags;
    private final CancelToken cancel;
    private final Map<Place, Found> mistakes = new LinkedHashMap<>();
    private final Set<Path> reads = new TreeSet<>();
    private final Set<Integer> codes = new TreeSet<>();

    /** One mistake of the script, in whatever cell. */
    private record Place(ErrorCode code, String message, String source, int start) {}

    private record Found(Diagnostic diagnostic, List<Cell> cells) {}

    CellCheck(GridSetup setup, ProcessEnvironment environment, RunFlags flags, CancelToken cancel) {
        this.setup = setup;
        this.environment = environment;
        this.flags = flags;
        this.cancel = cancel;
    }

    /** @return 0 where nothing is wrong, else the exit code */
    int run(Reporting reporting) {
        Lock lock = LockFile.of(setup.text(), environment.folder());
        reporting.progress().begin("check", setup.grid().size(), "cells");
        try {
            for (Cell cell : setup.grid().cells()) {
                cancel.check();
                check(cell, lock);
                reporting.progress().advance(1);
            }
        } finally {
            reporting.progress().end();
        }
        mistakes.values().stream().limit(MOST_SHOWN).forEach(it -> reporting.diagnostic(told(it)));
        int more = mistakes.size() - MOST_SHOWN;
        if (more > 0)
            reporting.messages().say("… and " + NumberText.count(more) + " more, which are shown once these are fixed");
        codes.remove(0);
        return codes.isEmpty() ? 0 : codes.size() == 1 ? codes.iterator().next() : WRONG;
    }

    /** The files that the cells will read. */
    Set<Path> reads() {
        return reads;
    }

    private void check(Cell cell, Lock lock) {
        CellFiles files = setup.files(cell);
        Session.Options options = new Session.Options(
                environment.folder(),
                files.folder(),
                cell.parameters(),
                files.confined(
                        flags.writing(environment),
                        ProtectedFiles.of(setup.text(), environment.folder(), files.folder(), flags.record)),
                setup.share());
        try (Session session = new Session(options, new Mistakes(cell), cancel, flags.variables(environment))) {
            codes.add(session.check(setup.text().source(), setup.text().folder(), lock));
            reads.addAll(session.needs().files());
        }
    }

    /** A mistake as the grid's user sees it: where not all cells have it, with those that do. */
    private Diagnostic told(Found found) {
        Diagnostic diagnostic = found.diagnostic();
        int count = found.cells().size();
        if (count == setup.grid().size()) return diagnostic;
        String note = "in the cell " + found.cells().getFirst().name()
                + (count == 1 ? "" : " and " + NumberText.count(count - 1) + " more");
        List<String> notes = new ArrayList<>(diagnostic.notes());
        notes.add(note);
        return diagnostic.withNotes(notes);
    }

    /** Collects the mistakes of one cell. */
    private final class Mistakes implements Output {
        private final Cell cell;

        Mistakes(Cell cell) {
            this.cell = cell;
        }

        @Override
        public void diagnostic(Diagnostic diagnostic) {
            if (!diagnostic.isError()) return;
            Diagnostic named = named(diagnostic);
            Place place = new Place(
                    named.code(),
                    named.message(),
                    named.span().source().name(),
                    named.span().start());
            mistakes.computeIfAbsent(place, it -> new Found(named, new ArrayList<>()))
                    .cells()
                    .add(cell);
        }

        /** The check knows only {@code -D}; here the value came from {@code --each}. */
        private Diagnostic named(Diagnostic diagnostic) {
            String message = diagnostic.message();
            for (String name : setup.grid().names()) {
                boolean unknown =
                        diagnostic.code() == ErrorCode.UNKNOWN_PARAMETER && message.startsWith("-D " + name + ":");
                boolean wrong = diagnostic.code() == ErrorCode.WRONG_PARAMETER && message.startsWith("`" + name + "` ");
                if (unknown) return diagnostic.withMessage(message.replaceFirst("-D", "--each"));
                if (wrong)
                    return diagnostic
                            .withMessage(message.replaceFirst(" -D gives ", " --each gives "))
                            .withHelp(diagnostic.help().replace("-D ", "--each "));
            }
            return diagnostic;
        }

        @Override
        public void result(Result result) {}

        @Override
        public void say(String message) {}

        @Override
        public Progress progress() {
            return Progress.NONE;
        }
    }
}
