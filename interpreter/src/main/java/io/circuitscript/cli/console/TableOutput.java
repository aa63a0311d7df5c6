package io.circuitscript.cli.console;

import io.circuitscript.engine.Progress;
import io.circuitscript.runtime.state.Output;
import io.circuitscript.runtime.value.Result;
import io.circuitscript.runtime.value.ResultText;
import io.circuitscript.runtime.value.ResultView;
import io.circuitscript.runtime.value.Value;
import io.circuitscript.runtime.value.ValueView;
import io.circuitscript.source.Diagnostic;
import io.circuitscript.source.Visible;
import java.io.PrintStream;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.IntSupplier;
import java.util.function.UnaryOperator;

/** Results as text for a person: the statement on the left, its result on the right, numbers rounded. */
public final class TableOutput implements Output {
    /** Where the right side begins. A statement that reaches further has its result on the lines below it. */
    private static final int LABEL_WIDTH = 28;

    private static final int LONGEST_LABEL = 100;

    private final PrintStream out;
    private final boolean color;
    private boolean timings;
    private boolean labelled = true;
    private int indent = LABEL_WIDTH;
    private IntSupplier width = () -> Integer.MAX_VALUE;
    private final Messages messages;
    private final Progress progress;
    private final UnaryOperator<String> written;

    /** @param written from a file's name in the script to the one that a user opens it by */
    public TableOutput(
            PrintStream out,
            UnaryOperator<String> written,
            boolean color,
            boolean timings,
            Messages messages,
            Progress progress) {
        this.out = out;
        this.written = written;
        this.color = color;
        this.timings = timings;
        this.messages = messages;
        this.progress = progress;
    }

    /** Whether results show how long they took. */
    public void setTimings(boolean shown) {
        timings = shown;
    }

    /** Whether results stand beside their statements: at the prompt a single one was typed just above. */
    public void setLabelled(boolean shown) {
        labelled = shown;
    }

    /** On a narrow screen results stand below their statements, a little to the right. */
    void setNarrow(boolean narrow) {
        indent = narrow ? 2 : LABEL_WIDTH;
    }

    /** A table of a script's own that is wider is shown in parts. @param screen how wide it is now */
    public TableOutput within(IntSupplier screen) {
        width = screen;
        return this;
    }

    @Override
    public void result(Result result) {
        if (result.statement().equals("print")) {
            ResultView view = result.view() instanceof ValueView own ? own : ValueView.PRINTED;
            view.lines(result.value(), text()).forEach(out::println);
        } else if (result.statement().equals("help")) {
            out.print(result.value().field("text").map(Value::display).orElse(""));
        } else {
            List<String> lines = result.view().lines(result.value(), text());
            List<String> shown = timings ? timed(lines, result.seconds()) : lines;
            if (labelled) block(label(result), shown);
            else shown.forEach(out::println);
        }
        out.flush();
    }

    /** How results are put into words here. */
    ResultText text() {
        return new ResultText(
                this::bold,
                color ? Optional.of(Ansi::ofKind) : Optional.empty(),
                written,
                table -> table.ofValues()
                        ? ValueColumns.lines(table, width.getAsInt())
                        : Table.of(table).lines());
    }

    private void block(String label, List<String> lines) {
        boolean beside = label.length() < indent && lines.size() <= 2;
        if (!beside) out.println(dim(label));
        String space = " ".repeat(indent);
        for (int i = 0; i < lines.size(); i++) {
            String left = beside && i == 0 ? dim(label) + " ".repeat(indent - label.length()) : space;
            out.println((left + lines.get(i)).stripTrailing());
        }
    }

    /** The statement's text on one line. */
    private static String label(Result result) {
        String text = result.text();
        int end = text.indexOf('\n');
        String rest = text.endsWith("}") ? " … }" : " …";
        String first = Visible.line(
                (end < 0 ? text : text.substring(0, end) + rest).strip().replaceAll("\\s+", " "));
        if (first.isEmpty()) return result.statement();
        return first.codePointCount(0, first.length()) <= LONGEST_LABEL
                ? first
                : first.substring(0, first.offsetByCodePoints(0, LONGEST_LABEL - 1)) + "…";
    }

    private static List<String> timed(List<String> lines, double seconds) {
        String last = lines.getLast() + String.format(Locale.ROOT, "  (%.2f s)", seconds);
        List<String> all = new java.util.ArrayList<>(lines.subList(0, lines.size() - 1));
        all.add(last);
        return all;
    }

    private String bold(String text) {
        return color ? Ansi.BOLD.paint(text) : text;
    }

    private String dim(String text) {
        return color ? Ansi.DIM.paint(text) : text;
    }

    @Override
    public void diagnostic(Diagnostic diagnostic) {
        messages.diagnostic(diagnostic);
    }

    @Override
    public void say(String message) {
        messages.say(message);
    }

    @Override
    public Progress progress() {
        return progress;
    }
}
