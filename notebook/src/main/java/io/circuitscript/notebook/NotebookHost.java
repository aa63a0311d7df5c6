package io.circuitscript.notebook;

import io.circuitscript.cli.console.MachineLimits;
import io.circuitscript.cli.console.ProcessEnvironment;
import io.circuitscript.cli.console.ScreenStream;
import io.circuitscript.cli.prompt.MetaCommand;
import io.circuitscript.cli.prompt.PromptHost;
import io.circuitscript.cli.prompt.QuietCloseable;
import io.circuitscript.engine.CancelToken;
import io.circuitscript.engine.Progress;
import io.circuitscript.runtime.state.Output;
import io.circuitscript.runtime.value.Result;
import io.circuitscript.source.Diagnostic;
import io.circuitscript.source.DiagnosticRenderer;
import io.circuitscript.source.UserError;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** The prompt's surroundings in a notebook: all it says goes to the cell that runs. */
final class NotebookHost implements PromptHost {
    /** In columns, as many as a cell has in a window of 1100 pixels. */
    static final int WIDTH = 80;

    private final ProcessEnvironment environment;
    private final Interrupts interrupts;
    private final Function<String, String> written;
    private final Function<String, Path> file;
    private final StringBuilder printed = new StringBuilder();
    private final PrintStream screen = ScreenStream.over(new Printed());
    private CellOutput cell;
    private boolean timings;
    private boolean labelled;
    private Function<Result, Optional<String>> names = result -> Optional.empty();
    private Optional<Result> cut = Optional.empty();

    /**
     * @param written from a file's name in a statement to the one that a user opens it by
     * @param file from a file's name in a statement to the file
     */
    NotebookHost(
            ProcessEnvironment environment,
            Interrupts interrupts,
            boolean timings,
            Function<String, String> written,
            Function<String, Path> file) {
        this.environment = environment;
        this.interrupts = interrupts;
        this.timings = timings;
        this.written = written;
        this.file = file;
    }

    /** What comes from here on belongs to a cell. */
    void setCell(CellOutput now) {
        cell = now;
    }

    /** Sends what the cell still has. */
    void finish() {
        sendPrinted();
        cell.flush();
        cell.cut().ifPresent(it -> cut = Optional.of(it));
    }

    /** Shows what the prompt has said, before anything else is shown. */
    private void sendPrinted() {
        screen.flush();
        if (printed.isEmpty()) return;
        String text = printed.toString();
        printed.setLength(0);
        cell.lines(text);
    }

    private ShownResult.Style style() {
        return new ShownResult.Style(written::apply, file, timings, labelled);
    }

    @Override
    public Output output() {
        return new Output() {
            @Override
            public void result(Result result) {
                sendPrinted();
                cell.result(result, names.apply(result), style());
            }

            @Override
            public void diagnostic(Diagnostic diagnostic) {
                sendPrinted();
                cell.diagnostic(forNotebook(diagnostic));
            }

            @Override
            public void say(String message) {
                NotebookHost.this.say(message);
            }

            @Override
            public Progress progress() {
                return new Current();
            }
        };
    }

    /** A mistake with the way out of a notebook, where that of a command line is another. */
    private static Diagnostic forNotebook(Diagnostic diagnostic) {
        return switch (diagnostic.code()) {
            case WRITE_OUTSIDE ->
                diagnostic.withHelp(
                        "%cd FOLDER makes another folder the working folder; to allow one in every notebook, `circuit jupyter install --allow-write=FOLDER` and restart the kernel");
            case READ_ONLY ->
                diagnostic.withHelp("`circuit jupyter install` without --read-only, and restart the kernel");
            default -> diagnostic;
        };
    }

    /** The progress of the cell that runs, whichever that is. */
    private final class Current implements Progress {
        @Override
        public void begin(String what, long total, String unit) {
            cell.progress().begin(what, total, unit);
        }

        @Override
        public void advance(long by) {
            cell.progress().advance(by);
        }

        @Override
        public void note(String words) {
            cell.progress().note(words);
        }

        @Override
        public void end() {
            cell.progress().end();
        }
    }

    @Override
    public String mark() {
        return CellText.MARK;
    }

    @Override
    public Optional<String> refusal(MetaCommand command) {
        return refused(command);
    }

    /** Why a command to the prompt cannot be had in a notebook; empty where it can. */
    static Optional<String> refused(MetaCommand command) {
        return switch (command) {
            case EDIT -> Optional.of("a cell is edited in the notebook itself");
            case QUIT -> Optional.of("close the notebook, or end its kernel: Kernel → Shut Down Kernel");
            case HELP, STATE, VARS, RESULTS, CIRCUITS, LIST, SAVE, LOAD, CD, ALL, TIME, RESET -> Optional.empty();
        };
    }

    @Override
    public int width() {
        return WIDTH;
    }

    @Override
    public String heading(String line) {
        return line;
    }

    @Override
    public String keys() {
        return "Tab completes, Shift-Tab explains the word at the cursor; Kernel → Interrupt stops what runs.";
    }

    @Override
    public PrintStream screen() {
        return screen;
    }

    @Override
    public void setLabelled(boolean shown) {
        labelled = shown;
    }

    @Override
    public boolean toggleTimings() {
        timings = !timings;
        return timings;
    }

    @Override
    public boolean showAll() {
        cut.ifPresent(result -> cell.publish(
                "display_data",
                ShownResult.of(result, style(), Optional.empty(), true).content()));
        return cut.isPresent();
    }

    @Override
    public void say(String note) {
        sendPrinted();
        cell.note(note);
    }

    @Override
    public void mistake(UserError mistake) {
        sendPrinted();
        cell.fail(
                mistake.code().number(),
                mistake.getMessage(),
                CellOutput.told(environment, messages -> messages.mistake(mistake)));
    }

    @Override
    public void notUnderstood(String message, String help) {
        sendPrinted();
        String line = DiagnosticRenderer.line(message);
        cell.fail("error", line, CellOutput.told(environment, messages -> messages.usage(message, help)));
    }

    @Override
    public void defect(Throwable defect) {
        Optional<UserError> limit = MachineLimits.of(defect);
        if (limit.isPresent()) mistake(limit.get());
        else cell.defect(defect, environment);
    }

    @Override
    public void nameResults(Function<Result, Optional<String>> name) {
        names = name;
    }

    @Override
    public int runInTerminal(List<String> command, Path folder) throws IOException {
        sendPrinted();
        return ShellProcess.run(command, folder, cell, interrupts);
    }

    @Override
    public QuietCloseable onInterrupt(Runnable action) {
        return interrupts.on(action);
    }

    @Override
    public QuietCloseable cancelling(CancelToken cancel) {
        return interrupts.on(cancel::cancel);
    }

    /** What the prompt prints goes to the cell as one output. */
    private final class Printed extends OutputStream {
        @Override
        public void write(int one) {
            write(new byte[] {(byte) one}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int from, int length) {
            printed.append(new String(bytes, from, length, StandardCharsets.UTF_8));
        }
    }
}
