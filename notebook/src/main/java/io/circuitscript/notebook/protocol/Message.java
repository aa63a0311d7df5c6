package io.circuitscript.notebook.protocol;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/**
 * A message of the Jupyter protocol.
 *
 * @param identities of the client, which an answer repeats; of a message for everyone its topic
 * @param parent the header of the request that it belongs to, or empty
 */
public record Message(
        List<byte[]> identities, ObjectNode header, ObjectNode parent, ObjectNode metadata, ObjectNode content) {
    /** Its type, as {@code execute_request}. */
    public String type() {
        return header.path("msg_type").asText();
    }

    public static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }
}
