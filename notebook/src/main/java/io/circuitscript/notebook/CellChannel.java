package io.circuitscript.notebook;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.circuitscript.notebook.protocol.Message;

/** Where the outputs of one cell go. */
interface CellChannel {
    void publish(String type, ObjectNode metadata, ObjectNode content);

    default void publish(String type, ObjectNode content) {
        publish(type, Message.object(), content);
    }
}
