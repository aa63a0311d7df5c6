package io.circuitscript.model.hub;

import java.io.IOException;

/** An answer that arrives, but is not what was asked for: no fault of the connection. */
final class WrongAnswer extends IOException {
    private static final long serialVersionUID = 1L;

    private final boolean passing;

    /**
     * @param message reads on after the server's name
     * @param passing whether the next answer may be another
     */
    WrongAnswer(String message, boolean passing) {
        super(message);
        this.passing = passing;
    }

    boolean passing() {
        return passing;
    }
}
