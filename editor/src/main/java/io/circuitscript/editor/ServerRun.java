package io.circuitscript.editor;

import io.circuitscript.cli.console.ProcessEnvironment;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.eclipse.lsp4j.jsonrpc.Launcher;
import org.eclipse.lsp4j.services.LanguageClient;

/** One run of the language server: from the first message to the end of the connection. */
final class ServerRun {
    private final ProcessEnvironment environment;
    private final Map<String, String> variables;

    /** @param variables the process's variables, as options change them */
    ServerRun(ProcessEnvironment environment, Map<String, String> variables) {
        this.environment = environment;
        this.variables = variables;
    }

    /** @param client the process to end with, or null @return 0 where the editor asked for the end as the protocol says, else 1 */
    int run(Long client) {
        OutputStream out = environment.out().exact();
        // What anything else prints would be taken for a message.
        System.setOut(environment.err());
        var server = new CircuitLanguageServer(variables, environment.folder());
        if (client != null) server.endWith(client);
        ExecutorService reader = Executors.newCachedThreadPool(
                Thread.ofPlatform().daemon().name("lsp-reader").factory());
        Launcher<LanguageClient> launcher = new Launcher.Builder<LanguageClient>()
                .setLocalService(server)
                .setRemoteInterface(LanguageClient.class)
                .setInput(new UntilEnd(environment.in(), server))
                .setOutput(out)
                .setExecutorService(reader)
                .setExceptionHandler(server::failed)
                .wrapMessages(new Conversation()::around)
                .create();
        ProtocolLog.to(launcher.getRemoteProxy());
        server.connect(launcher.getRemoteProxy());
        Future<Void> listening = launcher.startListening();
        int code = server.awaitEnd();
        listening.cancel(true);
        out(out);
        return code;
    }

    private static void out(OutputStream out) {
        try {
            out.flush();
        } catch (IOException gone) {
            // The editor has left; there is nobody to tell.
        }
    }

    /** Tells the server when the editor closes the connection, and where reading fails. */
    private static final class UntilEnd extends FilterInputStream {
        private final CircuitLanguageServer server;

        UntilEnd(InputStream in, CircuitLanguageServer server) {
            super(in);
            this.server = server;
        }

        @Override
        public int read() throws IOException {
            int read = -1;
            try {
                read = in.read();
            } finally {
                if (read < 0) server.disconnected();
            }
            return read;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            int read = -1;
            try {
                read = in.read(bytes, offset, length);
            } finally {
                if (read < 0) server.disconnected();
            }
            return read;
        }
    }
}
