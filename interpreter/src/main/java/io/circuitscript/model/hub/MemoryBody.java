package io.circuitscript.model.hub;

import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;

/**
 * Takes an answer into memory, up to a limit of our own.
 *
 * @param what as a message calls the answer
 */
record MemoryBody(String what, long most) implements HttpResponse.BodyHandler<byte[]> {
    @Override
    public HttpResponse.BodySubscriber<byte[]> apply(HttpResponse.ResponseInfo answer) {
        return new Limited(HttpResponse.BodySubscribers.ofByteArray());
    }

    private final class Limited implements HttpResponse.BodySubscriber<byte[]> {
        private final HttpResponse.BodySubscriber<byte[]> whole;
        private final CompletableFuture<byte[]> done = new CompletableFuture<>();
        private Flow.Subscription subscription;
        private long length;

        Limited(HttpResponse.BodySubscriber<byte[]> whole) {
            this.whole = whole;
        }

        @Override
        public void onSubscribe(Flow.Subscription subscription) {
            this.subscription = subscription;
            whole.onSubscribe(subscription);
        }

        @Override
        public void onNext(List<ByteBuffer> buffers) {
            if (done.isDone()) return;
            for (ByteBuffer buffer : buffers) length += buffer.remaining();
            if (length <= most) {
                whole.onNext(buffers);
                return;
            }
            subscription.cancel();
            done.completeExceptionally(new WrongAnswer(
                    "sends " + what + " of more than " + ByteSize.text(most) + ", which no hub does", false));
        }

        @Override
        public void onError(Throwable reason) {
            done.completeExceptionally(reason);
        }

        @Override
        public void onComplete() {
            whole.onComplete();
            whole.getBody().thenAccept(done::complete);
        }

        @Override
        public CompletionStage<byte[]> getBody() {
            return done;
        }
    }
}
