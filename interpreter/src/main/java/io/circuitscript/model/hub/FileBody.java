package io.circuitscript.model.hub;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicLong;

/** Takes an answer's bytes to the end of a file that a download before may have begun. Close it: nothing is written from then on. */
final class FileBody implements HttpResponse.BodyHandler<Void>, AutoCloseable {
    private static final int OK = 200;
    private static final int PARTIAL = 206;

    private final Path file;
    private final long most;
    private final FileChannel channel;
    private final AtomicLong length;

    /** @param most how long the whole is; a file beyond that is begun anew */
    FileBody(Path file, long most) throws IOException {
        this.file = file;
        this.most = most;
        this.channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        if (channel.size() > most) channel.truncate(0);
        this.length = new AtomicLong(channel.size());
    }

    /** How much of the file is there. */
    long length() {
        return length.get();
    }

    void clear() throws IOException {
        channel.truncate(0);
        length.set(0);
    }

    void flush() throws IOException {
        channel.force(true);
    }

    @Override
    public HttpResponse.BodySubscriber<Void> apply(HttpResponse.ResponseInfo answer) {
        boolean goesOn = answer.statusCode() == PARTIAL
                && answer.headers()
                        .firstValue("Content-Range")
                        .filter(range -> range.startsWith("bytes " + length.get() + "-"))
                        .isPresent();
        if (goesOn) return new Writer(length.get());
        if (answer.statusCode() == OK || answer.statusCode() == PARTIAL)
            return new Writer(answer.statusCode() == OK ? 0 : -1);
        return HttpResponse.BodySubscribers.discarding();
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }

    private final class Writer implements HttpResponse.BodySubscriber<Void> {
        private final long from;
        private final CompletableFuture<Void> done = new CompletableFuture<>();
        private Flow.Subscription subscription;

        /** @param from where the answer begins; negative: elsewhere than it was asked to */
        Writer(long from) {
            this.from = from;
        }

        @Override
        public void onSubscribe(Flow.Subscription subscription) {
            this.subscription = subscription;
            try {
                if (from < 0) throw new WrongAnswer("sends a different part of a file from the one asked for", true);
                channel.truncate(from);
                channel.position(from);
                length.set(from);
                subscription.request(1);
            } catch (IOException e) {
                fail(e);
            }
        }

        @Override
        public void onNext(List<ByteBuffer> buffers) {
            if (done.isDone()) return;
            try {
                for (ByteBuffer buffer : buffers) write(buffer);
                subscription.request(1);
            } catch (IOException e) {
                fail(e);
            }
        }

        private void write(ByteBuffer buffer) throws IOException {
            if (length.get() + buffer.remaining() > most)
                throw new WrongAnswer("sends more of a file than it announced", true);
            try {
                while (buffer.hasRemaining()) length.addAndGet(channel.write(buffer));
            } catch (IOException e) {
                throw new DiskFailure(file, e);
            }
        }

        private void fail(IOException reason) {
            subscription.cancel();
            done.completeExceptionally(reason);
        }

        @Override
        public void onError(Throwable reason) {
            done.completeExceptionally(reason);
        }

        @Override
        public void onComplete() {
            done.complete(null);
        }

        @Override
        public CompletionStage<Void> getBody() {
            return done;
        }
    }
}
