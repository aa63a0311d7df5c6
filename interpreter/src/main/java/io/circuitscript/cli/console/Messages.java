package io.circuitscript.cli.console;

import io.circuitscript.runtime.value.Defect;
import io.circuitscript.source.Diagnostic;
import io.circuitscript.source.DiagnosticRenderer;
import io.circuitscript.source.ErrorCode;
import io.circuitscript.source.Span;
import io.circuitscript.source.UserError;
import java.io.PrintStream;
import java.util.List;

/** Writes mistakes, notes and defects to standard error. */
public final class Messages {
    private final PrintStream err;
    private final boolean color;
    private final ProgressLine progress;
    private boolean several;

    public Messages(ProcessEnvironment environment, ColorMode color, ProgressLine progress) {
        this.err = environment.err();
        this.color = color.on(environment.terminals().err(), environment.variables());
        this.progress = progress;
    }

    /** Forgets what was shown before, so that no blank line separates it from what follows. */
    public void beginAnew() {
        several = false;
    }

    void diagnostic(Diagnostic diagnostic) {
        progress.clear();
        if (several) err.println();
        several = true;
        err.println(new DiagnosticRenderer(color).render(diagnostic).stripTrailing());
    }

    public void say(String message) {
        progress.inPlaceOfBar(() -> err.println(paint(Ansi.DIM, "note: ") + DiagnosticRenderer.line(message)));
    }

    /** A mistake in how the command was called. */
    public int usage(String message, String help) {
        unplaced("error", message, List.of(), help);
        return ExitCode.USAGE;
    }

    /** Shows a mistake without a position in a script, such as a missing script. */
    public int mistake(UserError mistake) {
        unplaced("error[" + mistake.code().number() + "]", mistake.getMessage(), mistake.notes(), mistake.help());
        return mistake.kind().exitCode();
    }

    /** Shows a defect of the program with its stack trace. */
    public int defect(Throwable defect) {
        progress.clear();
        err.println(paint(Ansi.ERROR, "error[" + ErrorCode.DEFECT.number() + "]")
                + paint(Ansi.BOLD, ": this is a defect of CircuitScript, not of your script"));
        if (defect instanceof Defect placed) {
            Span at = placed.span();
            String place = at.source().name() + ":" + at.line() + ":" + at.column() + ": "
                    + at.source().lineText(at.line()).strip();
            err.println(" --> " + DiagnosticRenderer.line(place));
        }
        (defect instanceof Defect && defect.getCause() != null ? defect.getCause() : defect).printStackTrace(err);
        err.println("  = help: please report it, with the text above, the script, and what 'circuit --version' says");
        return ExitCode.FAILURE;
    }

    private void unplaced(String head, String message, List<String> notes, String help) {
        progress.clear();
        err.println(paint(Ansi.ERROR, head) + paint(Ansi.BOLD, ": " + DiagnosticRenderer.line(message)));
        for (String note : notes) err.println("  = note: " + DiagnosticRenderer.line(note));
        if (!help.isEmpty()) err.println("  = help: " + DiagnosticRenderer.line(help));
    }

    private String paint(Ansi style, String text) {
        return color ? style.paint(text) : text;
    }
}
