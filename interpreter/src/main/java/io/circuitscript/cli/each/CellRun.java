package io.circuitscript.cli.each;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.circuitscript.cli.console.ExitCode;
import io.circuitscript.cli.console.ProcessEnvironment;
import io.circuitscript.cli.reproduce.FileLock;
import io.circuitscript.io.FileHashes;
import io.circuitscript.runtime.files.WritePermissions;
import io.circuitscript.runtime.state.MachineShare;
import io.circuitscript.runtime.state.RunDependencies;
import io.circuitscript.runtime.value.Value;
import io.circuitscript.source.ErrorCode;
import io.circuitscript.source.UserError;
import io.circuitscript.syntax.Statement;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;

/** The run of one cell in a process of its own: it hands over the script's last value, or its first mistake. */
public final class CellRun implements AutoCloseable {
    /** So long for a process that ran this cell before, and whose parent is gone, to save what it has. */
    private static final int PATIENCE_MILLIS = 60_000;

    private static final int STEP_MILLIS = 200;

    private final Cell cell;
    private final CellFiles files;
    private final MachineShare share;
    private final FileLock lock;
    private final FirstError errors = new FirstError();
    private boolean ours;
    private Value last = new Value.None();
    private boolean ofStatement;

    CellRun(Cell cell, CellFiles files, MachineShare share) {
        this.cell = cell;
        this.files = files;
        this.share = share;
        lock = new FileLock(files.lock());
    }

    public Cell cell() {
        return cell;
    }

    public CellFiles files() {
        return files;
    }

    public MachineShare share() {
        return share;
    }

    /** The same environment, whose errors the cell remembers. */
    public ProcessEnvironment environment(ProcessEnvironment environment) {
        return new ProcessEnvironment(
                environment.in(),
                environment.out(),
                errors.over(environment.err()),
                environment.terminals(),
                environment.folder(),
                environment.variables(),
                environment.signals());
    }

    public WritePermissions writing(WritePermissions writing, List<WritePermissions.Kept> kept) {
        return files.confined(writing, kept);
    }

    /** How often the cell was started before on a cluster; empty on this machine. */
    private static Optional<Integer> attempt() {
        return Optional.ofNullable(Integer.getInteger(CellProcess.ATTEMPT));
    }

    /** Whether another attempt may have saved what this one can go on with. */
    boolean goesOn() {
        return attempt().filter(it -> it > 0).isPresent();
    }

    /**
     * Takes the cell's folder for this process alone, and removes an earlier result.
     *
     * @param end is called where nobody waits for the cell any more
     * @return the exit code of another attempt, where one has come to the cell's end meanwhile
     */
    public Optional<Integer> begin(Runnable end) {
        ParentWatch.begin(end);
        files.check();
        try {
            // An attempt on another machine may go on for long; whoever has started this one ends it.
            boolean patient = attempt().isPresent();
            long until = System.nanoTime() + PATIENCE_MILLIS * 1_000_000L;
            while (!lock.claim()) {
                if (!patient && System.nanoTime() > until) throw taken();
                Thread.sleep(STEP_MILLIS);
            }
            if (patient) {
                Optional<Integer> other = CellResult.read(files, cell).map(CellResult::exitCode);
                if (other.isPresent()) return other;
                for (Path log : List.of(files.log(), files.lines())) empty(log);
            }
            ours = true;
            Files.deleteIfExists(files.result());
            return Optional.empty();
        } catch (IOException e) {
            throw UserError.failure(
                    ErrorCode.CANNOT_WRITE,
                    "the folder " + files.folder() + " cannot be made, or not be written to",
                    "give another folder with --out DIR");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw taken();
        }
    }

    /** The attempt before may have written to it. */
    private static void empty(Path log) throws IOException {
        if (!Files.exists(log)) return;
        try (FileChannel file = FileChannel.open(log, StandardOpenOption.WRITE)) {
            file.truncate(0);
        }
    }

    private UserError taken() {
        return UserError.failure(
                ErrorCode.SAVED_RUN_IN_USE,
                "another process runs the cell " + cell.name(),
                "wait for it, or stop it first");
    }

    /** Takes the value of a statement that ran to its end; the last one counts. */
    public void done(Statement statement, Value value) {
        last = value;
        ofStatement = value instanceof Value.Fields it && !it.isRecord();
    }

    /** Hands over a run that came to its end. */
    public void finished(int code, RunDependencies used) {
        if (code != ExitCode.OK) return;
        ObjectNode node = CellResult.begin(files, cell);
        CellResult.put(node, code, "");
        CellResult.put(node, last, ofStatement);
        CellResult.put(node, used, files.folder().toAbsolutePath().normalize(), new FileHashes());
        CellResult.write(files, node);
    }

    /** Hands over a run that failed. One that was interrupted has no result. */
    public void ended(int code) {
        if (!ours || code == ExitCode.OK || code == ExitCode.INTERRUPTED || code == ExitCode.RESUMABLE) return;
        ObjectNode node = CellResult.begin(files, cell);
        CellResult.put(node, code, errors.text());
        try {
            CellResult.write(files, node);
        } catch (UserError full) {
            return; // its log says what went wrong, and the exit code does
        }
    }

    @Override
    public void close() {
        lock.close();
    }
}
