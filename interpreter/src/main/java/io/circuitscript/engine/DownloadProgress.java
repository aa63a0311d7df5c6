package io.circuitscript.engine;

import io.circuitscript.model.hub.HubListener;

/** Shows a download as progress in whole megabytes. */
public final class DownloadProgress implements HubListener {
    private static final long MEGABYTE = 1_000_000;

    private final RunOptions options;
    private long shown;

    public DownloadProgress(RunOptions options) {
        this.options = options;
    }

    @Override
    public void begin(String what, long bytes) {
        shown = 0;
        options.progress().begin(what, bytes / MEGABYTE, "MB");
    }

    @Override
    public void reached(long bytes) {
        long now = bytes / MEGABYTE;
        if (now != shown) options.progress().advance(now - shown);
        shown = now;
    }

    @Override
    public void end() {
        options.progress().end();
    }

    @Override
    public void say(String note) {
        options.notes().accept(note);
    }

    @Override
    public void check() {
        options.cancel().check();
    }
}
