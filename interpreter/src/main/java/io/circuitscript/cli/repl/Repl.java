package io.circuitscript.cli.repl;

import io.circuitscript.cli.console.WrappedText;
import io.circuitscript.io.AtomicFile;
import io.circuitscript.runtime.Session;
import io.circuitscript.source.ErrorCode;
import io.circuitscript.source.Source;
import io.circuitscript.source.UserError;
import io.circuitscript.syntax.Parsed;
import io.circuitscript.syntax.Parser;
import io.circuitscript.syntax.Statement;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The prompt: reads an input, runs it, and goes on, whatever happens. */
public final class Repl {
    private static final Set<String> FAREWELLS = Set.of("exit", "quit", "exit()", "quit()");

    /**
     * @param in where lines come from on a terminal that nothing can be drawn on
     * @param color whether what is typed is coloured
     * @param welcome whether to begin with a word on how to go on
     */
    public record Options(
            Session.Options session,
            Map<String, String> environment,
            InputStream in,
            boolean color,
            boolean welcome,
            String version) {}

    private final Options options;
    private final Screen screen;
    private final ReplHost host;
    private ReplSession session;
    private int inputs;

    public Repl(Options options, Screen screen, ReplHost host) {
        this.options = options;
        this.screen = screen;
        this.host = host;
        this.session = new ReplSession(options.session(), options.environment(), host);
    }

    /** Reads and runs inputs until the user leaves. */
    public void run() {
        if (options.welcome()) {
            host.screen()
                    .println("CircuitScript " + options.version() + ". Try `load demo`; Tab completes, Ctrl-D leaves.");
            tell("`help` lists the statements, `help greedy` explains one, `:help` the prompt.");
        }
        try (InputReader lines = lines()) {
            boolean stays = true;
            while (stays) {
                Optional<String> input = lines.next();
                stays = input.isPresent() && take(input.get());
            }
        } finally {
            session.close();
        }
    }

    private InputReader lines() {
        return screen.terminal()
                .<InputReader>map(terminal -> new EditingInputReader(
                        terminal, () -> session, options.color(), HistoryFile.of(options.environment())))
                .orElseGet(() -> new PlainInputReader(options.in(), host.screen(), host));
    }

    /** @return whether the person stays */
    private boolean take(String input) {
        String text = input.strip();
        if (text.isEmpty()) return true;
        if (FAREWELLS.contains(text) && !session.variables().containsKey(text)) return false;
        try {
            if (MetaCommand.is(text)) return obey(MetaCommand.read(text));
            enter(text.startsWith("?") ? "help " + text.substring(1).strip() : input);
        } catch (UserError mistake) {
            host.mistake(mistake);
        } catch (BadMetaCommand said) {
            host.notUnderstood(said.getMessage(), said.help());
        }
        return true;
    }

    private void enter(String input) {
        Source source = new Source("<repl:" + ++inputs + ">", input);
        Parsed parsed = Parser.parse(source);
        host.setLabelled(parsed.statements().size() != 1
                || !speaksOnce(parsed.statements().getFirst()));
        session.enter(source, session.folder());
    }

    /** Whether an input has at most one result. Its statement, typed just above, is then not repeated. */
    private static boolean speaksOnce(Statement statement) {
        return switch (statement) {
            case Statement.Command _,
                    Statement.Let _,
                    Statement.Param _,
                    Statement.Print _,
                    Statement.Expect _,
                    Statement.CircuitDefinition _,
                    Statement.MetricDefinition _,
                    Statement.GenerateData _,
                    Statement.Help _,
                    Statement.Unknown _ -> true;
            case Statement.For _,
                    Statement.While _,
                    Statement.Quiet _,
                    Statement.Jump _,
                    Statement.Return _,
                    Statement.If _,
                    Statement.Def _,
                    Statement.Import _,
                    Statement.TaskDefinition _,
                    Statement.ExpressionStatement _ -> false;
        };
    }

    private boolean obey(MetaCommand.Given given) {
        switch (given.command()) {
            case HELP -> metaHelp();
            case LIST -> list();
            case SAVE -> save(given.operand(), given.forced());
            case LOAD -> load(given.operand());
            case ALL -> {
                if (!host.showAll())
                    host.say("nothing was cut short; for a list that ends with `… and N more`, give top=N");
            }
            case TIME ->
                host.say(
                        host.toggleTimings()
                                ? "statements show how long they took; :time again turns that off"
                                : "times are no longer shown");
            case RESET -> reset();
            case QUIT -> {
                return false;
            }
        }
        return true;
    }

    private void metaHelp() {
        for (MetaCommand command : MetaCommand.values())
            tell(String.format(Locale.ROOT, "  %-12s%s", command.usage(), command.doc()));
        tell("");
        tell(
                "Tab completes, Ctrl-R searches what was typed before, Ctrl-C clears the line or stops what runs, Ctrl-D leaves.");
        tell(
                "_ is the last result; looking at its fields, as in `_.faithfulness`, does not change that. Files are looked for in the folder in which circuit was started.");
    }

    private void tell(String line) {
        WrappedText.of(line, screen.width()).forEach(host.screen()::println);
    }

    private void list() {
        List<String> statements = session.log().statements();
        if (statements.isEmpty()) host.say("nothing has run yet");
        for (int i = 0; i < statements.size(); i++) {
            String number = String.format(Locale.ROOT, "%4d  ", i + 1);
            host.screen().println(number + statements.get(i).replace("\n", "\n" + " ".repeat(number.length())));
        }
    }

    private void save(String name, boolean forced) {
        if (session.log().isEmpty())
            throw new BadMetaCommand("nothing has run yet", "a script is made of statements that ran");
        Path file = host.resolve(name);
        if (Files.exists(file) && !forced) {
            throw UserError.input(
                    ErrorCode.WOULD_OVERWRITE,
                    "there is a file " + name + " already",
                    "give another name, or :save! " + name + " to write over it");
        }
        session.checkKept(name, file.toAbsolutePath().normalize());
        byte[] script = session.log().script(file.toAbsolutePath().getParent()).getBytes(StandardCharsets.UTF_8);
        AtomicFile.write(file, out -> out.write(script));
        host.say("wrote " + name + "; it runs with `circuit run " + name + "`");
    }

    private void load(String name) {
        ReplHost.Text script = host.read(name);
        host.setLabelled(true);
        session.enter(script.source(), script.folder());
    }

    private void reset() {
        session.close();
        session = new ReplSession(options.session(), options.environment(), host);
        host.say("everything is forgotten");
    }
}
