package io.circuitscript.cli.prompt;

import io.circuitscript.assist.NodeText;
import io.circuitscript.assist.SessionKnowledge;
import io.circuitscript.cli.console.ExitCode;
import io.circuitscript.cli.console.ShellWord;
import io.circuitscript.cli.console.WrappedText;
import io.circuitscript.io.AtomicFile;
import io.circuitscript.runtime.Session;
import io.circuitscript.runtime.value.Value;
import io.circuitscript.source.ErrorCode;
import io.circuitscript.source.NodeNotation;
import io.circuitscript.source.Source;
import io.circuitscript.source.UserError;
import io.circuitscript.source.Visible;
import io.circuitscript.syntax.Parsed;
import io.circuitscript.syntax.Parser;
import io.circuitscript.syntax.Statement;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/** What inputs do, wherever they are typed: statements, commands to the prompt and the shell, and questions. */
public final class Prompt implements AutoCloseable {
    private static final Set<String> FAREWELLS = Set.of("exit", "quit", "exit()", "quit()");

    private final Session.Options options;
    private final Map<String, String> environment;
    private final PromptHost host;
    private final Consumer<String> edited;
    private PromptSession session;
    private String lastInput = "";
    private int inputs;

    /**
     * @param environment the process's variables
     * @param edited is told of an input that was written in the user's editor, before it runs
     */
    public Prompt(Session.Options options, Map<String, String> environment, PromptHost host, Consumer<String> edited) {
        this.edited = edited;
        this.options = options;
        this.environment = environment;
        this.host = host;
        this.session = new PromptSession(options, environment, host);
    }

    /** What completion and tips know of the session now. */
    public SessionKnowledge knowledge() {
        return session;
    }

    /**
     * Runs an input, whatever it is. Mistakes are shown.
     *
     * @return whether the person stays
     */
    public boolean take(String input) {
        String text = input.strip();
        if (text.isEmpty()) return true;
        if (FAREWELLS.contains(text) && !session.variables().containsKey(text)) return false;
        try {
            Optional<String> asked = Question.word(text);
            if (MetaCommand.is(text, host.mark())) {
                return obey(MetaCommand.read(
                        text, host.mark(), it -> host.refusal(it).isEmpty()));
            }
            if (ShellCommand.is(text)) ShellCommand.run(text, session.folder(), host);
            else if (asked.isPresent()) explain(asked.get());
            else {
                lastInput = input;
                enter(input);
            }
        } catch (UserError mistake) {
            host.mistake(mistake);
        } catch (BadMetaCommand said) {
            host.notUnderstood(said.getMessage(), said.help());
        }
        return true;
    }

    /**
     * Runs statements, and nothing else, under a name of their own. Mistakes are shown.
     *
     * @return the exit code that a script of them would have
     */
    public int run(Source source) {
        try {
            lastInput = source.text();
            return enter(source);
        } catch (BadMetaCommand said) {
            host.notUnderstood(said.getMessage(), said.help());
            return ExitCode.INPUT;
        }
    }

    /** Runs statements for what they show: their results get no names. @return the exit code that a script of them would have */
    public int look(Source source) {
        return session.look(source);
    }

    /** Where a file lies that a statement wrote. */
    public Path written(String name) {
        return session.written(name);
    }

    /** Shows what a word is: a variable, a circuit, or else what {@code help} has on it. */
    private void explain(String word) {
        Optional<List<String>> own = description(word);
        if (own.isPresent()) own.get().forEach(this::tell);
        else enter("help " + word);
    }

    /** What a variable, a field of one, a circuit, a node or an edge of the session is; empty where a word is none. */
    public Optional<List<String>> description(String word) {
        return VariableTables.find(word, session.variables())
                .map(value -> new VariableTables(host.width()).description(word, value))
                .or(() -> new StateLines(session.state()).circuit(word))
                .or(() -> node(word));
    }

    private Optional<List<String>> node(String word) {
        if (!NodeNotation.readsAsNode(word) && !word.contains("*") && !word.contains("->")) return Optional.empty();
        return knowledge()
                .graph()
                .flatMap(graph -> NodeText.edges(graph, word).or(() -> NodeText.node(graph, word)))
                .map(it -> (it.found() ? word + ": " + it.text() : it.text())
                        .lines()
                        .toList());
    }

    private void enter(String input) {
        enter(new Source("<repl:" + ++inputs + ">", input));
    }

    private int enter(Source source) {
        Parsed parsed = Parser.parse(source);
        host.setLabelled(parsed.statements().size() != 1
                || !speaksOnce(parsed.statements().getFirst()));
        return session.enter(source, session.folder());
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
        Optional<String> refused = host.refusal(given.command());
        if (refused.isPresent())
            throw new BadMetaCommand("there is no " + given.command().word(host.mark()) + " here", refused.get());
        switch (given.command()) {
            case HELP -> metaHelp();
            case STATE -> new StateLines(session.state()).all().forEach(this::tell);
            case VARS ->
                table(
                        new VariableTables(host.width()).variables(session.variables()),
                        "no variables yet: let NAME = VALUE");
            case RESULTS -> results();
            case CIRCUITS ->
                table(new StateLines(session.state()).circuits(), "no circuit yet: load MODEL gives the full one");
            case LIST -> list();
            case EDIT -> edit(given.operand());
            case SAVE -> save(given.operand(), given.forced());
            case LOAD -> load(given.operand());
            case CD -> changeFolder(given.operand());
            case ALL -> {
                if (!host.showAll())
                    host.say("nothing was cut short; for a list that ends with `… and N more`, give top=N");
            }
            case TIME ->
                host.say(
                        host.toggleTimings()
                                ? "statements show how long they took; " + marked(MetaCommand.TIME)
                                        + " again turns that off"
                                : "times are no longer shown");
            case RESET -> reset();
            case QUIT -> {
                return false;
            }
        }
        return true;
    }

    private void metaHelp() {
        for (MetaCommand command : MetaCommand.values()) {
            if (host.refusal(command).isEmpty())
                tell(String.format(Locale.ROOT, "  %-18s%s", command.usage(host.mark()), command.doc(host.mark())));
        }
        tell(String.format(Locale.ROOT, "  %-18s%s", "!COMMAND", "runs a command of the shell"));
        tell(String.format(
                Locale.ROOT, "  %-18s%s", "WORD?", "explains a statement, a variable, a circuit; also ?WORD"));
        tell("");
        tell(host.keys());
        tell(
                "_ is the last result, _1, _2, … are the results by the numbers at the right; looking at a field, as in `_.faithfulness`, does not change them.");
    }

    /** Shows a table with its headings, or where it is empty what to do. */
    private void table(List<String> lines, String none) {
        if (lines.isEmpty()) host.say(none);
        for (int i = 0; i < lines.size(); i++) {
            String line = VariableTables.cut(lines.get(i), host.width());
            host.screen().println(i == 0 ? host.heading(line) : line);
        }
    }

    private void results() {
        List<NumberedResults.Entry> kept = session.results().kept();
        table(
                kept.isEmpty() ? List.of() : new VariableTables(host.width()).results(kept),
                "no results yet: a statement such as evaluate gives one");
        if (session.results().last() > kept.size())
            host.say("the prompt keeps the last " + NumberedResults.KEPT + " results");
    }

    private void changeFolder(String name) {
        if (!name.isEmpty()) session.setFolder(WorkingFolder.of(name, session.folder()));
        host.screen().println(Visible.line(session.folder().toAbsolutePath().toString()));
    }

    private void edit(String function) {
        String before = function.isEmpty() ? lastInput : definition(function);
        Optional<String> saved = new TextEditor(environment, host).edit(before, session.folder());
        if (saved.isEmpty()) return;
        edited.accept(saved.get());
        lastInput = saved.get();
        enter(saved.get());
    }

    private String definition(String name) {
        if (session.variables().get(name) instanceof Value.Function(Statement.Def definition))
            return definition.span().text();
        throw new BadMetaCommand(
                "there is no function " + name + " of yours", marked(MetaCommand.EDIT) + " alone opens the last input");
    }

    private String marked(MetaCommand command) {
        return command.word(host.mark());
    }

    private void tell(String line) {
        WrappedText.of(line, host.width()).forEach(host.screen()::println);
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
        Path file = host.resolve(name, session.folder());
        if (Files.exists(file) && !forced) {
            throw UserError.input(
                    ErrorCode.WOULD_OVERWRITE,
                    "there is a file " + name + " already",
                    "give another name, or " + marked(MetaCommand.SAVE) + "! " + name + " to write over it");
        }
        session.checkKept(name, file.toAbsolutePath().normalize());
        String text = session.log().script(file.toAbsolutePath().getParent());
        if (text.isEmpty())
            throw new BadMetaCommand("nothing has run that a script needs", "values that were looked at are left out");
        byte[] script = text.getBytes(StandardCharsets.UTF_8);
        AtomicFile.write(file, out -> out.write(script));
        host.say("wrote " + name + "; it runs with `circuit run " + ShellWord.quoted(name) + "`");
    }

    private void load(String name) {
        PromptHost.Text script = host.read(name, session.folder());
        host.setLabelled(true);
        session.enter(script.source(), script.folder());
    }

    private void reset() {
        Path folder = session.folder();
        session.close();
        session = new PromptSession(options, environment, host);
        session.setFolder(folder);
        lastInput = "";
        host.say("everything is forgotten");
    }

    @Override
    public void close() {
        session.close();
    }
}
