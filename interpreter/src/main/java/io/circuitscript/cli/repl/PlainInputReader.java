package io.circuitscript.cli.repl;

import io.circuitscript.cli.prompt.InputText;
import io.circuitscript.cli.prompt.PromptHost;
import io.circuitscript.cli.prompt.QuietCloseable;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Reads inputs without a line editor, for terminals that cannot draw, such as an editor's shell window. */
final class PlainInputReader implements InputReader {
    private final BufferedReader in;
    private final PrintStream out;
    private final PromptHost host;
    private volatile boolean takenBack;

    PlainInputReader(InputStream in, PrintStream out, PromptHost host) {
        this.in = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
        this.out = out;
        this.host = host;
    }

    @Override
    public Optional<String> next() {
        takenBack = false;
        try (QuietCloseable interrupts = host.onInterrupt(this::takeBack)) {
            return read();
        }
    }

    private void takeBack() {
        takenBack = true;
        out.print("\n" + InputReader.PROMPT);
        out.flush();
    }

    private Optional<String> read() {
        var text = new StringBuilder();
        prompt(InputReader.PROMPT);
        while (true) {
            String line = line();
            if (line == null) {
                out.println();
                return Optional.empty();
            }
            if (takenBack) text.setLength(0); // the lines before belong to the input that Ctrl-C cancelled
            takenBack = false;
            text.append(line);
            if (!InputText.isUnfinished(text.toString())) return Optional.of(text.toString());
            text.append('\n');
            prompt(InputReader.CONTINUED);
        }
    }

    private String line() {
        try {
            return in.readLine();
        } catch (IOException gone) {
            return null;
        }
    }

    private void prompt(String prompt) {
        out.print(prompt);
        out.flush();
    }

    @Override
    public void remember(String input) {}

    @Override
    public void close() {}
}
