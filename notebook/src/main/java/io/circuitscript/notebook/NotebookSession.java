package io.circuitscript.notebook;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.circuitscript.assist.SessionKnowledge;
import io.circuitscript.cli.console.ExitCode;
import io.circuitscript.cli.console.ProcessEnvironment;
import io.circuitscript.cli.console.RunFlags;
import io.circuitscript.cli.console.ScriptText;
import io.circuitscript.cli.prompt.LastResult;
import io.circuitscript.cli.prompt.MetaCommand;
import io.circuitscript.cli.prompt.Prompt;
import io.circuitscript.cli.prompt.Question;
import io.circuitscript.io.UserHome;
import io.circuitscript.notebook.protocol.Message;
import io.circuitscript.runtime.Session;
import io.circuitscript.runtime.help.HelpPages;
import io.circuitscript.runtime.value.HeapFull;
import io.circuitscript.source.ErrorCode;
import io.circuitscript.source.Source;
import io.circuitscript.source.Span;
import io.circuitscript.source.UserError;
import io.circuitscript.syntax.Parsed;
import io.circuitscript.syntax.Statement;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;

/** The session of a notebook: runs its cells, one after the other. */
final class NotebookSession implements AutoCloseable {
    /** An interrupted cell's name of what went wrong. */
    static final String INTERRUPTED = "Interrupted";

    private static final Set<String> FAREWELLS = Set.of("exit", "quit", "exit()", "quit()");

    /**
     * A request to run a cell.
     *
     * @param count its number
     * @param name what messages call it
     * @param results whether the client wants results in full as well, as the Python package does
     */
    record Cell(String code, int count, String name, boolean silent, boolean results) {}

    private final Interrupts interrupts;
    private final NotebookHost host;
    private final Prompt prompt;
    private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("clock").factory());

    NotebookSession(ProcessEnvironment environment, RunFlags flags, Interrupts interrupts) {
        this.interrupts = interrupts;
        Path out = flags.out == null ? environment.folder() : ScriptText.resolve(flags.out, environment.folder());
        host = new NotebookHost(environment, interrupts, flags.timings, name -> written(flags, name), this::file);
        host.setCell(new CellOutput((type, metadata, content) -> {}, clock, 0, true));
        prompt = new Prompt(
                new Session.Options(environment.folder(), out, flags.parameters, flags.writing(environment)),
                flags.variables(environment),
                host,
                edited -> {});
    }

    private static String written(RunFlags flags, String name) {
        return flags.out == null || UserHome.begins(name)
                ? name
                : Path.of(flags.out).resolve(name).normalize().toString();
    }

    private Path file(String name) {
        return prompt.written(name);
    }

    SessionKnowledge knowledge() {
        return prompt.knowledge();
    }

    /** What a variable or a circuit of the session is; empty where a word is none. */
    Optional<List<String>> description(String word) {
        return prompt.description(word);
    }

    /** How a cell came to its end. @param pages what is shown beside the notebook */
    record Outcome(Optional<CellOutput.Failure> failure, List<ObjectNode> pages) {}

    Outcome run(Cell cell, CellChannel channel) {
        CellOutput output = new CellOutput(channel, clock, cell.count(), cell.silent());
        output.setInFull(cell.results());
        host.setCell(output);
        interrupts.begin();
        boolean interrupted;
        try {
            interrupted = parts(cell, output);
        } finally {
            interrupts.end();
            host.finish();
        }
        if (interrupted) output.fail(INTERRUPTED, "interrupted; the session stays", "interrupted; the session stays");
        if (output.failures().isEmpty()) return new Outcome(Optional.empty(), output.pages());
        CellOutput.Failure failure = joined(output.failures());
        output.publish("error", error(failure));
        return new Outcome(Optional.of(failure), output.pages());
    }

    /** @return whether it was interrupted */
    private boolean parts(Cell cell, CellOutput output) {
        try {
            CellText text = CellText.of(cell.name(), cell.code());
            if (FAREWELLS.contains(cell.code().strip())
                    && !prompt.knowledge().variables().containsKey(cell.code().strip())) {
                String word = cell.code().strip();
                host.notUnderstood(
                        "`" + word + "` does not leave a notebook",
                        NotebookHost.refused(MetaCommand.QUIT).orElseThrow());
                return false;
            }
            boolean wrong = text.hasErrors();
            for (CellText.Part part : text.parts()) {
                if (interrupts.asked()) return true;
                switch (part) {
                    case CellText.Part.Statements(Parsed parsed) -> {
                        // Where one part cannot be read, nothing of the cell runs, and all that is wrong is shown.
                        if (wrong && !parsed.hasErrors()) continue;
                        boolean last = text.parts().getLast() == part;
                        output.setLast(last ? value(parsed) : Optional.empty());
                        int code = prompt.run(parsed.source());
                        if (code == ExitCode.INTERRUPTED) return true;
                        if (code != ExitCode.OK && !wrong) return false;
                    }
                    case CellText.Part.Line(String line) -> {
                        if (wrong) continue;
                        Question.word(line).ifPresentOrElse(word -> answer(word, output), () -> prompt.take(line));
                        if (interrupts.asked()) return true;
                        if (!output.failures().isEmpty()) return false;
                    }
                }
            }
        } catch (OutOfMemoryError full) {
            host.mistake(HeapFull.error(full));
        } catch (StackOverflowError deep) {
            host.mistake(UserError.failure(
                    ErrorCode.TOO_DEEP, "the cell is nested too deeply", "write it in smaller steps, with `let`"));
        } catch (RuntimeException | Error defect) {
            host.defect(defect);
        }
        return false;
    }

    private void answer(String word, CellOutput output) {
        page(word)
                .ifPresentOrElse(
                        output::page,
                        () -> host.mistake(UserError.input(
                                ErrorCode.NO_HELP,
                                "there is no help on `" + word + "`",
                                prompt.knowledge().pages().insteadOf(word))));
    }

    /** The answer to a question; empty where there is none. */
    private Optional<List<String>> page(String word) {
        HelpPages pages = prompt.knowledge().pages();
        Optional<String> help = word.isEmpty() ? Optional.of(pages.overview()) : pages.page(word);
        return description(word)
                .or(() -> help.map(text -> text.stripTrailing().lines().toList()));
    }

    /** Where the result stands that is a cell's value: that of its last statement. */
    private static Optional<Span> value(Parsed parsed) {
        List<Statement> statements = parsed.statements();
        return statements.isEmpty() ? Optional.empty() : LastResult.shown(statements.getLast());
    }

    /** All that is wrong with a cell, in one message: its name and words are those of the first. */
    private static CellOutput.Failure joined(List<CellOutput.Failure> failures) {
        List<String> text = new java.util.ArrayList<>();
        for (CellOutput.Failure failure : failures) {
            if (!text.isEmpty()) text.add("");
            text.addAll(failure.text());
        }
        return new CellOutput.Failure(
                failures.getFirst().name(), failures.getFirst().message(), text);
    }

    /** What the protocol says of something that went wrong. */
    static ObjectNode error(CellOutput.Failure failure) {
        ObjectNode content = Message.object().put("ename", failure.name()).put("evalue", failure.message());
        ArrayNode traceback = content.putArray("traceback");
        failure.text().forEach(traceback::add);
        return content;
    }

    /** The values of expressions by the names that a client gives them. */
    ObjectNode values(JsonNode expressions) {
        ObjectNode values = Message.object();
        expressions
                .properties()
                .forEach(it -> values.set(it.getKey(), value(it.getValue().asText())));
        return values;
    }

    private ObjectNode value(String expression) {
        ObjectNode value = Message.object();
        StringBuilder text = new StringBuilder();
        CellOutput output = new CellOutput(
                (type, metadata, content) -> {
                    JsonNode shown = type.equals("stream")
                            ? content.path("text")
                            : content.path("data").path("text/plain");
                    text.append(shown.asText());
                },
                clock,
                0,
                false);
        host.setCell(output);
        interrupts.begin();
        try {
            prompt.look(new Source("<expression>", expression));
        } finally {
            interrupts.end();
            host.finish();
        }
        if (!output.failures().isEmpty())
            return value.put("status", "error").setAll(error(output.failures().getFirst()));
        value.put("status", "ok")
                .putObject("data")
                .put("text/plain", text.toString().stripTrailing());
        value.putObject("metadata");
        return value;
    }

    @Override
    public void close() {
        clock.shutdownNow();
        prompt.close();
    }
}
