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

/** The prompt: reads an input, runs it, and goes on, whatever comes of it. */
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
    private final ReplHost desk;
    private ReplSession sitting;
    private int inputs;

    public Repl(Options options, Screen screen, ReplHost desk) {
        this.options = options;
        this.screen = screen;
        this.desk = desk;
        this.sitting = new ReplSession(options.session(), options.environment(), desk);
    }

    /** Goes on until the person leaves. */
    public void run() {
        if (options.welcome()) {
            desk.screen()
                    .println("CircuitScript " + options.version() + ". Try `load demo`; Tab completes, Ctrl-D leaves.");
            tell("`help` lists the statements, `help greedy` explains one, `:help` the prompt.");
        }
        try (Lines lines = lines()) {
            boolean stays = true;
            while (stays) {
                Optional<String> input = lines.next();
                stays = input.isPresent() && take(input.get());
            }
        } finally {
            sitting.close();
        }
    }

    private Lines lines() {
        return screen.terminal()
                .<Lines>map(terminal -> new EditedLines(
                        terminal, () -> sitting, options.color(), HistoryFile.of(options.environment())))
                .orElseGet(() -> new PlainLines(options.in(), desk.screen(), desk));
    }

    /** @return whether the person stays */
    private boolean take(String input) {
        String text = input.strip();
        if (text.isEmpty()) return true;
        if (FAREWELLS.contains(text) && !sitting.variables().containsKey(text)) return false;
        try {
            if (MetaCommand.is(text)) return obey(MetaCommand.read(text));
            enter(text.startsWith("?") ? "help " + text.substring(1).strip() : input);
        } catch (UserError mistake) {
            desk.mistake(mistake);
        } catch (NotUnderstood said) {
            desk.notUnderstood(said.getMessage(), said.help());
        }
        return true;
    }

    private void enter(String input) {
        Source source = new Source("<repl:" + ++inputs + ">", input);
        Parsed parsed = Parser.parse(source);
        desk.setLabelled(parsed.statements().size() != 1
                || !speaksOnce(parsed.statements().getFirst()));
        sitting.enter(source, sitting.folder());
    }

    /** Whether a statement has one result at most: what was typed just above needs no repeating. */
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
                if (!desk.showAll())
                    desk.say("nothing was cut short; for a list that ends with `… and N more`, give top=N");
            }
            case TIME ->
                desk.say(
                        desk.toggleTimings()
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
        WrappedText.of(line, screen.width()).forEach(desk.screen()::println);
    }

    private void list() {
        List<String> statements = sitting.ledger().statements();
        if (statements.isEmpty()) desk.say("nothing has run yet");
        for (int i = 0; i < statements.size(); i++) {
            String number = String.format(Locale.ROOT, "%4d  ", i + 1);
            desk.screen().println(number + statements.get(i).replace("\n", "\n" + " ".repeat(number.length())));
        }
    }

    private void save(String name, boolean forced) {
        if (sitting.ledger().isEmpty())
            throw new NotUnderstood("nothing has run yet", "a script is made of statements that ran");
        Path file = desk.resolve(name);
        if (Files.exists(file) && !forced) {
            throw UserError.input(
                    ErrorCode.WOULD_OVERWRITE,
                    "there is a file " + name + " already",
                    "give another name, or :save! " + name + " to write over it");
        }
        sitting.checkKept(name, file.toAbsolutePath().normalize());
        byte[] script =
                sitting.ledger().script(file.toAbsolutePath().getParent()).getBytes(StandardCharsets.UTF_8);
        AtomicFile.write(file, out -> out.write(script));
        desk.say("wrote " + name + "; it runs with `circuit run " + name + "`");
    }

    private void load(String name) {
        ReplHost.Text script = desk.read(name);
        desk.setLabelled(true);
        sitting.enter(script.source(), script.folder());
    }

    private void reset() {
        sitting.close();
        sitting = new ReplSession(options.session(), options.environment(), desk);
        desk.say("everything is forgotten");
    }
}
