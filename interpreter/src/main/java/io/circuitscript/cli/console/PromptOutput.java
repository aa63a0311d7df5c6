package io.circuitscript.cli.console;

import io.circuitscript.engine.Progress;
import io.circuitscript.runtime.state.Output;
import io.circuitscript.runtime.value.NumberText;
import io.circuitscript.runtime.value.Result;
import io.circuitscript.runtime.value.Value;
import io.circuitscript.runtime.value.ValuePreview;
import io.circuitscript.runtime.value.ValueView;
import io.circuitscript.source.Diagnostic;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.IntSupplier;

/** Output at the prompt. A result that would run off the screen is shortened, and kept in full. */
public final class PromptOutput implements Output {
    /** A result is not cut to fewer lines than these, however low the screen. */
    private static final int LEAST = 10;

    /** On a narrower screen results stand below their statements. */
    private static final int NARROW = 72;

    private final PrintStream out;
    private final IntSupplier width;
    private final IntSupplier height;
    private final ByteArrayOutputStream written = new ByteArrayOutputStream();
    private final TableOutput table;
    private Function<Result, Optional<String>> names = result -> Optional.empty();
    private List<String> whole = List.of();

    /** @param table makes what shows results as text on a stream */
    public PromptOutput(
            PrintStream out, IntSupplier width, IntSupplier height, Function<PrintStream, TableOutput> table) {
        this.out = out;
        this.width = width;
        this.height = height;
        this.table = table.apply(ProcessEnvironment.utf8(written));
    }

    /** @param shown the name of each result, shown at the right of its first line that has room for it */
    public void setNames(Function<Result, Optional<String>> shown) {
        names = shown;
    }

    public TableOutput table() {
        return table;
    }

    @Override
    public void result(Result result) {
        table.setNarrow(width.getAsInt() < NARROW);
        table.within(height.getAsInt() == Integer.MAX_VALUE ? () -> Integer.MAX_VALUE : width);
        table.result(result);
        List<String> lines = written.toString(StandardCharsets.UTF_8).lines().toList();
        written.reset();
        if (height.getAsInt() == Integer.MAX_VALUE) lines.forEach(out::println);
        else if (result.statement().equals("help"))
            lines.forEach(line -> WrappedText.of(line, width.getAsInt()).forEach(out::println)); // who asks scrolls
        else showBeginning(result, lines);
        out.flush();
    }

    private void showBeginning(Result result, List<String> lines) {
        int most = Math.max(height.getAsInt() - 4, LEAST);
        if (result.view() instanceof ValueView view
                && view.table(result.value(), 0).isPresent()) {
            showRows(result, view, most);
            return;
        }
        List<String> brief =
                preview(result, (long) (most - 1) * width.getAsInt()).orElse(lines);
        List<String> shown = rows(brief) <= most ? brief : beginning(brief, most - 1);
        named(shown, names.apply(result)).forEach(out::println);
        if (shown.equals(lines)) return;
        int more = lines.size() - shown.size();
        out.println(
                more > 0
                        ? "… and " + more + " more " + (more == 1 ? "line" : "lines") + ": :all shows them"
                        : "… shortened: :all shows it in full");
        whole = lines;
    }

    private List<String> named(List<String> lines, Optional<String> name) {
        if (name.isEmpty()) return lines;
        List<String> named = new ArrayList<>(lines);
        for (int i = 0; i < named.size(); i++) {
            int gap = width.getAsInt() - 1 - columns(named.get(i)) - columns(name.get());
            if (gap < 2) continue;
            named.set(i, named.get(i) + " ".repeat(gap) + name.get());
            break;
        }
        return named;
    }

    private static int columns(String line) {
        String plain = Ansi.plain(line);
        return plain.codePointCount(0, plain.length());
    }

    /** As many rows of a table as fit, with all their columns. */
    private void showRows(Result result, ValueView view, int most) {
        int all = view.table(result.value(), 0).orElseThrow().all();
        int rows = Math.min(view.rows(), all);
        List<String> shown = table(result, view, rows);
        if (rows == all && rows(shown) <= most) {
            shown.forEach(out::println);
            return;
        }
        while (rows(shown) > most - 1 && rows > 1) {
            rows -= Math.max(1, rows / 10);
            shown = table(result, view, rows);
        }
        beginning(shown, most - 1).forEach(out::println);
        String which =
                all > ValueView.PRINTED.rows() ? "the first " + NumberText.count(ValueView.PRINTED.rows()) : "them";
        out.println("… " + NumberText.count(all) + " rows in all: :all shows " + which);
        whole = ValueView.PRINTED.lines(result.value(), table.text());
    }

    private List<String> table(Result result, ValueView view, int rows) {
        return table.text().table(view.table(result.value(), rows).orElseThrow());
    }

    /** A value with its long lists shortened. */
    private static Optional<List<String>> preview(Result result, long characters) {
        if (!result.statement().equals("print")) return Optional.empty();
        return result.value()
                .field("value")
                .filter(it -> !(it instanceof Value.Text))
                .map(it -> ValuePreview.of(it, characters).lines().toList());
    }

    /** As many lines as fit into so many rows of the screen; a line that is too long is cut. */
    private List<String> beginning(List<String> lines, int most) {
        List<String> shown = new ArrayList<>();
        int left = most;
        for (String line : lines) {
            if (rows(line) > left) {
                if (shown.isEmpty())
                    shown.add(line.substring(0, line.offsetByCodePoints(0, left * width.getAsInt() - 1)) + "…");
                break;
            }
            shown.add(line);
            left -= rows(line);
        }
        return shown;
    }

    private int rows(List<String> lines) {
        return lines.stream().mapToInt(this::rows).sum();
    }

    /** How many rows of the screen a line takes. */
    private int rows(String line) {
        return Math.max(1, Math.ceilDiv(columns(line), width.getAsInt()));
    }

    /** Shows the last result that was cut short; false where there is none. */
    public boolean showAll() {
        whole.forEach(out::println);
        out.flush();
        return !whole.isEmpty();
    }

    @Override
    public void diagnostic(Diagnostic diagnostic) {
        table.diagnostic(diagnostic);
    }

    @Override
    public void say(String message) {
        table.say(message);
    }

    @Override
    public Progress progress() {
        return table.progress();
    }
}
