package io.circuitscript.cli;

import io.circuitscript.engine.CancelToken;
import io.circuitscript.runtime.Output;
import io.circuitscript.runtime.Session;
import io.circuitscript.source.UserError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** One run of a script from the command line: turns what happens into messages and an exit code. */
final class ScriptRun {
    private final Surroundings surroundings;
    private final RunFlags flags;
    private final Messages messages;
    private final Output output;
    private final Optional<JsonOutput> json;
    private final CancelToken cancel = new CancelToken();

    ScriptRun(Surroundings surroundings, RunFlags flags) {
        this.surroundings = surroundings;
        this.flags = flags;
        boolean watched = surroundings.terminals().err() && !flags.quiet;
        ProgressLine progress = watched ? new ProgressLine(surroundings.err()) : ProgressLine.NONE;
        messages = new Messages(surroundings, flags.color, progress);
        json = flags.json
                ? Optional.of(new JsonOutput(surroundings.out().text(), flags.timings, messages, progress))
                : Optional.empty();
        boolean color = flags.color.on(surroundings.terminals().out(), surroundings.variables());
        Output format = json.isPresent()
                ? json.get()
                : new TableOutput(surroundings.out().text(), this::written, color, flags.timings, messages, progress);
        output = new WatchedOutput(flags.quiet ? new QuietOutput(format) : format, surroundings.out(), cancel);
    }

    int code(String code) {
        return run(() -> ScriptText.ofCode(code, surroundings.folder()));
    }

    int pipe() {
        return run(() -> ScriptText.ofPipe(surroundings.in(), surroundings.folder()));
    }

    int file(String file) {
        return file.equals("-") ? pipe() : run(() -> ScriptText.ofFile(file, surroundings.folder()));
    }

    private int run(Supplier<ScriptText> script) {
        try {
            return run(script.get(), outFolder());
        } catch (UserError mistake) {
            json.ifPresent(lines -> lines.mistake(mistake.code(), mistake.getMessage(), mistake.notes(), mistake.help()));
            return messages.mistake(mistake);
        } catch (RuntimeException | Error defect) {
            json.ifPresent(lines -> lines.mistake("defect", defect.toString(), List.of(), ""));
            return messages.defect(defect);
        }
    }

    private int run(ScriptText script, Path out) {
        Session.Options options = new Session.Options(surroundings.folder(), out, flags.parameters);
        Signals.Registration registration = surroundings.signals().onInterrupt(new Interruption(cancel, messages));
        try (registration;
                Session session = new Session(options, output, cancel)) {
            int code = session.run(script.source(), script.folder());
            return written().orElse(code);
        }
    }

    private Path outFolder() {
        if (flags.out == null) return surroundings.folder();
        Path out = ScriptText.resolve(flags.out, surroundings.folder());
        if (Files.exists(out) && !Files.isDirectory(out)) {
            throw UserError.input("out-is-no-folder", "--out names a folder, and " + flags.out + " is a file", "give another folder");
        }
        return out;
    }

    /** A file that the script wrote, as a user in the working folder opens it. */
    private String written(String name) {
        return flags.out == null || name.startsWith("~/") ? name : Path.of(flags.out).resolve(name).normalize().toString();
    }

    /** The exit code where results could not be written: that counts for more than what the script itself came to. */
    private Optional<Integer> written() {
        return surroundings.out().failure().map(failure -> {
            if (ResultStream.isReaderGone(failure)) return ExitCode.READER_GONE;
            return messages.mistake(notWritten(failure));
        });
    }

    private static UserError notWritten(IOException failure) {
        return UserError.failure("results-not-written", "standard output takes no more results: " + failure.getMessage(), "");
    }
}
