package io.circuitscript.cli;

import java.io.PrintWriter;
import java.util.List;
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
            "circuit                the prompt, where a person types",
            "       circuit run FILE [-D NAME=VALUE…] [--out DIR] [--json] [--timings] [--quiet]",
            "       circuit -c \"CODE\"      run the text",
            "       … | circuit            run a script from a pipe",
            "       circuit bench [MODEL]  how fast, and how near the machine's own speed"
        },
        descriptionHeading = "%n",
        optionListHeading = "%nOptions%n",
        commandListHeading = "%nCommands%n",
        footerHeading = "%nExit codes%n",
        footer = {
            "  0 done, 1 an expect does not hold, 64 wrong usage, 65 a mistake in the script or an input,",
            "  66 a file or model is missing, 69 no network or device, 70 a failure while running, 130 interrupted",
            "",
            "Not available yet: fmt, check, verify, lock, models, doctor, help"
        },
        versionProvider = CircuitCommand.Version.class,
        scope = ScopeType.INHERIT,
        sortOptions = false,
        usageHelpWidth = 110)
final class CircuitCommand implements Callable<Integer> {
    /** Commands of the language's reference that come with a later version. */
    static final List<String> LATER = List.of("fmt", "check", "verify", "lock", "models", "doctor", "help");

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
        CommandLine commandLine = commandLine(surroundings);
        try {
            return commandLine.execute(args);
        } finally {
            surroundings.out().text().flush();
        }
    }

    private static CommandLine commandLine(Surroundings surroundings) {
        CircuitCommand root = new CircuitCommand(surroundings);
        CommandLine commandLine = new CommandLine(root);
        commandLine.addSubcommand("run", new RunCommand(root));
        commandLine.addSubcommand("bench", new BenchCommand(root));
        for (String name : LATER) commandLine.addSubcommand(name, new LaterCommand(root, name));
        return commandLine
                .setOverwrittenOptionsAllowed(true) // the last one counts, as an alias with options needs
                .setHelpFactory(SpacedHelp::new)
                .setExpandAtFiles(false) // a node pattern or a code text may begin with @
                .setOut(new PrintWriter(surroundings.out().text(), true))
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
        if (flags.later().isPresent()) return later(flags.later().get());
        if (code != null) return new ScriptRun(surroundings, flags).code(code);
        if (surroundings.terminals().in()) return new PromptRun(surroundings, flags).run(version());
        return new ScriptRun(surroundings, flags).pipe();
    }

    int runFile(String file) {
        if (flags.later().isPresent()) return later(flags.later().get());
        if (code != null) return messages().usage("-c runs a text and 'run' runs a file: give one of them", "");
        return new ScriptRun(surroundings, flags).file(file);
    }

    int bench(BenchRun.Request request) {
        if (flags.later().isPresent()) return later(flags.later().get());
        if (code != null) return messages().usage("-c runs a text and 'bench' runs none: give one of them", "");
        return new BenchRun(surroundings, flags).run(request);
    }

    int later(String what) {
        surroundings.err().println("not available yet: " + what);
        return ExitCode.USAGE;
    }

    private Messages messages() {
        return new Messages(surroundings, flags.color, ProgressLine.NONE);
    }

    private static String version() {
        String version = CircuitCommand.class.getPackage().getImplementationVersion();
        return version == null ? "(built from classes)" : version;
    }

    static final class Version implements IVersionProvider {
        @Override
        public String[] getVersion() {
            return new String[] {"circuit " + version()};
        }
    }
}
