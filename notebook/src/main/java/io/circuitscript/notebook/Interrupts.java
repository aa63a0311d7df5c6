package io.circuitscript.notebook;

import io.circuitscript.cli.prompt.QuietCloseable;
import java.util.ArrayDeque;
import java.util.Deque;

/** What an interrupt does at this moment. It comes from the control channel or as a signal, while a cell runs or while none does. */
final class Interrupts {
    private final Deque<Runnable> actions = new ArrayDeque<>();
    private boolean running;
    private boolean asked;
    private boolean closed;

    /** A cell begins. */
    synchronized void begin() {
        running = true;
        asked = closed;
    }

    /** The cell is done. */
    synchronized void end() {
        running = false;
    }

    /** Interrupts the cell that runs, if one does. */
    void interrupt() {
        Runnable action;
        synchronized (this) {
            if (!running) return;
            asked = true;
            action = actions.peek();
        }
        if (action != null) action.run();
    }

    /** Interrupts the cell that runs, and every one that begins from now on: the kernel ends. */
    void close() {
        synchronized (this) {
            closed = true;
        }
        interrupt();
    }

    /** Whether the cell that runs was interrupted. */
    synchronized boolean asked() {
        return asked;
    }

    /** Has an interrupt do something, until closed; at once where one came before in this cell. */
    QuietCloseable on(Runnable action) {
        boolean late;
        synchronized (this) {
            actions.push(action);
            late = asked;
        }
        if (late) action.run();
        return () -> {
            synchronized (this) {
                actions.remove(action);
            }
        };
    }
}
