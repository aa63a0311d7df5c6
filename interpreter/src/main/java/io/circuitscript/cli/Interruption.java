package io.circuitscript.cli;

import io.circuitscript.engine.CancelToken;
import java.util.concurrent.atomic.AtomicBoolean;

/** What Ctrl-C does while a script runs: the first asks the work to stop, the second ends the process there and then. */
final class Interruption implements Runnable {
    private final CancelToken cancel;
    private final Messages messages;
    private final AtomicBoolean asked = new AtomicBoolean();

    Interruption(CancelToken cancel, Messages messages) {
        this.cancel = cancel;
        this.messages = messages;
    }

    @Override
    public void run() {
        if (asked.getAndSet(true)) Runtime.getRuntime().halt(ExitCode.INTERRUPTED);
        cancel.cancel();
        messages.say("interrupted; stopping after this batch (Ctrl-C again stops at once)");
    }
}
