package io.circuitscript.source;

import java.util.List;
import java.util.Objects;

/**
 * One finding about a script: what is wrong, where, and the way out. A value; rendering is {@link DiagnosticRenderer}'s.
 *
 * @param message one sentence without a full stop
 * @param span the smallest stretch that is wrong
 * @param label a few words shown under that stretch, or empty
 * @param secondary other places that explain it
 * @param notes further facts, a line each
 * @param help how to mend it, or empty
 */
public record Diagnostic(
        Severity severity,
        ErrorCode code,
        String message,
        Span span,
        String label,
        List<Label> secondary,
        List<String> notes,
        String help) {

    public enum Severity {
        ERROR,
        WARNING
    }

    /** Another place and a few words about it. */
    public record Label(Span span, String text) {}

    public Diagnostic {
        Objects.requireNonNull(span, "span");
        secondary = List.copyOf(secondary);
        notes = List.copyOf(notes);
    }

    public static Diagnostic error(ErrorCode code, String message, Span span) {
        return new Diagnostic(Severity.ERROR, code, message, span, "", List.of(), List.of(), "");
    }

    public static Diagnostic warning(ErrorCode code, String message, Span span) {
        return new Diagnostic(Severity.WARNING, code, message, span, "", List.of(), List.of(), "");
    }

    public Diagnostic withLabel(String text) {
        return new Diagnostic(severity, code, message, span, text, secondary, notes, help);
    }

    public Diagnostic withMessage(String text) {
        return new Diagnostic(severity, code, text, span, label, secondary, notes, help);
    }

    public Diagnostic withHelp(String text) {
        return new Diagnostic(severity, code, message, span, label, secondary, notes, text);
    }

    public Diagnostic withNotes(List<String> lines) {
        return new Diagnostic(severity, code, message, span, label, secondary, lines, help);
    }

    public Diagnostic withSecondary(Span at, String text) {
        var more = new java.util.ArrayList<>(secondary);
        more.add(new Label(at, text));
        return new Diagnostic(severity, code, message, span, label, more, notes, help);
    }

    public boolean isError() {
        return severity == Severity.ERROR;
    }
}
