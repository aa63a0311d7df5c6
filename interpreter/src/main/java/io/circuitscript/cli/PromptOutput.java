package io.circuitscript.cli;

import io.circuitscript.engine.Progress;
import io.circuitscript.runtime.Output;
import io.circuitscript.runtime.Result;
import io.circuitscript.source.Diagnostic;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Function;
import java.util.function.IntSupplier;

/** Results at the prompt: one that would run off the screen is cut short, and kept in full. */
final class PromptOutput implements Output {
    /** A result is not cut to fewer lines than these, however low the screen. */
    private static final int LEAST = 10;

    /** On a narrower screen results stand below their statements. */
    private static final int NARROW = 72;

    private final PrintStream out;
    private final IntSupplier width;
    private final IntSupplier height;
    private final ByteArrayOutputStream written = new ByteArrayOutputStream();
    private final TableOutput table;
    private List<String> whole = List.of();

    /** @param table makes what shows results as text on a stream */
    PromptOutput(PrintStream out, IntSupplier width, IntSupplier height, Function<PrintStream, TableOutput> table) {
        this.out = out;
        this.width = width;
        this.height = height;
        this.table = table.apply(Surroundings.utf8(written));
    }

    TableOutput table() {
        return table;
    }

    @Override
    public void result(Result result) {
        table.setNarrow(width.getAsInt() < NARROW);
        table.result(result);
        List<String> lines = written.toString(StandardCharsets.UTF_8).lines().toList();
        written.reset();
        int most = Math.max(height.getAsInt() - 4, LEAST);
        boolean cut = lines.size() > most && !result.statement().equals("help"); // who asks for help scrolls
        lines.subList(0, cut ? most - 1 : lines.size()).forEach(out::println);
        if (cut) {
            out.println("… and " + (lines.size() - most + 1) + " more lines: :all shows them");
            whole = lines;
        }
        out.flush();
    }

    /** Shows the last result that was cut short; false where there is none. */
    boolean showAll() {
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
