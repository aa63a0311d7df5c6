package io.circuitscript.cli.repl;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jline.terminal.Attributes;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;

/** The user's terminal. Closing it restores its settings. */
public final class Screen implements AutoCloseable {
    /** Ways to the terminal, the best first: the second unpacks a library, the third starts a process for each question. */
    private static final String PROVIDERS = "ffm,jni,exec";

    private static final int WIDTH = 80;
    private static final int HEIGHT = 24;

    /** Kept, since a logger that nobody holds forgets its level. */
    private static final Logger LIBRARY = Logger.getLogger("org.jline");

    private final Optional<Terminal> terminal;
    /** How the terminal was for the program that started this one. */
    private final Optional<Attributes> usual;
    /** As {@code stty} writes it down; the library's own record of a terminal lacks its speed. */
    private final Optional<String> before;

    private Screen(Optional<Terminal> terminal, Optional<Attributes> usual, Optional<String> before) {
        this.terminal = terminal;
        this.usual = usual;
        this.before = before;
    }

    /** @param variables the environment: {@code TERM} says whether anything can be drawn */
    public static Screen open(Map<String, String> variables) {
        LIBRARY.setLevel(Level.OFF); // what is wrong with a terminal shows in what we do instead
        String type = variables.getOrDefault("TERM", "");
        if (type.isBlank() || type.equals("dumb"))
            return new Screen(Optional.empty(), Optional.empty(), Optional.empty());
        Optional<String> before = stty("-g");
        try {
            // JLine unpacks a library and loads it: not from a folder that others may write to.
            Path unpacked = Files.createTempDirectory("circuit-terminal");
            unpacked.toFile().deleteOnExit();
            System.setProperty("jline.tmpdir", unpacked.toString());
            Terminal terminal = TerminalBuilder.builder()
                    .system(true)
                    .dumb(false)
                    .name("circuit")
                    .providers(PROVIDERS)
                    .build();
            terminal.handle(
                    Terminal.Signal.INT,
                    Terminal.SignalHandler.SIG_IGN); // between inputs; each input and each run takes it for itself
            var screen = new Screen(Optional.of(terminal), Optional.of(terminal.getAttributes()), before);
            Attributes quiet = terminal.getAttributes();
            // What is typed while a statement runs shows once the prompt is there, and not in the line that shows
            // progress; Ctrl-C leaves it.
            quiet.setLocalFlag(Attributes.LocalFlag.ECHO, false);
            quiet.setLocalFlag(Attributes.LocalFlag.NOFLSH, true);
            terminal.setAttributes(quiet);
            return screen;
        } catch (IOException | IllegalStateException nothingToDrawOn) {
            return new Screen(Optional.empty(), Optional.empty(), Optional.empty());
        }
    }

    /** Empty where lines come and go as on a typewriter. */
    Optional<Terminal> terminal() {
        return terminal;
    }

    /** Whether a line can be erased and drawn anew. */
    public boolean draws() {
        return terminal.isPresent();
    }

    /** How many columns there are now. */
    public int width() {
        return terminal.map(Terminal::getWidth).filter(width -> width > 0).orElse(WIDTH);
    }

    public int height() {
        return terminal.map(Terminal::getHeight).filter(height -> height > 0).orElse(HEIGHT);
    }

    /** Lends the terminal to a program, as it was before this one took it, and takes it back as it is now. @return the program's exit status */
    public int lend(ProcessBuilder program) throws IOException {
        Optional<Attributes> own = terminal.map(Terminal::getAttributes);
        terminal.ifPresent(open -> {
            open.flush();
            if (before.isEmpty()) usual.ifPresent(open::setAttributes);
            before.ifPresent(Screen::stty);
        });
        try {
            return program.inheritIO().start().waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        } finally {
            terminal.ifPresent(open -> own.ifPresent(open::setAttributes));
        }
    }

    @Override
    public void close() {
        terminal.ifPresent(open -> {
            try {
                open.close();
            } catch (IOException gone) {
                // The terminal is gone, and with it what was to be put back.
                return;
            }
            before.ifPresent(Screen::stty);
        });
    }

    /** What the system's own command says of the terminal, or has it become; nothing where there is no such command. */
    private static Optional<String> stty(String argument) {
        try {
            Process process = new ProcessBuilder("stty", argument)
                    .redirectInput(ProcessBuilder.Redirect.INHERIT)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.US_ASCII).strip();
            return process.waitFor() == 0 && !said.isEmpty() ? Optional.of(said) : Optional.empty();
        } catch (IOException none) {
            return Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }
}
