package io.circuitscript.cli.console;

import io.circuitscript.engine.Progress;
import io.circuitscript.source.Visible;
import java.io.PrintStream;
import java.util.function.IntSupplier;

/**
 * The progress line on a terminal: how far, how fast, how long still. It appears after one second. A thread of its own
 * redraws it, so that a slow first batch does not look like a hang.
 */
public final class ProgressLine implements Progress {
    /** Draws nothing: no terminal, or nobody wants it. */
    public static final ProgressLine NONE = new ProgressLine(null);

    private static final long PATIENCE_NANOS = 1_000_000_000L;
    private static final long REDRAW_MILLIS = 200;
    private static final String ERASE = Visible.RETURN + Visible.ESCAPE + "[K";

    private final PrintStream err;
    private final IntSupplier width;
    private Thread clock;
    private boolean drawn;
    private final WorkState work = new WorkState();
    private boolean working;

    public ProgressLine(PrintStream err) {
        this(err, () -> Integer.MAX_VALUE);
    }

    /** @param width of the terminal: a line that does not fit cannot be erased */
    public ProgressLine(PrintStream err, IntSupplier width) {
        this.err = err;
        this.width = width;
    }

    @Override
    public synchronized void begin(String what, long total, String unit) {
        if (err == null) return;
        work.begin(what, total, unit);
        working = true;
        if (clock == null) clock = Thread.ofPlatform().daemon().name("progress").start(this::tick);
        notifyAll();
    }

    /** Says what is being done from here on. */
    public synchronized void rename(String now) {
        work.rename(now);
    }

    @Override
    public synchronized void advance(long by) {
        work.advance(by);
    }

    @Override
    public synchronized void note(String words) {
        work.note(words);
    }

    @Override
    public synchronized void end() {
        working = false;
        clear();
    }

    /** Makes room for a line of text. The bar comes back by itself while work goes on. */
    public synchronized void clear() {
        if (!drawn) return;
        err.print(ERASE);
        err.flush();
        drawn = false;
    }

    /** Writes text where the bar is. The bar does not come back before all of it is written. */
    public synchronized void inPlaceOfBar(Runnable text) {
        clear();
        text.run();
    }

    private synchronized void tick() {
        try {
            while (true) {
                if (working) {
                    draw();
                    wait(REDRAW_MILLIS);
                } else {
                    wait();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void draw() {
        if (work.nanos() < PATIENCE_NANOS) return;
        String line = work.line();
        err.print(ERASE + line.substring(0, Math.min(line.length(), Math.max(width.getAsInt() - 1, 0))));
        err.flush();
        drawn = true;
    }
}
