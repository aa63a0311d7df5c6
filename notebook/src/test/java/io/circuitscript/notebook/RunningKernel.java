package io.circuitscript.notebook;

import com.fasterxml.jackson.databind.JsonNode;
import io.circuitscript.cli.console.ProcessEnvironment;
import io.circuitscript.cli.console.ResultStream;
import io.circuitscript.cli.console.RunFlags;
import io.circuitscript.cli.console.Signals;
import io.circuitscript.notebook.protocol.BadConnectionFile;
import io.circuitscript.notebook.protocol.ConnectionFile;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;

/** A kernel in this process, in a folder of its own. */
final class RunningKernel implements AutoCloseable {
    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
    private final AtomicBoolean left = new AtomicBoolean();
    private final Thread thread;
    final KernelClient client;

    RunningKernel(Path folder, RunFlags flags) throws IOException {
        Path file = folder.resolve("connection.json");
        JsonNode connection = KernelClient.connection(file);
        var environment = new ProcessEnvironment(
                new ByteArrayInputStream(new byte[0]),
                new ResultStream(printed),
                ProcessEnvironment.utf8(printed),
                ProcessEnvironment.Terminals.NONE,
                folder,
                Map.of(),
                Signals.NONE);
        thread = Thread.ofPlatform().daemon().name("kernel").start(() -> {
            try {
                new Kernel(environment, flags, () -> left.set(true)).serve(ConnectionFile.read(file));
            } catch (BadConnectionFile e) {
                throw new AssertionError(e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        client = new KernelClient(connection).ready();
    }

    RunningKernel(Path folder) throws IOException {
        this(folder, new RunFlags());
    }

    /** What the process itself has printed, where only messages belong. */
    String printed() {
        return printed.toString(StandardCharsets.UTF_8);
    }

    /** Whether it ended by itself in time. */
    boolean ended(int millis) throws InterruptedException {
        thread.join(millis);
        return !thread.isAlive() && !left.get();
    }

    @Override
    public void close() {
        client.requestControl("shutdown_request", KernelClient.object().put("restart", false));
        try {
            thread.join(10_000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        client.close();
    }
}
