package io.circuitscript.cli.repl;

import java.util.Optional;

/** Reads a person's inputs, one at a time, each complete by the language's own rules. */
interface InputReader extends AutoCloseable {
    String PROMPT = "circuit> ";
    String CONTINUED = "     ... ";

    /** The next input; empty where the person leaves. An input that was taken back is empty text. */
    Optional<String> next();

    /** Puts an input that was written elsewhere among the earlier ones. */
    void remember(String input);

    @Override
    void close();
}
