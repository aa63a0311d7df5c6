package io.circuitscript.source;

import java.util.List;

/**
 * A mistake in what we were given (script, file, model, machine), thrown by whoever finds it below the interpreter. It becomes one
 * diagnostic at the statement that was running, and never shows a stack trace. A defect of ours is any other exception.
 */
public final class UserError extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** What kind of mistake it is; each has its exit code. */
    public enum Kind {
        /** The script asks for something that cannot be, or an input is wrong: 65. */
        INPUT(65),
        /** A file or a model is missing: 66. */
        MISSING(66),
        /** No network, no device: 69. */
        UNAVAILABLE(69),
        /** A failure while running, such as a NaN or a full disk: 70. */
        FAILURE(70);

        private final int exitCode;

        Kind(int exitCode) {
            this.exitCode = exitCode;
        }

        public int exitCode() {
            return exitCode;
        }
    }

    private final Kind kind;
    private final ErrorCode code;
    private final List<String> notes;
    private final String help;

    /**
     * @param message one sentence without a full stop
     * @param notes further facts, a line each
     * @param help the way out, or empty
     */
    public UserError(Kind kind, ErrorCode code, String message, List<String> notes, String help) {
        super(message);
        this.kind = kind;
        this.code = code;
        this.notes = List.copyOf(notes);
        this.help = help;
    }

    public static UserError input(ErrorCode code, String message, String help) {
        return new UserError(Kind.INPUT, code, message, List.of(), help);
    }

    public static UserError missing(ErrorCode code, String message, String help) {
        return new UserError(Kind.MISSING, code, message, List.of(), help);
    }

    public static UserError failure(ErrorCode code, String message, String help) {
        return new UserError(Kind.FAILURE, code, message, List.of(), help);
    }

    public Kind kind() {
        return kind;
    }

    public ErrorCode code() {
        return code;
    }

    public List<String> notes() {
        return notes;
    }

    public String help() {
        return help;
    }

    /** This error as a diagnostic at a place of the script. */
    public Diagnostic at(Span span) {
        return Diagnostic.error(code, getMessage(), span).withNotes(notes).withHelp(help);
    }
}
