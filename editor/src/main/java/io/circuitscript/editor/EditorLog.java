package io.circuitscript.editor;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.eclipse.lsp4j.MessageParams;
import org.eclipse.lsp4j.MessageType;
import org.eclipse.lsp4j.services.LanguageClient;

/** The editor's log of the server. */
final class EditorLog {
    private volatile LanguageClient client;

    void connect(LanguageClient editor) {
        client = editor;
    }

    /** A defect of ours, with where it is. */
    void defect(Throwable defect) {
        StringWriter text = new StringWriter();
        defect.printStackTrace(new PrintWriter(text));
        log(MessageType.Error, "a defect in the language server; please report it: " + text);
    }

    private void log(MessageType type, String text) {
        LanguageClient editor = client;
        if (editor != null) editor.logMessage(new MessageParams(type, text));
    }
}
