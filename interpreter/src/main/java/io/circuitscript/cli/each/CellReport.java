package io.circuitscript.cli.each;

import io.circuitscript.cli.console.ExitCode;
import io.circuitscript.cli.console.ProcessEnvironment;
import io.circuitscript.cli.console.Reporting;
import io.circuitscript.cli.console.RunFlags;
import io.circuitscript.runtime.value.NumberText;
import io.circuitscript.runtime.value.ResultFields;
import io.circuitscript.source.ErrorCode;
import io.circuitscript.source.UserError;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Writes the table, and tells which cells failed and where they say why. */
final class CellReport {
    /** More failing or missing cells than this are only counted. */
    private static final int MOST_NAMED = 20;

    private final GridSetup setup;
    private final Reporting reporting;
    private final ProcessEnvironment environment;
    private final RunFlags flags;

    CellReport(GridSetup setup, Reporting reporting, ProcessEnvironment environment, RunFlags flags) {
        this.setup = setup;
        this.reporting = reporting;
        this.environment = environment;
        this.flags = flags;
    }

    /** Of a run that was interrupted: no table, for it would look like a whole one. */
    int stopped(List<Optional<Outcome>> outcomes) {
        long finished = outcomes.stream()
                .filter(it -> it.filter(Outcome::finished).isPresent())
                .count();
        reporting
                .messages()
                .say(finished + " of " + outcomes.size() + " cells are finished; to go on: " + setup.again("--resume"));
        return ExitCode.INTERRUPTED;
    }

    /** @return the exit code of the cells where they agree, else 70 */
    int end(List<Optional<Outcome>> outcomes) {
        CellTable table = new CellTable(setup.grid());
        Set<Integer> codes = new TreeSet<>();
        List<String> lacking = new ArrayList<>();
        int missing = 0;
        for (Cell cell : setup.grid().cells()) {
            Optional<Outcome> outcome = outcomes.get(cell.index());
            if (outcome.isEmpty()) missing++;
            codes.add(outcome.map(Outcome::exitCode).orElse(ExitCode.FAILURE));
            if (outcome.filter(Outcome::finished).isPresent())
                table.add(cell, outcome.get().result().orElseThrow());
            else lacking.add(outcome.map(this::failure).orElse(cell.name() + " has not run to its end"));
        }
        int finished = outcomes.size() - lacking.size();
        // The file that is there is an earlier table of these cells: it does not stay where none is left.
        if (finished > 0) table.write(setup.table());
        else removeTable();
        setup.header().noteTable(setup.table());
        if (!lacking.isEmpty()) tell(lacking, missing, outcomes.size());
        summary(table, finished, outcomes.size());
        return codes.size() == 1 ? codes.iterator().next() : ExitCode.FAILURE;
    }

    private void removeTable() {
        try {
            Files.deleteIfExists(setup.table());
        } catch (IOException e) {
            throw UserError.failure(
                    ErrorCode.CANNOT_WRITE,
                    "the earlier table " + setup.shown(setup.table()) + " cannot be removed",
                    "remove it: its cells failed since");
        }
    }

    private String failure(Outcome outcome) {
        return outcome.cell().name() + ": " + outcome.message() + " (log: "
                + setup.shown(setup.files(outcome.cell()).log()) + ")";
    }

    private void tell(List<String> lacking, int missing, int all) {
        List<String> notes = new ArrayList<>(lacking.subList(0, Math.min(MOST_NAMED, lacking.size())));
        int more = lacking.size() - notes.size();
        if (more > 0) notes.add("… and " + NumberText.count(more) + " more");
        int failed = lacking.size() - missing;
        String message = failed == 0
                ? NumberText.count(missing) + " of " + NumberText.count(all) + " cells are missing"
                : NumberText.count(failed) + " of " + NumberText.count(all) + " cells failed"
                        + (missing == 0 ? "" : ", and " + NumberText.count(missing) + " are missing");
        reporting.mistake(new UserError(
                UserError.Kind.FAILURE,
                failed == 0 ? ErrorCode.CELLS_MISSING : ErrorCode.CELLS_FAILED,
                message + (failed + missing == all ? "; there is no table" : "; the table is without them"),
                notes,
                "to run them again: " + setup.again("--resume")));
    }

    private void summary(CellTable table, int finished, int all) {
        String file = finished > 0 ? setup.shown(setup.table().toAbsolutePath().normalize()) : "";
        if (reporting.json().isPresent()) {
            reporting
                    .json()
                    .get()
                    .object(ResultFields.of("each")
                            .put("cells", all)
                            .put("finished", finished)
                            .put("rows", table.rows())
                            .put("table", file)
                            .done());
            return;
        }
        if (flags.quiet || finished == 0) return;
        environment
                .out()
                .text()
                .println(NumberText.count(finished) + " of " + NumberText.count(all) + " cells: "
                        + NumberText.count(table.rows()) + (table.rows() == 1 ? " row in " : " rows in ") + file);
    }
}
