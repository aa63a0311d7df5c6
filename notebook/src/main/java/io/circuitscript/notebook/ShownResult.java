package io.circuitscript.notebook;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.circuitscript.cli.console.ProcessEnvironment;
import io.circuitscript.cli.console.TableOutput;
import io.circuitscript.engine.Progress;
import io.circuitscript.notebook.display.FileDisplay;
import io.circuitscript.notebook.display.NoteHtml;
import io.circuitscript.notebook.display.ResultHtml;
import io.circuitscript.notebook.protocol.Message;
import io.circuitscript.runtime.value.Result;
import io.circuitscript.runtime.value.Value;
import io.circuitscript.runtime.value.ValuePreview;
import io.circuitscript.runtime.value.ValueView;
import io.circuitscript.source.Visible;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/**
 * A result as a cell shows it: as text, and as HTML or a picture.
 *
 * @param text as a terminal shows it
 * @param content of the message that shows it
 * @param cut whether there is more of it
 */
record ShownResult(String text, ObjectNode content, boolean cut) {
    /** Statements whose file is shown below them. */
    private static final Set<String> DRAWING = Set.of("render", "plot", "report");

    private static final int MOST_LINES = 60;
    private static final int MOST_CHARACTERS = 20_000;

    /** How results are shown. */
    record Style(UnaryOperator<String> written, Function<String, Path> file, boolean timings, boolean labelled) {}

    /**
     * Whether it is text and nothing else: what {@code print} shows of anything but a table, and a number or a text among other outputs.
     *
     * @param value whether it is the value of the cell
     */
    static boolean isText(Result result, boolean value) {
        if (!result.statement().equals("print")) return false;
        if (result.view() == ValueView.LOOKED_AT)
            return !value && isScalar(result.value().field("value").orElse(new Value.None()));
        ValueView view = result.view() instanceof ValueView own ? own : ValueView.PRINTED;
        return view.table(result.value(), 0).isEmpty();
    }

    private static boolean isScalar(Value value) {
        return switch (value) {
            case Value.Number _, Value.Bool _, Value.Text _, Value.None _ -> true;
            case Value.ListOf _, Value.Fields _, Value.Nodes _, Value.EdgeSet _, Value.Function _ -> false;
        };
    }

    static String whole(Result result, Style style) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        TableOutput table = new TableOutput(
                ProcessEnvironment.utf8(bytes), style.written(), false, style.timings(), null, Progress.NONE);
        table.setLabelled(style.labelled());
        table.result(result);
        return Visible.text(bytes.toString(StandardCharsets.UTF_8)).stripTrailing();
    }

    /** @param name of the variable that holds it, where there is one @param all whether everything is shown that may be */
    static ShownResult of(Result result, Style style, Optional<String> name, boolean all) {
        if (result.statement().equals("help")) {
            String page = whole(result, style);
            return new ShownResult(
                    page, display(page, NoteHtml.lines(page.lines().toList())), false);
        }
        Optional<FileDisplay> file = file(result, style);
        if (file.isPresent()) {
            String text = "wrote " + style.written().apply(file(result));
            ObjectNode content = display(text, file.get().mime(), file.get().data());
            file.get()
                    .size()
                    .ifPresent(it -> content.withObjectProperty("metadata")
                            .putObject(file.get().mime())
                            .put("width", it.width())
                            .put("height", it.height()));
            return new ShownResult(text, content, false);
        }
        String whole = preview(result, all).orElseGet(() -> whole(result, style));
        String text = all ? whole : beginning(whole);
        ResultHtml.Shown html = html(result, style, name, all);
        boolean cut = html.cut() || !text.equals(whole) || preview(result, all).isPresent();
        return new ShownResult(text, display(text, html.html()), cut);
    }

    private static ResultHtml.Shown html(Result result, Style style, Optional<String> name, boolean all) {
        Optional<String> label = style.labelled() && !result.statement().equals("print")
                ? Optional.of(result.text().strip())
                : Optional.empty();
        Optional<String> time = style.timings()
                ? Optional.of(String.format(Locale.ROOT, "(%.2f s)", result.seconds()))
                : Optional.empty();
        return new ResultHtml(style.written()).of(result, new ResultHtml.Frame(label, name, time), all);
    }

    /** A value with its long lists shortened, where it is long. */
    private static Optional<String> preview(Result result, boolean all) {
        if (all
                || result.view() != ValueView.LOOKED_AT
                || ValueView.LOOKED_AT.table(result.value(), 0).isPresent()) return Optional.empty();
        return result.value()
                .field("value")
                .filter(it -> !(it instanceof Value.Text))
                .flatMap(it -> Optional.of(ValuePreview.of(it, ResultHtml.PREVIEW))
                        .filter(brief -> !brief.equals(it.display())))
                .map(it -> it + "\n… shortened: %all shows it in full");
    }

    private static String beginning(String text) {
        List<String> lines = text.lines().toList();
        String few = lines.stream().limit(MOST_LINES).collect(Collectors.joining("\n"));
        if (few.length() > MOST_CHARACTERS)
            return few.substring(0, few.offsetByCodePoints(0, MOST_CHARACTERS / 2))
                    + "…\n… shortened: %all shows it in full";
        if (lines.size() <= MOST_LINES) return text;
        return few + "\n… and " + (lines.size() - MOST_LINES) + " more lines: %all shows them";
    }

    private static Optional<FileDisplay> file(Result result, Style style) {
        if (!DRAWING.contains(result.statement())) return Optional.empty();
        return Optional.of(file(result))
                .filter(it -> !it.isEmpty())
                .flatMap(it -> FileDisplay.of(style.file().apply(it)));
    }

    private static String file(Result result) {
        return result.value().field("file").map(Value::display).orElse("");
    }

    private static ObjectNode display(String text, String mime, String data) {
        ObjectNode content = Message.object();
        content.putObject("data").put("text/plain", text).put(mime, data);
        content.putObject("metadata");
        return content;
    }

    /** The content of a message that shows something as HTML. */
    static ObjectNode display(String text, String html) {
        return display(text, "text/html", html);
    }
}
