package io.circuitscript.notebook;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.util.RawValue;
import io.circuitscript.cli.console.ColorMode;
import io.circuitscript.cli.console.JsonOutput;
import io.circuitscript.cli.console.Messages;
import io.circuitscript.cli.console.ProcessEnvironment;
import io.circuitscript.cli.console.ProgressLine;
import io.circuitscript.engine.Progress;
import io.circuitscript.notebook.display.MessageColours;
import io.circuitscript.notebook.display.MessageLines;
import io.circuitscript.notebook.display.NoteHtml;
import io.circuitscript.notebook.protocol.Message;
import io.circuitscript.runtime.value.Result;
import io.circuitscript.runtime.value.ValueView;
import io.circuitscript.source.Diagnostic;
import io.circuitscript.source.DiagnosticRenderer;
import io.circuitscript.source.ErrorCode;
import io.circuitscript.source.Span;
import io.circuitscript.source.Visible;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ScheduledExecutorService;

/** The outputs of one cell, in the order in which they come. */
final class CellOutput {
    /** Further results of a cell are shown as text: a loop of thousands would make the notebook unusable. */
    private static final int MOST_DISPLAYS = 200;

    private static final int LONGEST_PAGE = 20_000;

    private static final String RESULT = "circuitscript_result";

    /** A mistake as it is told. */
    record Failure(String name, String message, List<String> text) {}

    private final CellChannel channel;
    private final CellStream stream;
    private final ProgressDisplay progress;
    private final int count;
    private final boolean silent;
    private final List<ObjectNode> pages = new ArrayList<>();
    private final List<Failure> failures = new ArrayList<>();
    private Optional<Span> last = Optional.empty();
    private boolean inFull;
    private int displays;
    private Optional<Result> cut = Optional.empty();

    /** @param silent whether results are wanted by nobody */
    CellOutput(CellChannel channel, ScheduledExecutorService clock, int count, boolean silent) {
        this.channel = channel;
        this.stream = new CellStream(channel, clock);
        this.progress = new ProgressDisplay(this, clock);
        this.count = count;
        this.silent = silent;
    }

    /** @param span of the result that is the cell's value, where one is */
    void setLast(Optional<Span> span) {
        last = span;
    }

    /** @param wanted whether each result is sent in full too, as a message that only a client of ours asks for */
    void setInFull(boolean wanted) {
        inFull = wanted;
    }

    /** Shows lines beside the notebook, as an answer to a question. */
    void page(List<String> lines) {
        ObjectNode page = Message.object().put("source", "page").put("start", 0);
        page.putObject("data").put("text/plain", String.join("\n", lines)).put("text/html", NoteHtml.lines(lines));
        pages.add(page);
    }

    List<ObjectNode> pages() {
        return pages;
    }

    Progress progress() {
        return progress;
    }

    List<Failure> failures() {
        return failures;
    }

    /** The last result that was cut short. */
    Optional<Result> cut() {
        return cut;
    }

    /** Sends an output that is no text, after the text that came before it. */
    synchronized void publish(String type, ObjectNode content) {
        stream.flush();
        if (type.equals("display_data")) endLine(content.withObjectProperty("data"));
        channel.publish(type, content);
    }

    /** Clients that show text alone, as {@code jupyter run}, write one output right behind the other. */
    private static void endLine(ObjectNode data) {
        String text = data.path("text/plain").asText();
        if (!text.isEmpty() && !text.endsWith("\n")) data.put("text/plain", text + "\n");
    }

    void write(String name, String text) {
        stream.write(name, text);
    }

    /** Sends what waits. */
    void flush() {
        stream.flush();
    }

    void result(Result result, Optional<String> name, ShownResult.Style style) {
        if (inFull) publish(RESULT, Message.object().putRawValue("result", new RawValue(JsonOutput.text(result))));
        boolean value = last.filter(result.span()::equals).isPresent();
        if (ShownResult.isText(result, value)) {
            if (!silent || result.view() != ValueView.LOOKED_AT)
                write("stdout", ShownResult.whole(result, style) + "\n");
            return;
        }
        if (silent) return;
        ShownResult shown = ShownResult.of(result, style, name, false);
        if (shown.cut()) cut = Optional.of(result);
        if (displays++ >= MOST_DISPLAYS) write("stdout", shown.text() + "\n");
        else if (value) publish("execute_result", shown.content().put("execution_count", count));
        else publish("display_data", shown.content());
    }

    /** Lines of the prompt's own. As HTML they break between words, as text anywhere. */
    void lines(String text) {
        List<String> lines = text.stripTrailing().lines().toList();
        if (silent || lines.isEmpty()) return;
        if (text.length() > LONGEST_PAGE) write("stdout", text);
        else publish("display_data", ShownResult.display(String.join("\n", lines), NoteHtml.lines(lines)));
    }

    /** Something that a user should know and that is no result. */
    void note(String text) {
        if (silent) return;
        publish("display_data", ShownResult.display("note: " + DiagnosticRenderer.line(text), NoteHtml.note(text)));
    }

    void diagnostic(Diagnostic diagnostic) {
        String text =
                Visible.onScreen(new DiagnosticRenderer(true).render(diagnostic).stripTrailing());
        if (diagnostic.isError()) fail(diagnostic.code().number(), diagnostic.message(), text);
        else
            write(
                    "stderr",
                    String.join("\n", MessageLines.wrapped(MessageColours.onRed(text), NotebookHost.WIDTH)) + "\n");
    }

    void fail(String name, String message, String text) {
        failures.add(new Failure(name, message, MessageLines.wrapped(MessageColours.onRed(text), NotebookHost.WIDTH)));
    }

    void defect(Throwable defect, ProcessEnvironment environment) {
        fail(ErrorCode.DEFECT.number(), defect.toString(), told(environment, messages -> messages.defect(defect)));
    }

    /** What the command would say on a terminal with colours. */
    static String told(ProcessEnvironment environment, java.util.function.Consumer<Messages> telling) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        var here = new ProcessEnvironment(
                environment.in(),
                environment.out(),
                ProcessEnvironment.utf8(bytes),
                environment.terminals(),
                environment.folder(),
                environment.variables(),
                environment.signals());
        telling.accept(new Messages(here, ColorMode.ALWAYS, ProgressLine.NONE));
        return Visible.onScreen(bytes.toString(StandardCharsets.UTF_8).stripTrailing());
    }
}
