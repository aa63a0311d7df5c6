package io.circuitscript.editor;

import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.eclipse.lsp4j.MessageParams;
import org.eclipse.lsp4j.MessageType;
import org.eclipse.lsp4j.services.LanguageClient;

/** Sends to the editor's log what the protocol's library complains about, such as a message that cannot be read. */
final class ProtocolLog extends Handler {
    /** Held, since loggers that nobody holds are forgotten with their settings. */
    private static final Logger LIBRARY = Logger.getLogger("org.eclipse.lsp4j");

    private final LanguageClient client;

    private ProtocolLog(LanguageClient client) {
        this.client = client;
    }

    static void to(LanguageClient client) {
        for (Handler handler : LIBRARY.getHandlers()) LIBRARY.removeHandler(handler);
        LIBRARY.setUseParentHandlers(false);
        LIBRARY.addHandler(new ProtocolLog(client));
    }

    @Override
    public void publish(LogRecord log) {
        if (log.getLevel().intValue() < Level.WARNING.intValue()) return;
        Throwable thrown = log.getThrown();
        String reason = thrown == null || thrown.getMessage() == null ? "" : ": " + thrown.getMessage();
        client.logMessage(
                new MessageParams(MessageType.Warning, "a message cannot be handled: " + log.getMessage() + reason));
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
}
