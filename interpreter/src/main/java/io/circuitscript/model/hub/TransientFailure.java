package io.circuitscript.model.hub;

import java.time.Duration;
import java.util.Optional;

/** A failure that may be over at the next attempt. */
final class TransientFailure extends Exception {
    private static final long serialVersionUID = 1L;

    private final transient Optional<Duration> wait;

    /** @param wait how long the server asked to wait */
    TransientFailure(String message, Optional<Duration> wait) {
        super(message);
        this.wait = wait;
    }

    Optional<Duration> after() {
        return wait;
    }
}
