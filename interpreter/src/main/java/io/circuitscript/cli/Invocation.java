package io.circuitscript.cli;

import io.circuitscript.cli.console.Messages;
import io.circuitscript.cli.console.ProcessEnvironment;
import io.circuitscript.cli.console.ProgressLine;
import io.circuitscript.cli.console.RunFlags;
import java.util.function.IntSupplier;
import java.util.function.Supplier;

/**
 * What all commands of one command line share: the process environment, and the options that may stand before the
 * command's name.
 */
final class Invocation {
    private final ProcessEnvironment environment;
    private final RunFlags flags;
    private final Supplier<String> code;

    /** @param code the text of {@code -c}, or null */
    Invocation(ProcessEnvironment environment, RunFlags flags, Supplier<String> code) {
        this.environment = environment;
        this.flags = flags;
        this.code = code;
    }

    ProcessEnvironment environment() {
        return environment;
    }

    RunFlags flags() {
        return flags;
    }

    String code() {
        return code.get();
    }

    Messages messages() {
        return new Messages(environment, flags.color, ProgressLine.NONE);
    }

    /** Refuses {@code --record} for a text that is not in a file: a record names a script that can be run again. */
    int unrecorded() {
        return messages()
                .usage(
                        "--record is for a script in a file",
                        "as in: circuit run examples/greater-than.circuit --record");
    }

    /** Refuses to save or resume a text that is not in a file. */
    int unresumed() {
        return messages()
                .usage(
                        "--resume is for a script in a file",
                        "as in: circuit run examples/greater-than.circuit --resume");
    }

    /** Runs a command that runs no script and records nothing. */
    int withoutCode(String command, IntSupplier work) {
        if (flags.record) return unrecorded();
        if (flags.resume) return unresumed();
        if (code() != null) return messages().usage("'" + command + "' does not take -c", "");
        return work.getAsInt();
    }
}
