package io.circuitscript.notebook;

import io.circuitscript.notebook.protocol.Message;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** What a cell writes as text: in pieces that are not too many, and not more of it than a notebook can hold. */
final class CellStream {
    /** How much text a cell may show. */
    static final int MOST = 1 << 20;

    private static final int PIECE = 1 << 13;
    private static final int PATIENCE_MILLIS = 100;

    private final CellChannel channel;
    private final ScheduledExecutorService clock;
    private final StringBuilder waiting = new StringBuilder();
    private String name = "stdout";
    private long written;
    private boolean timed;

    CellStream(CellChannel channel, ScheduledExecutorService clock) {
        this.channel = channel;
        this.clock = clock;
    }

    /** @param stream {@code stdout} or {@code stderr} */
    synchronized void write(String stream, String text) {
        if (text.isEmpty() || written >= MOST) return;
        if (!stream.equals(name)) flush();
        name = stream;
        boolean fits = text.length() <= MOST - written;
        waiting.append(fits ? text : text.substring(0, (int) (MOST - written)));
        written += text.length();
        if (!fits) waiting.append("\n… a cell shows no more text than this; what is longer belongs in a file\n");
        if (waiting.length() >= PIECE) flush();
        else if (!timed) {
            timed = true;
            clock.schedule(this::late, PATIENCE_MILLIS, TimeUnit.MILLISECONDS);
        }
    }

    private synchronized void late() {
        timed = false;
        flush();
    }

    /** Sends what waits: before anything else of the cell is sent. */
    synchronized void flush() {
        if (waiting.isEmpty()) return;
        channel.publish("stream", Message.object().put("name", name).put("text", waiting.toString()));
        waiting.setLength(0);
    }
}
