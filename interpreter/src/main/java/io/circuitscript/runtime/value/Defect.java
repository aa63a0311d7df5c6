package io.circuitscript.runtime.value;

import io.circuitscript.source.Span;

/** A defect of the program, with the position in the script that was running when it showed. */
public final class Defect extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient Span span;

    public Defect(Span span, RuntimeException cause) {
        super(cause.getMessage(), cause);
        this.span = span;
    }

    public Span span() {
        return span;
    }
}
