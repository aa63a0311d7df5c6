package io.circuitscript.notebook;

import io.circuitscript.cli.console.ExitCode;
import io.circuitscript.cli.prompt.QuietCloseable;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/** A command of the shell in a cell: it reads nothing, and what it writes is shown as it comes. */
final class ShellProcess {
    private static final int BUFFER = 8_192;

    /** How long what a command left running may still write to the cell. */
    private static final int LEFT_MILLIS = 200;

    private static final int PATIENCE_MILLIS = 2_000;

    private ShellProcess() {}

    /** @return its exit status */
    static int run(List<String> command, Path folder, CellOutput cell, Interrupts interrupts) throws IOException {
        Process process = new ProcessBuilder(command)
                .directory(folder.toAbsolutePath().toFile())
                .redirectInput(ProcessBuilder.Redirect.from(new java.io.File("/dev/null")))
                .start();
        AtomicBoolean interrupted = new AtomicBoolean();
        Thread out = copy(process.getInputStream(), text -> cell.write("stdout", text));
        Thread err = copy(process.getErrorStream(), text -> cell.write("stderr", text));
        try (QuietCloseable interrupting = interrupts.on(() -> {
            interrupted.set(true);
            end(process);
        })) {
            int status = process.waitFor();
            out.join(LEFT_MILLIS);
            err.join(LEFT_MILLIS);
            return interrupted.get() ? ExitCode.INTERRUPTED : status;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }

    /** Asks the command and what it started to end, and a little later has them end. */
    private static void end(Process process) {
        List<ProcessHandle> all = process.descendants().toList();
        all.forEach(ProcessHandle::destroy);
        process.destroy();
        Thread.ofVirtual().start(() -> {
            try {
                Thread.sleep(PATIENCE_MILLIS); // also where the shell is gone: what it started may not listen
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            all.forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        });
    }

    private static Thread copy(InputStream from, Consumer<String> to) {
        return Thread.ofPlatform().daemon().name("shell").start(() -> {
            try (Reader reader = new InputStreamReader(from, StandardCharsets.UTF_8)) {
                char[] buffer = new char[BUFFER];
                for (int read = reader.read(buffer); read >= 0; read = reader.read(buffer))
                    to.accept(new String(buffer, 0, read));
            } catch (IOException ended) {
                // The command is gone, and its output with it.
            }
        });
    }
}
