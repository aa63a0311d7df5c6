package io.circuitscript.notebook;

import io.circuitscript.cli.console.ColorMode;
import io.circuitscript.cli.console.ExitCode;
import io.circuitscript.cli.console.ExitCodeMapping;
import io.circuitscript.cli.console.Messages;
import io.circuitscript.cli.console.ProcessEnvironment;
import io.circuitscript.cli.console.ProgressLine;
import io.circuitscript.cli.console.Reporting;
import io.circuitscript.cli.console.RunFlags;
import io.circuitscript.cli.console.ScriptText;
import io.circuitscript.engine.CancelToken;
import io.circuitscript.notebook.protocol.BadConnectionFile;
import io.circuitscript.notebook.protocol.ConnectionFile;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code circuit jupyter}: the kernel for Jupyter notebooks. */
@Command(
        name = "jupyter",
        description = "CircuitScript in Jupyter notebooks",
        customSynopsis = {
            "circuit jupyter install [--user | --sys-prefix | --prefix DIR]",
            "       circuit jupyter kernel CONNECTION-FILE   what Jupyter runs"
        },
        footerHeading = "%n",
        footer = "docs/notebook.md tells of notebooks.",
        sortOptions = false)
final class JupyterCommand implements Callable<Integer> {
    private final ProcessEnvironment environment;
    private final RunFlags flags;

    JupyterCommand(ProcessEnvironment environment, RunFlags flags) {
        this.environment = environment;
        this.flags = flags;
    }

    private Messages messages() {
        return new Messages(environment, flags.color, ProgressLine.NONE);
    }

    @Override
    public Integer call() {
        return messages()
                .usage("circuit jupyter needs a command", "circuit jupyter install makes the kernel known to Jupyter");
    }

    @Command(
            name = "install",
            description = "make CircuitScript known to Jupyter; may be repeated",
            customSynopsis = {
                "circuit jupyter install [--user | --sys-prefix | --prefix DIR]",
                "                               [--allow-write DIR…]"
            },
            footerHeading = "%n",
            footer = {"Options such as --offline, --read-only and --allow-write then hold in every", "notebook."},
            sortOptions = false)
    int install(@ArgGroup(exclusive = true) Place place) {
        Reporting reporting = Reporting.of(environment, flags);
        return new ExitCodeMapping(reporting, new CancelToken()).run(() -> {
            KernelSpec spec = new KernelSpec(environment, flags);
            Place where = place == null ? new Place() : place;
            if (where.sysPrefix && spec.pythonEnvironment().isEmpty())
                return messages()
                        .usage(
                                "no Python environment is active: neither VIRTUAL_ENV nor CONDA_PREFIX is set",
                                "activate one, or name its folder: circuit jupyter install --prefix DIR");
            if (where.prefix != null && where.prefix.isBlank())
                return messages().usage("--prefix names no folder", "circuit jupyter install --prefix DIR");
            if (where.sysPrefix) spec.installUnder(spec.pythonEnvironment().orElseThrow());
            else if (where.prefix != null) spec.installUnder(ScriptText.resolve(where.prefix, environment.folder()));
            else spec.installForUser();
            return ExitCode.OK;
        });
    }

    @Command(
            name = "kernel",
            description = "run a kernel; Jupyter starts it so",
            customSynopsis = "circuit jupyter kernel CONNECTION-FILE",
            footerHeading = "%n",
            footer = "Jupyter writes the connection file and ends the kernel.",
            sortOptions = false)
    int kernel(
            @Parameters(
                            index = "0",
                            paramLabel = "CONNECTION-FILE",
                            description = "where to listen, as Jupyter writes it down")
                    String file,
            @Parameters(index = "1..*", arity = "0..*", hidden = true) String[] passed) {
        // What `jupyter run FILE` is told it passes on to the kernel as well, and sends the file's text as a cell.
        Messages messages = new Messages(environment, ColorMode.NEVER, ProgressLine.NONE);
        try {
            ConnectionFile connection = ConnectionFile.read(ScriptText.resolve(file, environment.folder()));
            new Kernel(environment, flags, () -> Runtime.getRuntime().halt(ExitCode.OK)).serve(connection);
            return ExitCode.OK;
        } catch (BadConnectionFile wrong) {
            messages.usage(
                    "the connection file " + file + " cannot be used: " + wrong.getMessage(),
                    "Jupyter writes this file and starts the kernel; see circuit jupyter install");
            return ExitCode.INPUT;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return ExitCode.INTERRUPTED;
        }
    }

    /** Where the kernel is installed. */
    static final class Place {
        @Option(names = "--user", description = "for this user, in all Python environments (default)")
        private boolean user;

        @Option(names = "--sys-prefix", description = "in the Python environment that is active")
        private boolean sysPrefix;

        @Option(names = "--prefix", paramLabel = "DIR", description = "in the Python environment in this folder")
        private String prefix;
    }
}
