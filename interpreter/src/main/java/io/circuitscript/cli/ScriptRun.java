package io.circuitscript.cli;

import io.circuitscript.cli.console.BrokenPipeOutput;
import io.circuitscript.cli.console.ExitCode;
import io.circuitscript.cli.console.ExitCodeMapping;
import io.circuitscript.cli.console.Interruption;
import io.circuitscript.cli.console.ProcessEnvironment;
import io.circuitscript.cli.console.QuietOutput;
import io.circuitscript.cli.console.Reporting;
import io.circuitscript.cli.console.RunFlags;
import io.circuitscript.cli.console.ScriptText;
import io.circuitscript.cli.console.TableOutput;
import io.circuitscript.cli.reproduce.LockFile;
import io.circuitscript.cli.reproduce.ProtectedFiles;
import io.circuitscript.cli.reproduce.RecordFile;
import io.circuitscript.cli.reproduce.Recorder;
import io.circuitscript.cli.reproduce.RunRecord;
import io.circuitscript.cli.reproduce.SavedRun;
import io.circuitscript.cli.reproduce.VersionedJson;
import io.circuitscript.engine.CancelToken;
import io.circuitscript.engine.CheckpointStore;
import io.circuitscript.io.AtomicFile;
import io.circuitscript.io.FileHashes;
import io.circuitscript.io.UserHome;
import io.circuitscript.runtime.Session;
import io.circuitscript.runtime.files.Lock;
import io.circuitscript.runtime.files.WritePermissions;
import io.circuitscript.runtime.state.Output;
import io.circuitscript.runtime.state.RunDependencies;
import io.circuitscript.source.ErrorCode;
import io.circuitscript.source.UserError;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Supplier;

/** Runs one script from the command line, and gives its exit code. */
final class ScriptRun {
    private final ProcessEnvironment environment;
    private final RunFlags flags;
    private final Reporting reporting;
    private final Output output;
    private final Optional<Recorder> recorder;
    private final CancelToken cancel = new CancelToken();

    ScriptRun(ProcessEnvironment environment, RunFlags flags) {
        this.environment = environment;
        this.flags = flags;
        reporting = Reporting.of(environment, flags);
        boolean color = flags.color.on(environment.terminals().out(), environment.variables());
        Output format = reporting
                .json()
                .<Output>map(it -> it)
                .orElseGet(() -> new TableOutput(
                        environment.out().text(),
                        this::written,
                        color,
                        flags.timings,
                        reporting.messages(),
                        reporting.progress()));
        Output shown = new BrokenPipeOutput(flags.quiet ? new QuietOutput(format) : format, environment.out(), cancel);
        recorder = flags.record ? Optional.of(new Recorder(shown)) : Optional.empty();
        output = recorder.<Output>map(it -> it).orElse(shown);
    }

    int code(String code) {
        return run(() -> ScriptText.ofCode(code, environment.folder()));
    }

    int pipe() {
        return run(() -> ScriptText.ofPipe(environment.in(), environment.folder()));
    }

    int file(String file) {
        return file.equals("-") ? pipe() : run(() -> ScriptText.ofFile(file, environment.folder()));
    }

    private int run(Supplier<ScriptText> script) {
        ExitCodeMapping mapping = new ExitCodeMapping(reporting, cancel);
        return mapping.run(() -> {
            ScriptText text = script.get();
            Path out = outFolder();
            return mapping.interruptible(() -> run(text, out, mapping.interruption()));
        });
    }

    private int run(ScriptText script, Path out, Interruption interruption) {
        WritePermissions writing = flags.writing(environment)
                .withKept(ProtectedFiles.of(script, environment.folder(), out, recorder.isPresent()));
        Session.Options options = new Session.Options(environment.folder(), out, flags.parameters, writing);
        // Checked now, so that a long run does not fail at its end.
        if (recorder.isPresent()) AtomicFile.check(recordOf(script, out));
        Lock lock = LockFile.of(script, environment.folder());
        Optional<SavedRun> saved = SavedRun.of(script, out, flags, output, reporting);
        CheckpointStore saving = saved.<CheckpointStore>map(SavedRun::saver).orElse(CheckpointStore.NONE);
        try (Session session = new Session(options, output, cancel, flags.variables(environment), saving)) {
            saved.ifPresent(it -> it.begin(session::used));
            int code = session.run(script.source(), script.folder(), lock);
            recorder.ifPresent(it -> record(it, script, code, session.used(), out));
            return saved.map(it -> it.end(code, interruption.asked())).orElse(code);
        } finally {
            saved.ifPresent(SavedRun::close);
        }
    }

    /** Writes the record of a run that came to its end. A run that a mistake ended has no record. */
    private void record(Recorder results, ScriptText script, int code, RunDependencies used, Path out) {
        if (code != ExitCode.OK && code != ExitCode.DIFFERS) return;
        Path file = ScriptText.resolve(script.source().name(), environment.folder());
        Path target = recordOf(script, out);
        RunRecord.Run run = new RunRecord.Run(file, script.source().text(), flags.parameters, code, used);
        VersionedJson.write(target, RunRecord.of(run, results, target, new FileHashes()));
        output.say("recorded in " + environment.folder().toAbsolutePath().relativize(target.toAbsolutePath()));
    }

    private Path recordOf(ScriptText script, Path out) {
        return RecordFile.of(ScriptText.resolve(script.source().name(), environment.folder()), out);
    }

    private Path outFolder() {
        if (flags.out == null) return environment.folder();
        Path out = ScriptText.resolve(flags.out, environment.folder());
        if (Files.exists(out) && !Files.isDirectory(out)) {
            throw UserError.input(
                    ErrorCode.OUT_IS_NO_FOLDER,
                    "--out names a folder, and " + flags.out + " is a file",
                    "give another folder");
        }
        return out;
    }

    /** The path of a file that the script wrote, from the working folder. */
    private String written(String name) {
        return flags.out == null || UserHome.begins(name)
                ? name
                : Path.of(flags.out).resolve(name).normalize().toString();
    }
}
