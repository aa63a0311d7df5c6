package io.circuitscript.cli.console;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.util.Optional;

/**
 * Standard output. It remembers why a write failed, which a {@link PrintStream} forgets: when the reader has left
 * ({@code | head}), the run ends quietly; when the disk is full, it does not.
 */
public final class ResultStream {
    private final Remembering bytes;
    private final PrintStream text;
    private final PrintStream exact;

    public ResultStream(OutputStream stream) {
        bytes = new Remembering(stream);
        text = ScreenStream.over(bytes);
        exact = ProcessEnvironment.utf8(bytes);
    }

    /** For what a person reads. */
    public PrintStream text() {
        return text;
    }

    /** The stream for output that programs read: JSON, formatted scripts, completion scripts. Not a byte is changed. */
    public PrintStream exact() {
        text.flush();
        return exact;
    }

    /** Why nothing can be written any more; empty while it can. */
    public Optional<IOException> failure() {
        text.flush();
        exact.flush();
        return Optional.ofNullable(bytes.failure);
    }

    /** Whether a write failed because nobody reads any more. */
    public static boolean isReaderGone(IOException failure) {
        return String.valueOf(failure.getMessage()).contains("roken pipe");
    }

    private static final class Remembering extends FilterOutputStream {
        private volatile IOException failure;

        Remembering(OutputStream stream) {
            super(stream);
        }

        @Override
        public void write(int b) throws IOException {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] b, int offset, int length) throws IOException {
            if (failure != null) throw failure;
            try {
                out.write(b, offset, length);
            } catch (IOException e) {
                failure = e;
                throw e;
            }
        }
    }
}
