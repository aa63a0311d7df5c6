package io.circuitscript.runtime;

import io.circuitscript.engine.CancelToken;
import io.circuitscript.source.Source;
import java.nio.file.Path;
import java.util.Map;

/** One run of a script, or one sitting at the prompt: the model, the data, the circuit, the variables. Close it. */
public final class Session implements AutoCloseable {

    /**
     * @param workingFolder where files are read that no script stands beside
     * @param outFolder where files are written; made where it is missing, and only when something is written
     * @param parameters values for {@code param} by name, as text of the language
     */
    public record Options(Path workingFolder, Path outFolder, Map<String, String> parameters) {
        public Options {
            parameters = Map.copyOf(parameters);
        }
    }

    public Session(Options options, Output output, CancelToken cancel) {
        throw new UnsupportedOperationException();
    }

    /**
     * Reads, checks and runs a text. Every mistake goes to the output; nothing runs where the check finds one.
     *
     * @param folder where files that the text names are looked for
     * @return the exit code that the language's reference gives: 0, 1 (an expect that does not hold), 65, 66, 69, 70, 130 (cancelled)
     * @throws RuntimeException a defect of ours, never a mistake of the user's
     */
    public int run(Source source, Path folder) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void close() {}
}
