package io.circuitscript.notebook.protocol;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;

/** Messages as frames: identities, a delimiter, the signature, and four JSON objects that are signed. */
final class WireFormat {
    /** Of the protocol that is spoken. */
    static final String VERSION = "5.3";

    /** A longer frame closes its connection. */
    static final int LARGEST_FRAME = 32 << 20;

    /** More frames are no message; buffers, of which a request to this kernel needs none, are among them. */
    static final int MOST_FRAMES = 64;

    private static final byte[] DELIMITER = "<IDS|MSG>".getBytes(StandardCharsets.US_ASCII);
    private static final int SIGNED = 4;
    private static final int DEEPEST = 100;

    private static final ObjectMapper JSON = new ObjectMapper(JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(DEEPEST)
                    .maxStringLength(LARGEST_FRAME)
                    .build())
            .build());

    private final Signature signature;
    private final Clock clock;
    private final String session = UUID.randomUUID().toString();

    WireFormat(Signature signature, Clock clock) {
        this.signature = signature;
        this.clock = clock;
    }

    Message read(List<byte[]> frames) throws BadMessage {
        if (frames.size() > MOST_FRAMES) throw new BadMessage("it has more frames than a message can have");
        int at = 0;
        while (at < frames.size() && !Arrays.equals(frames.get(at), DELIMITER)) at++;
        if (frames.size() < at + 2 + SIGNED) throw new BadMessage("it lacks frames");
        List<byte[]> signed = frames.subList(at + 2, at + 2 + SIGNED);
        signature.check(frames.get(at + 1), signed);
        Message message = new Message(
                List.copyOf(frames.subList(0, at)),
                object(signed.get(0)),
                object(signed.get(1)),
                object(signed.get(2)),
                object(signed.get(3)));
        if (!message.header().path("msg_type").isTextual()) throw new BadMessage("its header names no type");
        return message;
    }

    private static ObjectNode object(byte[] frame) throws BadMessage {
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(frame))
                    .toString();
            JsonNode json = JSON.readTree(text);
            if (json instanceof ObjectNode object) return object;
            throw new BadMessage("a part of it is not a JSON object");
        } catch (CharacterCodingException e) {
            throw new BadMessage("a part of it is not text in UTF-8");
        } catch (JsonProcessingException e) {
            throw new BadMessage("a part of it is not JSON");
        }
    }

    /** A message of this kernel's. */
    Message message(String type, List<byte[]> identities, ObjectNode parent, ObjectNode metadata, ObjectNode content) {
        ObjectNode header = Message.object()
                .put("msg_id", UUID.randomUUID().toString())
                .put("session", session)
                .put("username", "kernel")
                .put("date", clock.instant().truncatedTo(ChronoUnit.MICROS).toString())
                .put("msg_type", type)
                .put("version", VERSION);
        return new Message(identities, header, parent, metadata, content);
    }

    List<byte[]> frames(Message message) {
        List<byte[]> signed = List.of(
                bytes(message.header()), bytes(message.parent()), bytes(message.metadata()), bytes(message.content()));
        List<byte[]> frames = new ArrayList<>(message.identities());
        frames.add(DELIMITER);
        frames.add(signature.of(signed));
        frames.addAll(signed);
        return frames;
    }

    private static byte[] bytes(ObjectNode json) {
        try {
            return JSON.writeValueAsBytes(json);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e); // a tree can always be written
        }
    }
}
