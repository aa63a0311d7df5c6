package io.circuitscript.notebook.protocol;

/** Thrown for a connection file that a kernel cannot or should not use. */
public final class BadConnectionFile extends Exception {
    private static final long serialVersionUID = 1L;

    BadConnectionFile(String message) {
        super(message);
    }
}
