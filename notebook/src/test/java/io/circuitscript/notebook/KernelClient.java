package io.circuitscript.notebook;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.zeromq.SocketType;
import org.zeromq.ZContext;
import org.zeromq.ZMQ;

/** A client of a kernel, with a signing of its own. */
final class KernelClient implements AutoCloseable {
    static final String KEY = "5ca1ab1e-0000-4000-8000-000000000000";
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final byte[] DELIMITER = "<IDS|MSG>".getBytes(StandardCharsets.US_ASCII);
    /** How long a connection may take to begin. */
    private static final int HANDSHAKE_MILLIS = 300;

    private static final int PATIENCE_MILLIS = 60_000;

    /** A message that came. */
    record Received(JsonNode header, JsonNode parent, JsonNode content) {
        String type() {
            return header.path("msg_type").asText();
        }

        /** Its text, whatever kind of output it is. */
        String text() {
            return type().equals("stream")
                    ? content.path("text").asText()
                    : content.path("data").path("text/plain").asText();
        }

        String html() {
            return content.path("data").path("text/html").asText();
        }
    }

    /** What a cell gave. @param outputs without its statuses and the echo of its code */
    record Ran(List<Received> outputs, JsonNode reply) {
        String status() {
            return reply.path("status").asText();
        }

        List<String> types() {
            return outputs.stream().map(Received::type).toList();
        }

        /** All texts, one after the other. */
        String text() {
            return outputs.stream().map(Received::text).reduce("", String::concat);
        }

        String traceback() {
            List<String> lines = new ArrayList<>();
            reply.path("traceback").forEach(line -> lines.add(line.asText().replaceAll("\u001B\\[[;0-9]*m", "")));
            return String.join("\n", lines);
        }
    }

    private final ZContext context = new ZContext();
    private final ZMQ.Socket shell;
    private final ZMQ.Socket control;
    private final ZMQ.Socket iopub;
    private final ZMQ.Socket heartbeat;
    private final JsonNode connection;

    KernelClient(JsonNode connection) {
        this.connection = connection;
        shell = connected(SocketType.DEALER, connection, "shell_port");
        control = connected(SocketType.DEALER, connection, "control_port");
        iopub = connected(SocketType.SUB, connection, "iopub_port");
        iopub.subscribe(new byte[0]);
        heartbeat = connected(SocketType.REQ, connection, "hb_port");
    }

    /** The library loses some connections that it makes before their first byte (zeromq/jeromq#1022): it is to try again soon. */
    private ZMQ.Socket connected(SocketType type, JsonNode connection, String port) {
        ZMQ.Socket socket = context.createSocket(type);
        socket.setHandshakeIvl(HANDSHAKE_MILLIS);
        socket.setReceiveTimeOut(PATIENCE_MILLIS);
        socket.connect("tcp://127.0.0.1:" + connection.path(port).asInt());
        return socket;
    }

    /** Writes a connection file with ports that are free. */
    static JsonNode connection(Path file) throws IOException {
        ObjectNode json = JSON.createObjectNode();
        List<ServerSocket> taken = new ArrayList<>();
        for (String channel : List.of("shell", "iopub", "stdin", "control", "hb")) {
            ServerSocket socket = new ServerSocket(0);
            taken.add(socket);
            json.put(channel + "_port", socket.getLocalPort());
        }
        for (ServerSocket socket : taken) socket.close();
        json.put("ip", "127.0.0.1").put("transport", "tcp").put("key", KEY).put("signature_scheme", "hmac-sha256");
        json.put("kernel_name", "circuitscript");
        Files.writeString(file, json.toString());
        return json;
    }

    /** Waits until outputs arrive: a subscription takes a moment. */
    KernelClient ready() {
        iopub.setReceiveTimeOut(100);
        Optional<Received> heard = Optional.empty();
        for (int i = 0; heard.isEmpty() && i < 600; i++) {
            String id = request("kernel_info_request", object());
            answer(id);
            heard = receive(iopub);
        }
        while (receive(iopub).isPresent()) continue;
        iopub.setReceiveTimeOut(PATIENCE_MILLIS);
        return this;
    }

    static ObjectNode object() {
        return JSON.createObjectNode();
    }

    static ObjectNode header(String type) {
        return object().put("msg_id", UUID.randomUUID().toString())
                .put("msg_type", type)
                .put("session", "test")
                .put("username", "test")
                .put("date", "2026-01-01T00:00:00Z")
                .put("version", "5.3");
    }

    static List<byte[]> frames(String key, byte[] header, byte[] parent, byte[] metadata, byte[] content) {
        return List.of(DELIMITER, signature(key, header, parent, metadata, content), header, parent, metadata, content);
    }

    static List<byte[]> frames(String key, ObjectNode header, JsonNode content) {
        return frames(key, utf8(header.toString()), utf8("{}"), utf8("{}"), utf8(content.toString()));
    }

    static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] signature(String key, byte[]... parts) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(utf8(key), "HmacSHA256"));
            for (byte[] part : parts) mac.update(part);
            return utf8(HexFormat.of().formatHex(mac.doFinal()));
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    void sendRaw(List<byte[]> frames) {
        send(shell, frames);
    }

    private static void send(ZMQ.Socket socket, List<byte[]> frames) {
        for (int i = 0; i < frames.size(); i++) socket.send(frames.get(i), i + 1 < frames.size() ? ZMQ.SNDMORE : 0);
    }

    /** @return its identifier */
    String request(String type, JsonNode content) {
        ObjectNode header = header(type);
        send(shell, frames(KEY, header, content));
        return header.path("msg_id").asText();
    }

    String requestControl(String type, JsonNode content) {
        ObjectNode header = header(type);
        send(control, frames(KEY, header, content));
        return header.path("msg_id").asText();
    }

    private static Optional<Received> receive(ZMQ.Socket socket) {
        List<byte[]> frames = new ArrayList<>();
        byte[] first = socket.recv();
        if (first == null) return Optional.empty();
        frames.add(first);
        while (socket.hasReceiveMore()) frames.add(socket.recv());
        int at = 0;
        while (!new String(frames.get(at), StandardCharsets.US_ASCII).equals("<IDS|MSG>")) at++;
        byte[] signature =
                signature(KEY, frames.get(at + 2), frames.get(at + 3), frames.get(at + 4), frames.get(at + 5));
        if (!java.util.Arrays.equals(signature, frames.get(at + 1))) throw new AssertionError("wrongly signed");
        return Optional.of(new Received(json(frames.get(at + 2)), json(frames.get(at + 3)), json(frames.get(at + 5))));
    }

    private static JsonNode json(byte[] frame) {
        try {
            return JSON.readTree(frame);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The answer to a request of the shell channel. */
    Received answer(String id) {
        return answer(shell, id);
    }

    Received answerControl(String id) {
        return answer(control, id);
    }

    private static Received answer(ZMQ.Socket socket, String id) {
        while (true) {
            Received next = receive(socket).orElseThrow(() -> new AssertionError("no answer"));
            if (next.parent().path("msg_id").asText().equals(id)) return next;
        }
    }

    /** Whether anything comes on the shell channel within so long. */
    boolean isAnswered(int millis) {
        shell.setReceiveTimeOut(millis);
        boolean answered = receive(shell).isPresent();
        shell.setReceiveTimeOut(PATIENCE_MILLIS);
        return answered;
    }

    Received ask(String type, JsonNode content) {
        return answer(request(type, content));
    }

    String begin(String code) {
        return begin(object().put("code", code));
    }

    String begin(ObjectNode content) {
        return request("execute_request", content);
    }

    Received nextOutput() {
        return receive(iopub).orElseThrow(() -> new AssertionError("no output"));
    }

    /** Waits for a cell's end. */
    Ran end(String id) {
        List<Received> outputs = new ArrayList<>();
        while (true) {
            Received next = nextOutput();
            if (!next.parent().path("msg_id").asText().equals(id)) continue;
            boolean status = next.type().equals("status");
            if (status && next.content().path("execution_state").asText().equals("idle")) break;
            if (!status && !next.type().equals("execute_input")) outputs.add(next);
        }
        return new Ran(outputs, answer(id).content());
    }

    Ran run(String code) {
        return end(begin(code));
    }

    Ran run(ObjectNode content) {
        return end(begin(content));
    }

    /** Whether the heart beats. */
    boolean isAlive(int millis) {
        heartbeat.setReceiveTimeOut(millis);
        heartbeat.send("ping");
        byte[] echo = heartbeat.recv();
        return echo != null && new String(echo, StandardCharsets.US_ASCII).equals("ping");
    }

    /** Sends frames to the heart from a socket of its own. @return whether something came back */
    boolean isEchoed(List<byte[]> frames, int millis) {
        ZMQ.Socket stranger = connected(SocketType.DEALER, connection, "hb_port");
        stranger.setReceiveTimeOut(millis);
        send(stranger, frames);
        return stranger.recv() != null;
    }

    @Override
    public void close() {
        context.close();
    }
}
