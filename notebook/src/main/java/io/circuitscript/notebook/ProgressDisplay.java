package io.circuitscript.notebook;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.circuitscript.cli.console.WorkState;
import io.circuitscript.engine.Progress;
import io.circuitscript.notebook.display.ProgressHtml;
import java.util.UUID;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/** How far long work has come, as one display of a cell that changes four times a second at most, and is empty once the work is done. */
final class ProgressDisplay implements Progress {
    /** The mark of the display, for what compares or cleans notebooks. */
    static final String MARK = "circuitscript_progress";

    private static final int PATIENCE_MILLIS = 700;
    private static final int REDRAW_MILLIS = 250;

    private final CellOutput cell;
    private final ScheduledExecutorService clock;
    private String display;
    private String shown = "";
    private final WorkState work = new WorkState();
    private ScheduledFuture<?> redraw;

    ProgressDisplay(CellOutput cell, ScheduledExecutorService clock) {
        this.cell = cell;
        this.clock = clock;
    }

    @Override
    public synchronized void begin(String words, long all, String of) {
        stop();
        work.begin(words, all, of);
        redraw = clock.scheduleWithFixedDelay(this::draw, PATIENCE_MILLIS, REDRAW_MILLIS, TimeUnit.MILLISECONDS);
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
        stop();
        if (!shown.isEmpty()) show("", "");
    }

    private void stop() {
        if (redraw != null) redraw.cancel(false);
        redraw = null;
    }

    private synchronized void draw() {
        if (redraw == null) return; // it ended meanwhile
        String line = work.line();
        if (!line.equals(shown)) show(line, ProgressHtml.of(work.share(), line));
    }

    private void show(String line, String html) {
        shown = line;
        boolean first = display == null;
        if (first) display = UUID.randomUUID().toString();
        ObjectNode content = ShownResult.display(line, html);
        content.putObject("transient").put("display_id", display);
        content.withObjectProperty("metadata").put(MARK, true);
        cell.publish(first ? "display_data" : "update_display_data", content);
    }
}
