package io.circuitscript.runtime.value;

import io.circuitscript.graph.UnresolvedName;
import io.circuitscript.source.Diagnostic;
import io.circuitscript.source.ErrorCode;
import io.circuitscript.source.Span;
import io.circuitscript.source.UserError;
import java.util.List;

/** A user's mistake at a position in the script. Thrown, and reported by the statement that ran. */
public final class Mistake extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** Whether a mistake is one wherever the flow goes. */
    public enum Nature {
        /** How it is written: an unknown name, an option that is none. Reported also where the statement may never run. */
        FORM,
        /** What it comes to: reported where the statement surely runs, and when it does. */
        VALUE
    }

    private final transient Diagnostic diagnostic;
    private final Nature nature;
    private final int exitCode;
    private final transient List<Mistake> others;

    private Mistake(Diagnostic diagnostic, Nature nature, int exitCode, Throwable cause) {
        this(diagnostic, nature, exitCode, cause, List.of());
    }

    private Mistake(Diagnostic diagnostic, Nature nature, int exitCode, Throwable cause, List<Mistake> others) {
        super(diagnostic.message(), cause, false, false);
        this.diagnostic = diagnostic;
        this.nature = nature;
        this.exitCode = exitCode;
        this.others = List.copyOf(others);
    }

    /** Throws several of one statement together, or nothing where there are none. */
    public static void throwAll(List<Mistake> mistakes) {
        if (mistakes.isEmpty()) return;
        Mistake first = mistakes.getFirst();
        throw new Mistake(
                first.diagnostic, first.nature, first.exitCode, first.getCause(), mistakes.subList(1, mistakes.size()));
    }

    public static Mistake form(ErrorCode code, String message, Span span, String help) {
        return new Mistake(Diagnostic.error(code, message, span).withHelp(help), Nature.FORM, 65, null);
    }

    public static Mistake value(ErrorCode code, String message, Span span, String help) {
        return new Mistake(Diagnostic.error(code, message, span).withHelp(help), Nature.VALUE, 65, null);
    }

    /** Why a node or an edge cannot be, at a place. */
    public static Mistake unresolved(UnresolvedName why, Span span) {
        return value(why.code(), why.message(), span, why.help());
    }

    /** What was found below the interpreter, at a place. */
    public static Mistake at(Span span, UserError error) {
        return new Mistake(error.at(span), Nature.VALUE, error.kind().exitCode(), error);
    }

    /** That an {@code expect} does not hold. */
    public static Mistake unmet(String message, Span span) {
        return new Mistake(Diagnostic.error(ErrorCode.EXPECT_FAILED, message, span), Nature.VALUE, 1, null);
    }

    public Mistake withHelp(String help) {
        return new Mistake(diagnostic.withHelp(help), nature, exitCode, getCause(), others);
    }

    public Mistake withNotes(List<String> notes) {
        return new Mistake(diagnostic.withNotes(notes), nature, exitCode, getCause(), others);
    }

    /** The same at another place: what is wrong is said where the user can mend it. */
    public Mistake movedTo(Span span) {
        Diagnostic moved = Diagnostic.error(diagnostic.code(), diagnostic.message(), span)
                .withNotes(diagnostic.notes())
                .withHelp(diagnostic.help());
        return new Mistake(moved, nature, exitCode, getCause(), others);
    }

    /** Of the same statement. */
    public List<Mistake> others() {
        return others;
    }

    public Diagnostic diagnostic() {
        return diagnostic;
    }

    public Nature nature() {
        return nature;
    }

    public int exitCode() {
        return exitCode;
    }
}
