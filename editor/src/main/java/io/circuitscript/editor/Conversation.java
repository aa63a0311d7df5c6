package io.circuitscript.editor;

import org.eclipse.lsp4j.jsonrpc.MessageConsumer;
import org.eclipse.lsp4j.jsonrpc.RemoteEndpoint;
import org.eclipse.lsp4j.jsonrpc.messages.Message;
import org.eclipse.lsp4j.jsonrpc.messages.NotificationMessage;
import org.eclipse.lsp4j.jsonrpc.messages.RequestMessage;
import org.eclipse.lsp4j.jsonrpc.messages.ResponseError;
import org.eclipse.lsp4j.jsonrpc.messages.ResponseErrorCode;
import org.eclipse.lsp4j.jsonrpc.messages.ResponseMessage;

/** Holds the editor to the order of the protocol: `initialize` comes first and once, and after `shutdown` only `exit`. */
final class Conversation {
    private MessageConsumer answers;
    private boolean begun;
    private boolean ended;

    /** Takes the consumer of the server's messages as it is, and puts itself before that of the editor's. */
    MessageConsumer around(MessageConsumer consumer) {
        if (consumer instanceof RemoteEndpoint) return message -> take(message, consumer);
        answers = consumer;
        return consumer;
    }

    private void take(Message message, MessageConsumer server) {
        switch (message) {
            case RequestMessage request -> {
                ResponseError refusal = refusal(request.getMethod());
                if (refusal == null) server.consume(request);
                else refuse(request, refusal);
            }
            case NotificationMessage note -> {
                if (begun && !ended || note.getMethod().equals("exit")) server.consume(note);
            }
            default -> server.consume(message);
        }
    }

    /** Why a request is not answered; null where it is. Notes that it came. */
    private ResponseError refusal(String method) {
        if (ended) return invalid("the server was asked to shut down");
        boolean first = method.equals("initialize");
        if (first && begun) return invalid("the server is initialized already");
        if (!first && !begun)
            return new ResponseError(ResponseErrorCode.ServerNotInitialized, "`initialize` comes first", null);
        begun = true;
        ended = method.equals("shutdown");
        return null;
    }

    private static ResponseError invalid(String why) {
        return new ResponseError(ResponseErrorCode.InvalidRequest, why, null);
    }

    private void refuse(RequestMessage request, ResponseError why) {
        ResponseMessage response = new ResponseMessage();
        response.setRawId(request.getRawId());
        response.setJsonrpc("2.0");
        response.setError(why);
        answers.consume(response);
    }
}
