package io.circuitscript.cli.console;

import io.circuitscript.source.Visible;
import java.util.Locale;

/** How far long work is: how much of how much, how fast, how long still. One thread at a time. */
public final class WorkState {
    /** A rate below this would be shown as 0.0. */
    private static final double SLOW = 0.05;

    private String what = "";
    private String unit = "";
    private String note = "";
    private long total;
    private long done;
    private long started;

    /** New work, as {@link io.circuitscript.engine.Progress#begin} says it. */
    public void begin(String words, long all, String of) {
        what = words;
        total = all;
        unit = of;
        note = "";
        done = 0;
        started = System.nanoTime();
    }

    void rename(String words) {
        what = words;
    }

    public void advance(long by) {
        done += by;
    }

    public void note(String words) {
        note = words;
    }

    long nanos() {
        return System.nanoTime() - started;
    }

    /** The share that is done; below 0 where nobody knows. */
    public double share() {
        return total > 0 ? (double) done / total : -1;
    }

    /** As {@code attribute  120/200 examples  60%  15/s  0:05 left  loss 0.12}. */
    public String line() {
        String line = line(what, done, total, unit, nanos() / 1e9);
        return Visible.line(note.isEmpty() ? line : line + "  " + note);
    }

    static String line(String what, long done, long total, String unit, double seconds) {
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
