package io.circuitscript.cli.repl;

import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jline.terminal.Attributes;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;

/** The terminal that a person sits at. Closing it leaves it as it was. */
public final class Screen implements AutoCloseable {
    /** Ways to the terminal, the best first: the second unpacks a library, the third starts a process for each question. */
    private static final String PROVIDERS = "ffm,jni,exec";

    private static final int WIDTH = 80;
    private static final int HEIGHT = 24;

    /** Kept, since a logger that nobody holds forgets its level. */
    private static final Logger LIBRARY = Logger.getLogger("org.jline");

    private final Optional<Terminal> terminal;
    private final Optional<Attributes> before;

    private Screen(Optional<Terminal> terminal) {
        this.terminal = terminal;
        this.before = terminal.map(Terminal::getAttributes);
    }

    /** @param variables the environment: {@code TERM} says whether anything can be drawn */
    public static Screen open(Map<String, String> variables) {
        LIBRARY.setLevel(Level.OFF); // what is wrong with a terminal shows in what we do instead
        String type = variables.getOrDefault("TERM", "");
        if (type.isBlank() || type.equals("dumb")) return new Screen(Optional.empty());
        try {
            Terminal terminal = TerminalBuilder.builder().system(true).dumb(false).name("circuit").providers(PROVIDERS).build();
            terminal.handle(Terminal.Signal.INT, Terminal.SignalHandler.SIG_IGN); // between inputs; each input and each run takes it for itself
            var screen = new Screen(Optional.of(terminal));
            Attributes quiet = terminal.getAttributes();
            quiet.setLocalFlag(Attributes.LocalFlag.ECHOCTL, false); // else ^C would stand in the line that shows progress
            terminal.setAttributes(quiet);
            return screen;
        } catch (IOException | IllegalStateException nothingToDrawOn) {
            return new Screen(Optional.empty());
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

    @Override
    public void close() {
        terminal.ifPresent(open -> {
            before.ifPresent(open::setAttributes);
            try {
                open.close();
            } catch (IOException gone) {
                // The terminal is gone, and with it what was to be put back.
                return;
            }
        });
    }
}
