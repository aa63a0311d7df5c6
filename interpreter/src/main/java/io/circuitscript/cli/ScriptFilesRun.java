package io.circuitscript.cli;

import io.circuitscript.engine.CancelToken;
import java.util.Optional;
import java.util.function.ToIntFunction;

/** A command over several scripts, none of which is run: each gives an exit code, and a mistake in one keeps nobody from the next. */
final class ScriptFilesRun {
    private final Surroundings surroundings;
    private final Messages messages;
    private final Optional<JsonOutput> json;
    private final boolean quiet;

    ScriptFilesRun(Surroundings surroundings, RunFlags flags) {
        this.surroundings = surroundings;
        messages = new Messages(surroundings, flags.color, ProgressLine.NONE);
        json = flags.json
                ? Optional.of(new JsonOutput(surroundings.out().text(), false, messages, ProgressLine.NONE))
                : Optional.empty();
        quiet = flags.quiet;
    }

    Surroundings surroundings() {
        return surroundings;
    }

    Messages messages() {
        return messages;
    }

    Optional<JsonOutput> json() {
        return json;
    }

    /** Something that went well. */
    void note(String message) {
        if (!quiet) surroundings.err().println(message);
    }

    /** The exit code of them all: a failure before a mistake, a mistake before what is missing, and that before what only differs. */
    int each(Iterable<String> files, ToIntFunction<ScriptText> work) {
        int worst = ExitCode.OK;
        for (String file : files) {
            int code = new Attempt(surroundings, messages, json, new CancelToken()).run(() -> work.applyAsInt(read(file)));
            if (code == ExitCode.READER_GONE) return code;
            if (rank(code) > rank(worst)) worst = code;
        }
        return worst;
    }

    private ScriptText read(String file) {
        return file.equals("-") ? ScriptText.ofPipe(surroundings.in(), surroundings.folder()) : ScriptText.ofFile(file, surroundings.folder());
    }

    private static int rank(int code) {
        return switch (code) {
            case ExitCode.OK -> 0;
            case ExitCode.DIFFERS -> 1;
            case ExitCode.MISSING -> 2;
            case ExitCode.INPUT -> 3;
            default -> 4;
        };
    }
}
