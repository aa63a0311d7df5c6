package io.circuitscript.cli;

/** Where a person's Ctrl-C arrives. */
interface Signals {
    /** No signals come: somebody else's process. */
    Signals NONE = action -> () -> {};

    /** Calls the action at each interrupt, from a thread of its own, until the registration is closed. */
    Registration onInterrupt(Runnable action);

    /** The same, and at a request to end, as {@code kill} sends it. */
    default Registration onInterruptOrEnd(Runnable action) {
        return onInterrupt(action);
    }

    interface Registration extends AutoCloseable {
        @Override
        void close();
    }
}
