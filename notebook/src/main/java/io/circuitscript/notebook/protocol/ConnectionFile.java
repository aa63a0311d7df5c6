package io.circuitscript.notebook.protocol;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * What Jupyter tells a kernel that it starts: where to listen, and the key that messages are signed with.
 *
 * @param algorithm of the signature, as Java calls it
 * @param addresses where each channel listens, as ZeroMQ writes it
 */
public record ConnectionFile(String algorithm, byte[] key, Map<Channel, String> addresses) {
    /** The kernel's sockets. */
    public enum Channel {
        SHELL,
        IOPUB,
        STDIN,
        CONTROL,
        HB;

        private String field() {
            return name().toLowerCase(java.util.Locale.ROOT) + "_port";
        }
    }

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int LARGEST = 1 << 16;
    private static final int LAST_PORT = 65_535;

    /** An address, a name or {@code *}: nothing that ZeroMQ would read as more than a host. */
    private static final Pattern HOST = Pattern.compile("[0-9A-Za-z.*_%\\[\\]:-]{1,255}");

    private static final Map<String, String> ALGORITHMS =
            Map.of("hmac-sha256", "HmacSHA256", "hmac-sha384", "HmacSHA384", "hmac-sha512", "HmacSHA512");

    /** @throws BadConnectionFile where it cannot be read, or says something that cannot be */
    public static ConnectionFile read(Path file) throws BadConnectionFile {
        JsonNode json = parse(text(file));
        if (!json.isObject()) throw new BadConnectionFile("it is not a JSON object");
        String scheme = text(json, "signature_scheme", "hmac-sha256");
        String algorithm = ALGORITHMS.get(scheme);
        if (algorithm == null)
            throw new BadConnectionFile(
                    "its signature_scheme is '" + scheme + "', and only hmac-sha256, -384 and -512 are used here");
        String key = text(json, "key", "");
        if (key.isEmpty())
            throw new BadConnectionFile(
                    "it has no key: whoever reaches the kernel's ports could run commands, as nothing would be signed");
        return new ConnectionFile(algorithm, key.getBytes(StandardCharsets.UTF_8), addresses(json));
    }

    private static String text(Path file) throws BadConnectionFile {
        try {
            if (!Files.isRegularFile(file))
                throw new BadConnectionFile(Files.exists(file) ? "it is not a file" : "there is no such file");
            if (Files.size(file) > LARGEST) throw new BadConnectionFile("it is larger than a connection file can be");
            return Files.readString(file);
        } catch (CharacterCodingException e) {
            throw new BadConnectionFile("it is not text in UTF-8");
        } catch (IOException e) {
            throw new BadConnectionFile("it cannot be read: " + e.getMessage());
        }
    }

    private static JsonNode parse(String text) throws BadConnectionFile {
        try {
            return JSON.readTree(text);
        } catch (JsonProcessingException e) {
            throw new BadConnectionFile("it is not JSON: " + e.getOriginalMessage());
        }
    }

    private static Map<Channel, String> addresses(JsonNode json) throws BadConnectionFile {
        String transport = text(json, "transport", "tcp");
        String ip = text(json, "ip", "127.0.0.1");
        boolean ipc = transport.equals("ipc");
        if (!ipc && !transport.equals("tcp"))
            throw new BadConnectionFile("its transport is '" + transport + "', and only tcp and ipc are used");
        if (ip.isEmpty() || !ipc && !HOST.matcher(ip).matches())
            throw new BadConnectionFile("its ip is '" + ip + "', which is no address");
        Map<Channel, String> addresses = new EnumMap<>(Channel.class);
        for (Channel channel : Channel.values()) {
            int port = port(json, channel.field());
            String host = ip.contains(":") && !ip.startsWith("[") ? "[" + ip + "]" : ip;
            String address = ipc ? "ipc://" + ip + "-" + port : "tcp://" + host + ":" + port;
            if (addresses.containsValue(address)) throw new BadConnectionFile("two channels have the port " + port);
            addresses.put(channel, address);
        }
        return addresses;
    }

    private static int port(JsonNode json, String field) throws BadConnectionFile {
        JsonNode port = json.path(field);
        if (!port.isInt() || port.intValue() < 1 || port.intValue() > LAST_PORT)
            throw new BadConnectionFile(
                    port.isMissingNode()
                            ? "it has no " + field
                            : "its " + field + " is " + port + ", which is no port");
        return port.intValue();
    }

    private static String text(JsonNode json, String field, String usual) throws BadConnectionFile {
        JsonNode value = json.path(field);
        if (value.isMissingNode()) return usual;
        if (!value.isTextual()) throw new BadConnectionFile("its " + field + " is not a text");
        return value.textValue();
    }
}
