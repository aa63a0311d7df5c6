package io.circuitscript.cli.console;

import io.circuitscript.engine.CancelToken;
import io.circuitscript.runtime.value.HeapFull;
import io.circuitscript.source.ErrorCode;
import io.circuitscript.source.UserError;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.function.IntSupplier;

/** Runs the work of a command and turns however it ends, exceptions included, into a message and an exit code. */
public record ExitCodeMapping(Reporting reporting, Interruption interruption) {
    /** @param cancel what an interrupt sets */
    public ExitCodeMapping(Reporting reporting, CancelToken cancel) {
        this(reporting, new Interruption(cancel, reporting.messages()));
    }

    /** @param work gives the exit code where nothing ends it before */
    public int run(IntSupplier work) {
        try {
            int code = work.getAsInt();
            // A terminal that was closed takes no results: a run that goes on gives them all again.
            if (code == ExitCode.RESUMABLE && interruption.asked()) return code;
            return written().orElse(code);
        } catch (CancellationException interrupted) {
            return written().orElse(ExitCode.INTERRUPTED);
        } catch (UserError mistake) {
            return reporting.mistake(mistake);
        } catch (OutOfMemoryError full) {
            return reporting.mistake(HeapFull.error(full));
        } catch (StackOverflowError deep) {
            return reporting.mistake(UserError.failure(
                    ErrorCode.TOO_DEEP, "the input is nested too deeply", "write it in smaller steps"));
        } catch (RuntimeException | Error defect) {
            Optional<UserError> limit = MachineLimits.of(defect);
            if (limit.isPresent()) return reporting.mistake(limit.get());
            reporting.json().ifPresent(lines -> lines.mistake(ErrorCode.DEFECT, defect.toString(), List.of(), ""));
            return reporting.messages().defect(defect);
        }
    }

    /** The part of the work that asks whether it shall stop: all else is ended by Ctrl-C there and then, as a wait for a script from a pipe. */
    public int interruptible(IntSupplier part) {
        Signals.Registration registration =
                reporting.environment().signals().onInterruptOrEnd(interruption::interrupt, interruption::end);
        try (registration) {
            return part.getAsInt();
        }
    }

    /** The exit code where results could not be written: that counts for more than what the work itself came to. */
    private Optional<Integer> written() {
        return reporting.environment().out().failure().map(failure -> lost(failure, reporting.messages()));
    }

    /** Says that results are lost, where anybody is left to read them. @return the exit code */
    public static int lost(IOException failure, Messages messages) {
        if (ResultStream.isReaderGone(failure)) return ExitCode.READER_GONE;
        return messages.mistake(UserError.failure(
                ErrorCode.RESULTS_NOT_WRITTEN,
                "the results cannot be written to standard output: " + failure.getMessage(),
                ""));
    }
}
