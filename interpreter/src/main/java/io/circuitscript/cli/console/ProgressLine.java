package io.circuitscript.cli.console;

import io.circuitscript.engine.Progress;
import io.circuitscript.source.Visible;
import java.io.PrintStream;
import java.util.Locale;
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
    /** A rate below this would be shown as 0.0. */
    private static final double SLOW = 0.05;

    private static final String ERASE = Visible.RETURN + Visible.ESCAPE + "[K";

    private final PrintStream err;
    private final IntSupplier width;
    private Thread clock;
    private boolean drawn;
    private String what = "";
    private String unit = "";
    private String note = "";
    private long total;
    private long done;
    private long started;
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
        this.what = what;
        this.total = total;
        this.unit = unit;
        note = "";
        done = 0;
        started = System.nanoTime();
        working = true;
        if (clock == null) clock = Thread.ofPlatform().daemon().name("progress").start(this::tick);
        notifyAll();
    }

    /** Says what is being done from here on. */
    public synchronized void rename(String now) {
        what = now;
    }

    @Override
    public synchronized void advance(long by) {
        done += by;
    }

    @Override
    public synchronized void note(String words) {
        note = words;
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

    private synchronized void tick() {
        try {
            while (true) {
                if (working) {
                    draw(System.nanoTime() - started);
                    wait(REDRAW_MILLIS);
                } else {
                    wait();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void draw(long nanos) {
        if (nanos < PATIENCE_NANOS) return;
        String line = line(what, done, total, unit, nanos / 1e9);
        line = Visible.line(note.isEmpty() ? line : line + "  " + note);
        err.print(ERASE + line.substring(0, Math.min(line.length(), Math.max(width.getAsInt() - 1, 0))));
        err.flush();
        drawn = true;
    }

    /** As {@code attribute  120/200 examples  60%  15/s  0:05 left}. */
    public static String line(String what, long done, long total, String unit, double seconds) {
        StringBuilder line = new StringBuilder(what).append("  ").append(done);
        if (total > 0) line.append('/').append(total);
        line.append(' ').append(unit);
        if (total > 0)
            line.append("  ").append(100 * Math.min(done, total) / total).append('%');
        if (done == 0 || seconds <= 0) return line.toString();
        double rate = done / seconds;
        if (rate < SLOW) return left(line, total - done, rate);
        // A rate of bytes is nothing without its unit; examples are named beside it already.
        String of = unit.equals("MB") ? " MB/s" : "/s";
        line.append("  ")
                .append(String.format(Locale.ROOT, rate < 10 ? "%.1f" : "%.0f", rate))
                .append(of);
        return left(line, total - done, rate);
    }

    private static String left(StringBuilder line, long rest, double rate) {
        if (rest > 0) line.append("  ").append(clock(rest / rate)).append(" left");
        return line.toString();
    }

    private static String clock(double seconds) {
        long whole = (long) Math.ceil(seconds);
        if (whole >= 3600) return String.format(Locale.ROOT, "%d:%02d:%02d", whole / 3600, whole / 60 % 60, whole % 60);
        return String.format(Locale.ROOT, "%d:%02d", whole / 60, whole % 60);
    }
}
