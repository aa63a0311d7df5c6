package io.circuitscript.cli;

import io.circuitscript.cli.console.ExitCode;
import io.circuitscript.cli.console.MachineLimits;
import io.circuitscript.cli.console.ProcessEnvironment;
import io.circuitscript.source.UserError;
import java.util.Locale;
import java.util.Optional;

/** The main class: gives the real streams to {@link CircuitCommand} and calls {@link System#exit}. */
public final class Main {
    private Main() {}

    public static void main(String[] args) {
        // The libraries that print or draw ask for it: whatever the machine's is, numbers look the same.
        Locale.setDefault(Locale.ROOT);
        System.exit(forLauncher(code(args)));
    }

    /** What no command caught would end the process with 1, which means something else. */
    private static int code(String[] args) {
        try {
            return CircuitCommand.run(args, ProcessEnvironment.ofProcess());
        } catch (RuntimeException | Error e) {
            tell(e);
            return ExitCode.FAILURE;
        }
    }

    private static void tell(Throwable thrown) {
        try {
            Optional<UserError> limit = MachineLimits.of(thrown);
            System.err.println("error: " + limit.map(Throwable::getMessage).orElse("the program cannot start"));
            limit.ifPresentOrElse(it -> System.err.println("  = help: " + it.help()), thrown::printStackTrace);
        } catch (LinkageError noFile) {
            // Not even the classes that would report this can be loaded.
            System.err.println("error: the program's own files cannot be read: " + thrown);
            System.err.println("  = help: where 'ulimit -n' is small, raise it: ulimit -n 1024");
        }
    }

    /** The launcher that waits for the process asks for another code than 1, with which Java itself ends where it gets no memory. */
    private static int forLauncher(int code) {
        return code == ExitCode.DIFFERS ? Integer.getInteger("circuit.differs", code) : code;
    }
}
