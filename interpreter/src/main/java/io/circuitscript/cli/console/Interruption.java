package io.circuitscript.cli.console;

import io.circuitscript.engine.CancelToken;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * What signals do while a script runs. The first one cancels the work; Ctrl-C after that ends the process at once.
 * Further requests to end do not: a terminal that is closed sends several.
 */
public final class Interruption {
    private final CancelToken cancel;
    private final Messages messages;
    private final AtomicBoolean asked = new AtomicBoolean();

    Interruption(CancelToken cancel, Messages messages) {
        this.cancel = cancel;
        this.messages = messages;
    }

    /** At Ctrl-C. */
    void interrupt() {
        if (asked.getAndSet(true)) Runtime.getRuntime().halt(ExitCode.INTERRUPTED);
        cancel.cancel();
        messages.say("interrupted; stopping after this batch (Ctrl-C again stops at once)");
    }

    /** At a request to end. */
    public void end() {
        if (asked.getAndSet(true)) return;
        cancel.cancel();
        messages.say("asked to end; stopping after this batch");
    }

    /** Whether a signal came. */
    public boolean asked() {
        return asked.get();
    }
}
