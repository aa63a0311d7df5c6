package io.circuitscript.cli.console;

import io.circuitscript.runtime.value.HeapFull;
import io.circuitscript.source.ErrorCode;
import io.circuitscript.source.UserError;
import java.io.FileInputStream;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** Recognises exceptions that mean a limit of the machine, not a defect: open files, memory, threads. */
public final class MachineLimits {
    private static final String FILES = "oo many open files";

    private MachineLimits() {}

    /** What a user is told where something was thrown because of a limit; empty where no limit is known to be why. */
    public static Optional<UserError> of(Throwable thrown) {
        for (Throwable e = thrown; e != null; e = e.getCause()) {
            if (String.valueOf(e.getMessage()).contains(FILES)) return Optional.of(files(e.getMessage()));
            if (e instanceof OutOfMemoryError full) return Optional.of(HeapFull.error(full));
        }
        // Why a class cannot be read from its archive is not passed on.
        if (thrown instanceof LinkageError) return fileRefused().map(MachineLimits::files);
        return Optional.empty();
    }

    private static UserError files(String said) {
        return new UserError(
                UserError.Kind.FAILURE,
                ErrorCode.TOO_MANY_FILES,
                "the limit of open files is reached",
                List.of("the system says: " + said),
                "raise the limit: ulimit -n 1024");
    }

    /** The system's message where no more files can be opened. */
    private static Optional<String> fileRefused() {
        try (FileInputStream one = new FileInputStream("/dev/null")) {
            return one.getFD().valid() ? Optional.empty() : Optional.of("no file");
        } catch (IOException e) {
            return Optional.of(String.valueOf(e.getMessage())).filter(it -> it.contains(FILES));
        }
    }
}
