package io.circuitscript.cli.console;

/** Registers what happens at Ctrl-C and at requests to end. */
public interface Signals {
    /** No signals come: somebody else's process. */
    Signals NONE = action -> () -> {};

    /** Calls the action at each interrupt, from a thread of its own, until the registration is closed. */
    Registration onInterrupt(Runnable action);

    /** The same, and calls the other action at each request to end: {@code kill}, or a terminal that is closed. */
    default Registration onInterruptOrEnd(Runnable interrupt, Runnable end) {
        return onInterrupt(interrupt);
    }

    interface Registration extends AutoCloseable {
        @Override
        void close();
    }
}
