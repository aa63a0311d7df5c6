package io.circuitscript.cli;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.util.Optional;

/**
 * Standard output. It remembers why a write failed, which a {@link PrintStream} forgets: a reader that left ({@code | head}) ends the run
 * quietly, a full disk does not.
 */
final class ResultStream {
    private final Remembering bytes;
    private final PrintStream text;

    ResultStream(OutputStream stream) {
        bytes = new Remembering(stream);
        text = Surroundings.utf8(bytes);
    }

    PrintStream text() {
        return text;
    }

    /** Why nothing can be written any more, if so. */
    Optional<IOException> failure() {
        text.flush();
        return Optional.ofNullable(bytes.failure);
    }

    /** Whether the failure is that nobody reads any more. */
    static boolean isReaderGone(IOException failure) {
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
