package io.circuitscript.cli;

import io.circuitscript.cli.console.ColorMode;
import io.circuitscript.cli.console.ExitCode;
import io.circuitscript.cli.console.ExitCodeMapping;
import io.circuitscript.cli.console.Messages;
import io.circuitscript.cli.console.ProcessEnvironment;
import io.circuitscript.cli.console.ProgramVersion;
import io.circuitscript.cli.console.ProgressLine;
import io.circuitscript.cli.console.RunFlags;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** {@code circuit}: runs the text of {@code -c} or of a pipe, and leads to the other commands. */
@Command(
        name = "circuit",
        description = "Finds and tests circuits in transformer language models.",
        synopsisHeading = "Usage: ",
        customSynopsis = {
            "circuit                open the prompt",
            "       circuit run FILE [-D NAME=VALUE…] [--out DIR] [--json] [--timings]",
            "                        [--quiet] [--record] [--resume]",
            "       circuit run FILE --each NAME=LIST…   run it once for each combination",
            "       circuit -c \"CODE\"      run the text",
            "       … | circuit            run a script from a pipe",
            "       circuit COMMAND --help explain a command",
            "       circuit help           explain the language"
        },
        descriptionHeading = "%n",
        optionListHeading = "%nOptions%n",
        commandListHeading = "%nCommands%n",
        footerHeading = "%nExit codes%n",
        footer = {
            "   0  done",
            "   1  an expect does not hold; 'verify', 'fmt --check' or 'doctor --device'",
            "      finds a difference",
            "  64  wrong usage",
            "  65  a mistake in the script or an input",
            "  66  a file or model is missing",
            "  69  no network or device",
            "  70  a failure while running",
            "  75  interrupted; run --resume continues",
            " 130  interrupted"
        },
        versionProvider = CircuitCommand.Version.class,
        scope = ScopeType.INHERIT,
        sortOptions = false,
        usageHelpWidth = 80)
public final class CircuitCommand implements Callable<Integer> {
    /** What lists commands, or completes them. */
    private static final Set<String> LISTING = Set.of("-h", "--help", "completion");

    private final ProcessEnvironment environment;

    @Option(names = "-c", paramLabel = "CODE", description = "run this text")
    private String code;

    @Mixin
    private RunFlags flags = new RunFlags();

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            scope = ScopeType.INHERIT,
            description = "show this page")
    private boolean help;

    @Option(
            names = {"-V", "--version"},
            versionHelp = true,
            scope = ScopeType.INHERIT,
            description = "show the version")
    private boolean version;

    private final Invocation invocation;

    private CircuitCommand(ProcessEnvironment environment) {
        this.environment = environment;
        this.invocation = new Invocation(environment, flags, () -> code);
    }

    /** Runs one command line and gives its exit code. Never throws and never exits. */
    public static int run(String[] args, ProcessEnvironment environment) {
        int code = commandLine(environment, List.of(args)).execute(args);
        Optional<IOException> failure = environment.out().failure();
        if (code != ExitCode.OK) return code;
        var messages = new Messages(environment, ColorMode.AUTO, ProgressLine.NONE);
        return failure.map(lost -> ExitCodeMapping.lost(lost, messages)).orElse(code);
    }

    /** @param args where none of them is a command of ours, or commands are listed, those of other modules are looked for */
    private static CommandLine commandLine(ProcessEnvironment environment, List<String> args) {
        CircuitCommand root = new CircuitCommand(environment);
        CommandLine commandLine = new CommandLine(root);
        commandLine.addSubcommand("run", new RunCommand(root.invocation));
        commandLine.addSubcommand("slurm", new SlurmCommand(root.invocation));
        commandLine.addSubcommand("check", new CheckCommand(root.invocation));
        commandLine.addSubcommand("fmt", new FormatCommand(root.invocation));
        commandLine.addSubcommand("bench", new BenchCommand(root.invocation));
        commandLine.addSubcommand("doctor", new DoctorCommand(root.invocation));
        commandLine.addSubcommand("help", new HelpCommand(root.invocation));
        commandLine.addSubcommand("completion", new CompletionCommand(root.invocation));
        commandLine.addSubcommand("models", new ModelsCommand(root.invocation));
        commandLine.addSubcommand("verify", new VerifyCommand(root.invocation));
        commandLine.addSubcommand("lock", new LockCommand(root.invocation));
        Set<String> ours = Set.copyOf(commandLine.getSubcommands().keySet());
        boolean listed = args.stream().anyMatch(LISTING::contains);
        if (listed || args.stream().noneMatch(ours::contains) && args.stream().anyMatch(it -> it.matches("[a-z]+")))
            ModuleCommands.all(environment, root.flags).forEach(commandLine::addSubcommand);
        return commandLine
                .setOverwrittenOptionsAllowed(true) // the last one counts, as an alias with options needs
                .setHelpFactory((command, colors) -> new UsageHelp(command, colors, ours))
                .setExpandAtFiles(false) // a node pattern or a code text may begin with @
                .setOut(new PrintWriter(environment.out().exact(), true))
                .setErr(new PrintWriter(environment.err(), true))
                .setParameterExceptionHandler(new UsageMistakes(environment))
                .setExecutionExceptionHandler(
                        (defect, line, parsed) -> root.invocation.messages().defect(defect))
                .setExecutionStrategy(parsed -> {
                    boolean color = root.flags.color.on(environment.terminals().out(), environment.variables());
                    commandLine.setColorScheme(CommandLine.Help.defaultColorScheme(color ? Ansi.ON : Ansi.OFF));
                    return new CommandLine.RunLast().execute(parsed);
                });
    }

    @Override
    public Integer call() {
        if (flags.record) return invocation.unrecorded();
        if (flags.resume) return invocation.unresumed();
        if (code != null) return new ScriptRun(environment, flags).code(code);
        if (environment.terminals().in()) return new PromptRun(environment, flags).run(ProgramVersion.number());
        return new ScriptRun(environment, flags).pipe();
    }

    static final class Version implements IVersionProvider {
        @Override
        public String[] getVersion() {
            return new String[] {ProgramVersion.withCommit()};
        }
    }
}
