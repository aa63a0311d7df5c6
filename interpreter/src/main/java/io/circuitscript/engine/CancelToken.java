package io.circuitscript.engine;

import java.util.concurrent.CancellationException;

/** Asked between batches and layers; once cancelled, work stops at the next question. Safe from any thread. */
public final class CancelToken {
    private volatile boolean cancelled;

    public void cancel() {
        cancelled = true;
    }

    /** Takes a cancellation back: what comes next is other work. */
    public void renew() {
        cancelled = false;
    }

    /** @throws CancellationException where somebody cancelled */
    public void check() {
        if (cancelled) throw new CancellationException("cancelled");
    }
}
