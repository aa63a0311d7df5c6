package io.circuitscript.notebook;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.circuitscript.cli.console.ColorMode;
import io.circuitscript.cli.console.Messages;
import io.circuitscript.cli.console.ProcessEnvironment;
import io.circuitscript.cli.console.ProgressLine;
import io.circuitscript.cli.console.TableOutput;
import io.circuitscript.engine.Progress;
import io.circuitscript.notebook.display.FileDisplay;
import io.circuitscript.notebook.display.NoteHtml;
import io.circuitscript.notebook.display.ResultHtml;
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
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/** The outputs of one cell, in the order in which they come. */
final class CellOutput {
    /** Statements whose file is shown below them. */
    private static final Set<String> DRAWING = Set.of("render", "plot", "report");

    /** Further results of a cell are shown as text: a loop of thousands would make the notebook unusable. */
    private static final int MOST_DISPLAYS = 200;

    /** In a cell's text a table is cut to this many lines. */
    private static final int MOST_LINES = 60;

    /** How results are shown. */
    record Style(UnaryOperator<String> written, Function<String, Path> file, boolean timings) {}

    /** A mistake as it is told. */
    record Failure(String name, String message, List<String> text) {}

    private final CellChannel channel;
    private final CellStream stream;
    private final ProgressDisplay progress;
    private final int count;
    private final boolean silent;
    private final List<Failure> failures = new ArrayList<>();
    private Optional<Span> last = Optional.empty();
    private boolean labelled;
    private Function<Result, Optional<String>> names = result -> Optional.empty();
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

    void setLabelled(boolean shown) {
        labelled = shown;
    }

    void setNames(Function<Result, Optional<String>> name) {
        names = name;
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

    private static ObjectNode display(String text, FileDisplay shown) {
        ObjectNode content = Message.object();
        content.putObject("data").put("text/plain", text).put(shown.mime(), shown.data());
        content.putObject("metadata");
        return content;
    }

    static ObjectNode display(String text, String html) {
        ObjectNode content = Message.object();
        content.putObject("data").put("text/plain", text).put("text/html", html);
        content.putObject("metadata");
        return content;
    }

    /** Sends an output that is no text, after the text that came before it. */
    synchronized void publish(String type, ObjectNode content) {
        stream.flush();
        channel.publish(type, content);
    }

    void write(String name, String text) {
        stream.write(name, text);
    }

    /** Sends what waits. */
    void flush() {
        stream.flush();
    }

    void result(Result result, Style style) {
        if (result.statement().equals("print") && !isValue(result) && !isTable(result)) {
            write("stdout", text(result, style, true));
            return;
        }
        if (silent) return;
        String text = text(result, style, false);
        if (displays++ >= MOST_DISPLAYS) {
            write("stdout", text);
            return;
        }
        if (result.statement().equals("help")) {
            show(
                    result,
                    display(
                            text.stripTrailing(),
                            NoteHtml.lines(text.stripTrailing().lines().toList())));
            return;
        }
        show(
                result,
                file(result, style)
                        .map(it -> display("wrote " + style.written().apply(name(result)), it))
                        .orElseGet(() -> display(text.stripTrailing(), html(result, style, false))));
    }

    private void show(Result result, ObjectNode content) {
        boolean value = last.filter(result.span()::equals).isPresent();
        if (value) content.put("execution_count", count);
        publish(value ? "execute_result" : "display_data", content);
    }

    /** Shows a result in full. */
    void all(Result result, Style style) {
        publish("display_data", display(text(result, style, true).stripTrailing(), html(result, style, true)));
    }

    /** Whether it is a value that a script looks at, and not one that it prints. */
    private static boolean isValue(Result result) {
        return result.view() == ValueView.LOOKED_AT;
    }

    private static boolean isTable(Result result) {
        ValueView view = result.view() instanceof ValueView own ? own : ValueView.PRINTED;
        return view.table(result.value(), 0).isPresent();
    }

    private String html(Result result, Style style, boolean all) {
        Optional<String> label = labelled && !result.statement().equals("print")
                ? Optional.of(result.text().strip())
                : Optional.empty();
        Optional<String> time = style.timings()
                ? Optional.of(String.format(Locale.ROOT, "(%.2f s)", result.seconds()))
                : Optional.empty();
        return new ResultHtml(style.written()).of(result, new ResultHtml.Frame(label, names.apply(result), time), all);
    }

    private String text(Result result, Style style, boolean all) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        TableOutput table = new TableOutput(
                ProcessEnvironment.utf8(bytes), style.written(), false, style.timings(), null, Progress.NONE);
        table.setLabelled(labelled);
        table.result(result);
        String text = Visible.text(bytes.toString(StandardCharsets.UTF_8));
        List<String> lines = text.lines().toList();
        if (all || lines.size() <= MOST_LINES) return text;
        cut = Optional.of(result);
        return lines.stream().limit(MOST_LINES).collect(Collectors.joining("\n")) + "\n… and "
                + (lines.size() - MOST_LINES) + " more lines: %all shows them\n";
    }

    private static Optional<FileDisplay> file(Result result, Style style) {
        if (!DRAWING.contains(result.statement())) return Optional.empty();
        return Optional.of(name(result))
                .filter(it -> !it.isEmpty())
                .flatMap(it -> FileDisplay.of(style.file().apply(it)));
    }

    private static String name(Result result) {
        return result.value().field("file").map(it -> it.display()).orElse("");
    }

    /** Something that a user should know and that is no result. */
    void note(String text) {
        if (silent) return;
        publish("display_data", display("note: " + DiagnosticRenderer.line(text), NoteHtml.note(text)));
    }

    void diagnostic(Diagnostic diagnostic) {
        String text =
                Visible.onScreen(new DiagnosticRenderer(true).render(diagnostic).stripTrailing());
        if (diagnostic.isError()) fail(diagnostic.code().number(), diagnostic.message(), text);
        else write("stderr", text + "\n");
    }

    void fail(String name, String message, String text) {
        failures.add(new Failure(name, message, text.lines().toList()));
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
