package io.circuitscript.model.tokenizer;

import io.circuitscript.source.UserError;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/**
 * A process that runs one tokenizer for a session, see {@link TokenizerProcess}: it answers on standard output what it is asked on standard input,
 * and ends when that is closed, be it in the middle of an answer.
 */
public final class TokenizerServer {
    /** For recursion in the library. */
    private static final long STACK = 64L << 20;

    private sealed interface Request {
        record Open(String file, byte[] json) implements Request {}

        record Encode(String text) implements Request {}

        record EncodeWithTexts(String text) implements Request {}

        record Decode(int[] ids) implements Request {}
    }

    private final BlockingQueue<Request> asked = new LinkedBlockingQueue<>();

    private TokenizerServer() {}

    /** Started by nobody but {@link TokenizerProcess}. */
    public static void main(String[] arguments) throws IOException {
        new TokenizerServer()
                .read(new DataInputStream(new BufferedInputStream(new FileInputStream(FileDescriptor.in))));
    }

    /** Returns at the end of the input, whatever the other thread does: that one does not keep the process. */
    private void read(DataInputStream from) throws IOException {
        Thread.ofPlatform().daemon().name("tokenizer").stackSize(STACK).start(this::answer);
        for (int what = from.read(); what >= 0; what = from.read()) {
            asked.add(
                    switch (what) {
                        case TokenizerWire.OPEN ->
                            new Request.Open(TokenizerWire.text(from), TokenizerWire.bytes(from));
                        case TokenizerWire.ENCODE -> new Request.Encode(TokenizerWire.text(from));
                        case TokenizerWire.ENCODE_WITH_TEXTS -> new Request.EncodeWithTexts(TokenizerWire.text(from));
                        case TokenizerWire.DECODE -> new Request.Decode(TokenizerWire.ids(from));
                        default -> throw new IOException("not a request: " + what);
                    });
        }
    }

    private void answer() {
        // Closed when this ends for whatever reason, which whoever waits for an answer sees.
        try (var to = new DataOutputStream(new BufferedOutputStream(new FileOutputStream(FileDescriptor.out)))) {
            Optional<DirectTokenizer> tokenizer = Optional.empty();
            while (true) {
                Request request = asked.take();
                try {
                    if (request instanceof Request.Open(String file, byte[] json))
                        tokenizer = Optional.of(DirectTokenizer.open(json, file));
                    answer(request, tokenizer.orElseThrow(), to);
                } catch (UserError e) {
                    to.writeByte(TokenizerWire.REFUSED);
                    TokenizerWire.error(to, e);
                }
                to.flush();
            }
        } catch (IOException | InterruptedException nobodyListens) {
            // The session has ended, and this process ends with it.
        }
    }

    private static void answer(Request request, DirectTokenizer tokenizer, DataOutputStream to) throws IOException {
        switch (request) {
            case Request.Open _ -> to.writeByte(TokenizerWire.DONE);
            case Request.Encode(String text) -> {
                int[] ids = tokenizer.encode(text);
                to.writeByte(TokenizerWire.DONE);
                TokenizerWire.ids(to, ids);
            }
            case Request.EncodeWithTexts(String text) -> {
                TokenTexts texts = tokenizer.encodeWithTexts(text);
                to.writeByte(TokenizerWire.DONE);
                TokenizerWire.texts(to, texts);
            }
            case Request.Decode(int[] ids) -> {
                Optional<String> text = tokenizer.decode(ids);
                to.writeByte(text.isPresent() ? TokenizerWire.DONE : TokenizerWire.NOTHING);
                if (text.isPresent()) TokenizerWire.text(to, text.get());
            }
        }
    }
}
