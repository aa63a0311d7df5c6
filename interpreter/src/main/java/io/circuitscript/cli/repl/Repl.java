package io.circuitscript.cli.repl;

import io.circuitscript.cli.console.WrappedText;
import io.circuitscript.cli.prompt.Prompt;
import io.circuitscript.cli.prompt.PromptHost;
import io.circuitscript.runtime.Session;
import io.circuitscript.source.Visible;
import java.io.InputStream;
import java.util.Map;
import java.util.Optional;

/** The prompt in a terminal: reads an input, runs it, and goes on, whatever happens. */
public final class Repl {
    /**
     * @param in where lines come from on a terminal that nothing can be drawn on
     * @param color whether what is typed is coloured
     * @param welcome whether to begin with a word on how to go on
     */
    public record Options(
            Session.Options session,
            Map<String, String> environment,
            InputStream in,
            boolean color,
            boolean welcome,
            String version) {}

    private final Options options;
    private final Screen screen;
    private final PromptHost host;
    private final Prompt prompt;
    private InputReader lines;

    public Repl(Options options, Screen screen, PromptHost host) {
        this.options = options;
        this.screen = screen;
        this.host = host;
        this.prompt = new Prompt(options.session(), options.environment(), host, this::edited);
    }

    /** Reads and runs inputs until the user leaves. */
    public void run() {
        if (options.welcome()) {
            host.screen()
                    .println("CircuitScript " + options.version() + ". Try `load demo`; Tab completes, Ctrl-D leaves.");
            WrappedText.of(
                            "`help` lists the statements, `help greedy` explains one, `:help` the prompt.",
                            screen.width())
                    .forEach(host.screen()::println);
        }
        try (InputReader reader = reader()) {
            lines = reader;
            boolean stays = true;
            while (stays) {
                Optional<String> input = reader.next();
                stays = input.isPresent() && prompt.take(input.get());
            }
        } finally {
            prompt.close();
        }
    }

    private InputReader reader() {
        return screen.terminal()
                .<InputReader>map(terminal -> new EditingInputReader(
                        terminal, prompt::knowledge, options.color(), HistoryFile.of(options.environment())))
                .orElseGet(() -> new PlainInputReader(options.in(), host.screen(), host));
    }

    /** Shows an input that was written in an editor, and puts it among the earlier ones. */
    private void edited(String input) {
        lines.remember(input);
        host.screen().println(InputReader.PROMPT + Visible.text(input).replace("\n", "\n" + InputReader.CONTINUED));
    }
}
