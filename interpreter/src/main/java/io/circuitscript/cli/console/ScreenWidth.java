package io.circuitscript.cli.console;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import java.util.function.IntSupplier;

/** How wide the terminal is to which results are written; of a file or a pipe there is no end. */
public final class ScreenWidth {
    private static final int USUAL = 80;

    private ScreenWidth() {}

    public static IntSupplier of(ProcessEnvironment environment) {
        return environment.terminals().out() ? ScreenWidth::ofTerminal : () -> Integer.MAX_VALUE;
    }

    /** What the system's own command says; 80 where there is none. */
    private static int ofTerminal() {
        try {
            Process process = new ProcessBuilder("stty", "size")
                    .redirectInput(new File("/dev/tty"))
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.US_ASCII).strip();
            if (!process.waitFor(1, TimeUnit.SECONDS) || !said.matches("[0-9]{1,6} [1-9][0-9]{0,5}")) return USUAL;
            return Integer.parseInt(said.substring(said.indexOf(' ') + 1));
        } catch (IOException none) {
            return USUAL;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return USUAL;
        }
    }
}
