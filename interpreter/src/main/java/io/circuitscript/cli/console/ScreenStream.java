package io.circuitscript.cli.console;

import io.circuitscript.source.Visible;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/**
 * Writes text to the terminal safely: characters that could change the terminal are shown as escape sequences, and
 * only our own colours pass. A line goes on when it ends, and what is no whole line when it is flushed.
 */
public final class ScreenStream extends OutputStream {
    private final OutputStream to;
    private final ByteArrayOutputStream waiting = new ByteArrayOutputStream();

    private ScreenStream(OutputStream to) {
        this.to = to;
    }

    public static PrintStream over(OutputStream to) {
        return new PrintStream(new ScreenStream(to), true, StandardCharsets.UTF_8);
    }

    @Override
    public synchronized void write(int b) {
        waiting.write(b);
    }

    @Override
    public synchronized void write(byte[] bytes, int offset, int length) {
        waiting.write(bytes, offset, length);
    }

    @Override
    public synchronized void flush() throws IOException {
        if (waiting.size() > 0) {
            byte[] shown =
                    Visible.onScreen(waiting.toString(StandardCharsets.UTF_8)).getBytes(StandardCharsets.UTF_8);
            waiting.reset();
            to.write(shown);
        }
        to.flush();
    }
}
