package io.circuitscript.cli;

import io.circuitscript.engine.CancelToken;
import io.circuitscript.engine.Saving;
import io.circuitscript.graph.WholeFile;
import io.circuitscript.model.FileHashes;
import io.circuitscript.runtime.Lock;
import io.circuitscript.runtime.Output;
import io.circuitscript.runtime.Session;
import io.circuitscript.runtime.Used;
import io.circuitscript.runtime.Writing;
import io.circuitscript.source.UserError;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Supplier;

/** One run of a script from the command line: turns what happens into messages and an exit code. */
final class ScriptRun {
    private final Surroundings surroundings;
    private final RunFlags flags;
    private final Reporting reporting;
    private final Output output;
    private final Optional<Recorder> recorder;
    private final CancelToken cancel = new CancelToken();

    ScriptRun(Surroundings surroundings, RunFlags flags) {
        this.surroundings = surroundings;
        this.flags = flags;
        reporting = Reporting.of(surroundings, flags);
        boolean color = flags.color.on(surroundings.terminals().out(), surroundings.variables());
        Output format = reporting.json().<Output>map(it -> it).orElseGet(() -> new TableOutput(
                surroundings.out().text(), this::written, color, flags.timings, reporting.messages(), reporting.progress()));
        Output shown = new WatchedOutput(flags.quiet ? new QuietOutput(format) : format, surroundings.out(), cancel);
        recorder = flags.record ? Optional.of(new Recorder(shown)) : Optional.empty();
        output = recorder.<Output>map(it -> it).orElse(shown);
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
        Attempt attempt = new Attempt(reporting, cancel);
        return attempt.run(() -> {
            ScriptText text = script.get();
            Path out = outFolder();
            return attempt.interruptible(() -> run(text, out, attempt.interruption()));
        });
    }

    private int run(ScriptText script, Path out, Interruption interruption) {
        Writing writing = flags.writing(surroundings).withKept(KeptFiles.of(script, surroundings.folder(), out, recorder.isPresent()));
        Session.Options options = new Session.Options(surroundings.folder(), out, flags.parameters, writing);
        // A night's run is not to end by this.
        if (recorder.isPresent()) WholeFile.check(recordOf(script, out));
        Lock lock = LockFile.of(script, surroundings.folder());
        Optional<SavedRun> saved = SavedRun.of(script, out, flags, output, reporting);
        Saving saving = saved.<Saving>map(SavedRun::saver).orElse(Saving.NONE);
        try (Session session = new Session(options, output, cancel, flags.environment(surroundings), saving)) {
            saved.ifPresent(it -> it.begin(session::used));
            int code = session.run(script.source(), script.folder(), lock);
            recorder.ifPresent(it -> record(it, script, code, session.used(), out));
            return saved.map(it -> it.end(code, interruption.asked())).orElse(code);
        } finally {
            saved.ifPresent(SavedRun::close);
        }
    }

    /** Leaves a record of a run that came to its end; one that a mistake ended has nothing to compare with. */
    private void record(Recorder results, ScriptText script, int code, Used used, Path out) {
        if (code != ExitCode.OK && code != ExitCode.DIFFERS) return;
        Path file = ScriptText.resolve(script.source().name(), surroundings.folder());
        Path target = recordOf(script, out);
        RunRecord.Run run = new RunRecord.Run(file, script.source().text(), flags.parameters, code, used);
        VersionedJson.write(target, RunRecord.of(run, results, target, new FileHashes()));
        output.say("recorded in " + surroundings.folder().toAbsolutePath().relativize(target.toAbsolutePath()));
    }

    private Path recordOf(ScriptText script, Path out) {
        return RecordFile.of(ScriptText.resolve(script.source().name(), surroundings.folder()), out);
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
}
