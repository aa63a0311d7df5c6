package io.circuitscript.cli.console;

import io.circuitscript.engine.CancelToken;

/**
 * What Ctrl-C does while a statement runs at the prompt. The first one cancels the statement and keeps the session;
 * the third ends the session, for work that does not listen.
 */
public final class PromptInterruption implements Runnable {
    private final CancelToken cancel;
    private final Messages messages;
    private final Runnable leave;
    private int times;

    /** @param leave ends the process */
    public PromptInterruption(CancelToken cancel, Messages messages, Runnable leave) {
        this.cancel = cancel;
        this.messages = messages;
        this.leave = leave;
    }

    @Override
    public synchronized void run() {
        times++;
        try {
            // Before the work hears of it: the prompt that comes back then would stand in front of the note.
            if (times == 1) messages.say("interrupted; stopping after this batch, the session stays");
            else if (times == 2)
                messages.say("still stopping; Ctrl-C once more leaves circuit, and the session is lost");
            else leave.run();
        } finally {
            cancel.cancel();
        }
    }
}
