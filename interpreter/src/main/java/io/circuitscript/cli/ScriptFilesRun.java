package io.circuitscript.cli;

import io.circuitscript.cli.console.ExitCode;
import io.circuitscript.cli.console.ExitCodeMapping;
import io.circuitscript.cli.console.ProcessEnvironment;
import io.circuitscript.cli.console.Reporting;
import io.circuitscript.cli.console.RunFlags;
import io.circuitscript.cli.console.ScriptText;
import io.circuitscript.engine.CancelToken;
import io.circuitscript.source.Visible;
import java.util.function.ToIntFunction;

/**
 * A command over several scripts that are not run, such as {@code check}. A mistake in one does not keep it from the
 * next.
 */
final class ScriptFilesRun {
    private final ProcessEnvironment environment;
    private final Reporting reporting;
    private final boolean quiet;

    ScriptFilesRun(ProcessEnvironment environment, RunFlags flags) {
        this.environment = environment;
        reporting = Reporting.of(environment, flags);
        quiet = flags.quiet;
    }

    ProcessEnvironment environment() {
        return environment;
    }

    Reporting reporting() {
        return reporting;
    }

    /** Shows that a file is in order. */
    void note(String message) {
        if (!quiet) environment.err().println(Visible.line(message));
    }

    /** The exit code of them all: a failure before a mistake, a mistake before what is missing, and that before what only differs. */
    int each(Iterable<String> files, ToIntFunction<ScriptText> work) {
        int worst = ExitCode.OK;
        for (String file : files) {
            int code = new ExitCodeMapping(reporting, new CancelToken()).run(() -> work.applyAsInt(read(file)));
            if (code == ExitCode.READER_GONE) return code;
            if (rank(code) > rank(worst)) worst = code;
        }
        return worst;
    }

    private ScriptText read(String file) {
        return file.equals("-")
                ? ScriptText.ofPipe(environment.in(), environment.folder())
                : ScriptText.ofFile(file, environment.folder());
    }

    private static int rank(int code) {
        return switch (code) {
            case ExitCode.OK -> 0;
            case ExitCode.DIFFERS -> 1;
            case ExitCode.MISSING -> 2;
            case ExitCode.INPUT -> 3;
            default -> 4;
        };
    }
}
