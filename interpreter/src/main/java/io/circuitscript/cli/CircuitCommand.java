package io.circuitscript.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.IntSupplier;
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
            "circuit                the prompt, where a person types",
            "       circuit run FILE [-D NAME=VALUE…] [--out DIR] [--json] [--timings] [--quiet] [--record]",
            "                        [--resume]",
            "       circuit -c \"CODE\"      run the text",
            "       … | circuit            run a script from a pipe",
            "       circuit COMMAND --help what a command takes; 'circuit help' tells of the language"
        },
        descriptionHeading = "%n",
        optionListHeading = "%nOptions%n",
        commandListHeading = "%nCommands%n",
        footerHeading = "%nExit codes%n",
        footer = {
            "   0  done",
            "   1  an expect does not hold; 'verify' or 'fmt --check' finds a difference",
            "  64  wrong usage",
            "  65  a mistake in the script or an input",
            "  66  a file or model is missing",
            "  69  no network or device",
            "  70  a failure while running",
            "  75  interrupted with something to go on with: run --resume",
            " 130  interrupted"
        },
        versionProvider = CircuitCommand.Version.class,
        scope = ScopeType.INHERIT,
        sortOptions = false,
        usageHelpWidth = 110)
final class CircuitCommand implements Callable<Integer> {
    private final Surroundings surroundings;

    @Option(names = "-c", paramLabel = "CODE", description = "run this text")
    private String code;

    @Mixin
    private RunFlags flags = new RunFlags();

    @Option(names = {"-h", "--help"}, usageHelp = true, scope = ScopeType.INHERIT, description = "show this page")
    private boolean help;

    @Option(names = {"-V", "--version"}, versionHelp = true, scope = ScopeType.INHERIT, description = "show the version")
    private boolean version;

    private CircuitCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    /** Runs one command line and gives its exit code. Never throws and never exits. */
    static int run(String[] args, Surroundings surroundings) {
        int code = commandLine(surroundings).execute(args);
        Optional<IOException> failure = surroundings.out().failure();
        if (code != ExitCode.OK) return code;
        var messages = new Messages(surroundings, ColorMode.AUTO, ProgressLine.NONE);
        return failure.map(lost -> Attempt.lost(lost, messages)).orElse(code);
    }

    private static CommandLine commandLine(Surroundings surroundings) {
        CircuitCommand root = new CircuitCommand(surroundings);
        CommandLine commandLine = new CommandLine(root);
        commandLine.addSubcommand("run", new RunCommand(root));
        commandLine.addSubcommand("check", new CheckCommand(root));
        commandLine.addSubcommand("fmt", new FormatCommand(root));
        commandLine.addSubcommand("bench", new BenchCommand(root));
        commandLine.addSubcommand("doctor", new DoctorCommand(root));
        commandLine.addSubcommand("help", new HelpCommand(root));
        commandLine.addSubcommand("completion", new CompletionCommand(root));
        commandLine.addSubcommand("models", new ModelsCommand(root));
        commandLine.addSubcommand("verify", new VerifyCommand(root));
        commandLine.addSubcommand("lock", new LockCommand(root));
        return commandLine
                .setOverwrittenOptionsAllowed(true) // the last one counts, as an alias with options needs
                .setHelpFactory(SpacedHelp::new)
                .setExpandAtFiles(false) // a node pattern or a code text may begin with @
                .setOut(new PrintWriter(surroundings.out().exact(), true))
                .setErr(new PrintWriter(surroundings.err(), true))
                .setParameterExceptionHandler(new UsageMistakes(surroundings))
                .setExecutionExceptionHandler((defect, line, parsed) -> root.messages().defect(defect))
                .setExecutionStrategy(parsed -> {
                    boolean color = root.flags.color.on(surroundings.terminals().out(), surroundings.variables());
                    commandLine.setColorScheme(CommandLine.Help.defaultColorScheme(color ? Ansi.ON : Ansi.OFF));
                    return new CommandLine.RunLast().execute(parsed);
                });
    }

    @Override
    public Integer call() {
        if (flags.record) return unrecorded();
        if (flags.resume) return unresumed();
        if (code != null) return new ScriptRun(surroundings, flags).code(code);
        if (surroundings.terminals().in()) return new PromptRun(surroundings, flags).run(version());
        return new ScriptRun(surroundings, flags).pipe();
    }

    int runFile(String file) {
        if (code != null) return messages().usage("-c runs a text and 'run' runs a file: give one of them", "");
        if (flags.record && file.equals("-")) return unrecorded();
        if (flags.resume && file.equals("-")) return unresumed();
        return new ScriptRun(surroundings, flags).file(file);
    }

    /** A record names a script that can be run again. */
    private int unrecorded() {
        return messages().usage("--record is for a script in a file", "as in: circuit run examples/greater-than.circuit --record");
    }

    /** What is saved belongs to a script in a file. */
    private int unresumed() {
        return messages().usage("--resume is for a script in a file", "as in: circuit run examples/greater-than.circuit --resume");
    }

    int verify(String file, boolean anyway) {
        return withoutCode("verify", () -> {
            if (flags.parameters.isEmpty()) return new VerifyRun(surroundings, flags, anyway).run(file);
            return messages().usage("verify takes the parameters of the record: leave -D out", "");
        });
    }

    int lock(String file) {
        return withoutCode("lock", () -> new LockRun(surroundings, flags).run(file));
    }

    int bench(BenchRun.Request request) {
        return withoutCode("bench", () -> new BenchRun(surroundings, flags).run(request));
    }

    int check(List<String> files) {
        return withoutCode("check", () -> new CheckRun(surroundings, flags).run(files));
    }

    int format(List<String> files, boolean check) {
        return withoutCode("fmt", () -> new FormatRun(surroundings, flags, check).run(files));
    }

    /** @param word what help is wanted on, or null for an overview */
    int help(String word) {
        return withoutCode("help", () -> new HelpRun(surroundings, flags).run(word));
    }

    int doctor() {
        return withoutCode("doctor", () -> new DoctorRun(surroundings, flags).run());
    }

    int completion(String shell) {
        Optional<String> script = CompletionScript.of(shell, commandLine(surroundings));
        if (script.isEmpty()) return messages().usage("there is no completion for " + shell, "shells are bash, zsh and fish");
        surroundings.out().exact().print(script.get());
        return ExitCode.OK;
    }

    private int withoutCode(String command, IntSupplier work) {
        if (flags.record) return unrecorded();
        if (flags.resume) return unresumed();
        if (code != null) return messages().usage("-c runs a text and '" + command + "' runs none: give one of them", "");
        return work.getAsInt();
    }

    int models(List<String> names) {
        return withoutCode("models", () -> new ModelsRun(surroundings, flags).run(names));
    }

    private Messages messages() {
        return new Messages(surroundings, flags.color, ProgressLine.NONE);
    }

    static final class Version implements IVersionProvider {
        @Override
        public String[] getVersion() {
            return new String[] {versionText()};
        }
    }

    static String versionText() {
        return "circuit " + version();
    }

    private static String version() {
        String version = CircuitCommand.class.getPackage().getImplementationVersion();
        return version == null ? "(built from classes)" : version;
    }
}
