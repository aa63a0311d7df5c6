package io.circuitscript.cli.each;

import io.circuitscript.cli.console.ExitCode;
import io.circuitscript.io.AtomicFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.List;
import java.util.Optional;

/**
 * How a cell ended.
 *
 * @param message why it failed, in one line
 */
record Outcome(Cell cell, int exitCode, String message, Optional<CellResult> result) {
    private static final int SIGNALS = 128;
    private static final long MOST_READ = 1 << 20;

    static Outcome of(Cell cell, CellResult result) {
        String message = result.message().isEmpty() ? "exit code " + result.exitCode() : result.message();
        return new Outcome(cell, result.exitCode(), message, Optional.of(result));
    }

    /** Of a process that has ended. */
    static Outcome of(Cell cell, CellFiles files, int exitCode) {
        Optional<CellResult> result = CellResult.read(files, cell);
        if (result.isPresent() && result.get().exitCode() == exitCode) return of(cell, result.get());
        // It could not even say how it ended: Java itself ends with 1, which means something else here.
        boolean ours = exitCode == ExitCode.RESUMABLE
                || exitCode == ExitCode.INTERRUPTED
                || exitCode >= 64 && exitCode < SIGNALS;
        String how = exitCode > SIGNALS
                ? "the process was ended by signal " + (exitCode - SIGNALS)
                : "the process ended with exit code " + exitCode + " and gave no result";
        String why = AtomicFile.isFull(files.folder()) ? "; the disk is full" : "";
        String message = lastError(files).orElse(how) + why;
        return new Outcome(cell, ours ? exitCode : ExitCode.FAILURE, message, Optional.empty());
    }

    boolean finished() {
        return exitCode == ExitCode.OK && result.isPresent();
    }

    /** Whether a signal stopped it, so that it is neither finished nor failed. */
    boolean interrupted() {
        return exitCode == ExitCode.RESUMABLE || exitCode == ExitCode.INTERRUPTED;
    }

    private static Optional<String> lastError(CellFiles files) {
        try {
            if (Files.size(files.log()) > MOST_READ) return Optional.empty();
            List<String> lines = new String(Files.readAllBytes(files.log()), StandardCharsets.UTF_8)
                    .lines()
                    .toList();
            return lines.stream().filter(line -> line.startsWith("error")).findFirst();
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}
