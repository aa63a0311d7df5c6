package io.circuitscript.notebook.protocol;

/** Thrown for what came over the wire and is no message of somebody who has the key. */
public final class BadMessage extends Exception {
    private static final long serialVersionUID = 1L;

    BadMessage(String message) {
        super(message);
    }
}
