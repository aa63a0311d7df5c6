package io.circuitscript.engine;

import java.util.concurrent.CancellationException;
import java.util.function.BooleanSupplier;

/** Asked between batches and layers; once cancelled, work stops at the next question. Safe from any thread. */
public final class CancelToken {
    private final BooleanSupplier fromOutside;
    private volatile boolean cancelled;

    public CancelToken() {
        this(() -> false);
    }

    /** One that somebody else may cancel too. @param fromOutside whether he has */
    public CancelToken(BooleanSupplier fromOutside) {
        this.fromOutside = fromOutside;
    }

    public void cancel() {
        cancelled = true;
    }

    /** Takes a cancellation back: what comes next is other work. */
    public void renew() {
        cancelled = false;
    }

    /** @throws CancellationException where somebody cancelled */
    public void check() {
        if (cancelled || fromOutside.getAsBoolean()) throw new CancellationException("cancelled");
    }
}
