package io.circuitscript.cli.each;

import java.io.ByteArrayOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/** Passes on what is written to standard error, and remembers the first line that tells an error. */
final class FirstError {
    private static final int LONGEST = 1_000;

    private final ByteArrayOutputStream line = new ByteArrayOutputStream();
    private String found = "";

    PrintStream over(PrintStream err) {
        return new PrintStream(new Watching(err), true, StandardCharsets.UTF_8);
    }

    /** Without its colours; empty while there was none. */
    synchronized String text() {
        return found;
    }

    private synchronized void see(int b) {
        if (!found.isEmpty()) return;
        if (b != '\n') {
            if (line.size() < LONGEST) line.write(b);
            return;
        }
        String text = line.toString(StandardCharsets.UTF_8)
                .replaceAll("\\x1B\\[[0-9;]*m", "")
                .strip();
        line.reset();
        if (text.startsWith("error")) found = text;
    }

    private final class Watching extends FilterOutputStream {
        Watching(OutputStream to) {
            super(to);
        }

        @Override
        public void write(int b) throws IOException {
            out.write(b);
            see(b);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            out.write(bytes, offset, length);
            for (int i = offset; i < offset + length; i++) see(bytes[i]);
        }
    }
}
