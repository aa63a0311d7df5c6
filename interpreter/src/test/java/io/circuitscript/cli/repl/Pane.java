package io.circuitscript.cli.repl;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** A real terminal with a shell in it, of tmux's making: types, and waits for what shows. */
final class Pane implements AutoCloseable {
    private static final Duration TIMEOUT = Duration.ofSeconds(30);
    private static final int LOOK_EVERY_MILLIS = 40;

    private final String server = "circuit-test-" + ProcessHandle.current().pid() + "-" + System.nanoTime();

    /** Where the shell begins, and what {@code ./circuit} in it runs. */
    Pane(Path folder, int columns, int rows, Map<String, String> variables) throws IOException {
        var script = new StringBuilder("#!/bin/sh\nexport GOMP_SPINCOUNT=1000\n");
        variables.forEach((name, value) -> script.append(
                        value.isEmpty() ? "unset " + name : "export " + name + "='" + value + "'")
                .append('\n'));
        script.append("exec '")
                .append(ProcessHandle.current().info().command().orElseThrow())
                .append(
                        "' -XX:+UseSerialGC --enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow -Dcircuit.terminals=ioe -cp '")
                .append(System.getProperty("java.class.path"))
                .append("' io.circuitscript.cli.Main \"$@\"\n");
        Path launcher = folder.resolve("circuit");
        Files.writeString(launcher, script);
        if (!launcher.toFile().setExecutable(true)) throw new IOException("cannot make " + launcher + " executable");
        tmux(
                "-f",
                "/dev/null",
                "new-session",
                "-d",
                "-x",
                "" + columns,
                "-y",
                "" + rows,
                "-c",
                folder.toString(),
                "env PS1='$ ' ENV= sh");
        waitFor("the shell", screen -> screen.contains("$"));
    }

    static boolean isPossible() {
        try {
            return new ProcessBuilder("tmux", "-V")
                            .redirectErrorStream(true)
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException none) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** Types a text, as it stands. */
    Pane type(String text) throws IOException {
        tmux("send-keys", "-l", "--", text);
        return this;
    }

    /** Presses a key by tmux's name for it, as {@code Enter} or {@code C-c}. */
    Pane press(String key) throws IOException {
        tmux("send-keys", key);
        return this;
    }

    Pane line(String text) throws IOException {
        return type(text).press("Enter");
    }

    /** As a mouse pastes. */
    Pane paste(String text) throws IOException {
        Path file = Files.createTempFile("paste", ".txt");
        Files.writeString(file, text);
        tmux("load-buffer", file.toString());
        Files.delete(file);
        tmux("paste-buffer", "-p");
        return this;
    }

    /** Waits until a text shows, and gives the screen. */
    String shows(String text) throws IOException {
        return waitFor("'" + text + "'", screen -> screen.contains(text));
    }

    /** Waits until the screen ends with a text. */
    String endsWith(String text) throws IOException {
        return waitFor(
                "'" + text + "' at the end", screen -> screen.stripTrailing().endsWith(text));
    }

    /** Waits for the prompt after all that is shown. */
    String prompt() throws IOException {
        return endsWith("circuit>");
    }

    private String waitFor(String what, Predicate<String> wanted) throws IOException {
        long end = System.nanoTime() + TIMEOUT.toNanos();
        String screen = screen();
        while (!wanted.test(screen)) {
            if (System.nanoTime() > end) throw new AssertionError("waited for " + what + ", and there is\n" + screen);
            try {
                Thread.sleep(LOOK_EVERY_MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IOException(e);
            }
            screen = screen();
        }
        return screen;
    }

    String screen() throws IOException {
        return tmux("capture-pane", "-p", "-J", "-S", "-200").replaceAll(" +\n", "\n");
    }

    private String tmux(String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of("tmux", "-L", server));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        try {
            if (!process.waitFor(10, TimeUnit.SECONDS) || process.exitValue() != 0)
                throw new IOException(command + ": " + said);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
        return said;
    }

    @Override
    public void close() throws IOException {
        long shell = Long.parseLong(tmux("display-message", "-p", "#{pane_pid}").strip());
        List<ProcessHandle> processes = ProcessHandle.of(shell)
                .map(ProcessHandle::descendants)
                .orElse(Stream.empty())
                .toList();
        tmux("kill-server");
        // What still runs writes its history when its terminal goes.
        processes.forEach(process -> process.onExit()
                .orTimeout(TIMEOUT.toSeconds(), TimeUnit.SECONDS)
                .join());
    }
}
