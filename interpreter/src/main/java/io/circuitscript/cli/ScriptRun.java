package io.circuitscript.cli;

import io.circuitscript.cli.cluster.Cluster;
import io.circuitscript.cli.cluster.ClusterFlags;
import io.circuitscript.cli.console.BrokenPipeOutput;
import io.circuitscript.cli.console.ExitCode;
import io.circuitscript.cli.console.ExitCodeMapping;
import io.circuitscript.cli.console.Interruption;
import io.circuitscript.cli.console.ProcessEnvironment;
import io.circuitscript.cli.console.QuietOutput;
import io.circuitscript.cli.console.Reporting;
import io.circuitscript.cli.console.RunFlags;
import io.circuitscript.cli.console.ScreenWidth;
import io.circuitscript.cli.console.ScriptText;
import io.circuitscript.cli.console.TableOutput;
import io.circuitscript.cli.each.CellRun;
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
import io.circuitscript.runtime.state.MachineShare;
import io.circuitscript.runtime.state.Output;
import io.circuitscript.runtime.state.RunDependencies;
import io.circuitscript.source.ErrorCode;
import io.circuitscript.source.UserError;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** Runs one script from the command line, and gives its exit code. */
final class ScriptRun {
    private final ProcessEnvironment environment;
    private final RunFlags flags;
    private final Reporting reporting;
    private final Output output;
    private final Optional<Recorder> recorder;
    private final Optional<CellRun> cell;
    private final CancelToken cancel = new CancelToken();
    private ClusterFlags cluster = new ClusterFlags();

    ScriptRun(ProcessEnvironment environment, RunFlags flags) {
        this(environment, flags, Optional.empty());
    }

    /** Of one cell of a grid. */
    ScriptRun(ProcessEnvironment environment, RunFlags flags, CellRun cell) {
        this(cell.environment(environment), flags, Optional.of(cell));
    }

    private ScriptRun(ProcessEnvironment environment, RunFlags flags, Optional<CellRun> cell) {
        this.cell = cell;
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
                                reporting.progress())
                        .within(ScreenWidth.of(environment)));
        Output shown = new BrokenPipeOutput(flags.quiet ? new QuietOutput(format) : format, environment.out(), cancel);
        recorder = flags.record ? Optional.of(new Recorder(shown)) : Optional.empty();
        output = recorder.<Output>map(it -> it).orElse(shown);
    }

    /** The same on a cluster, where one is asked for. */
    ScriptRun on(ClusterFlags there) {
        cluster = there;
        flags.more = there.words();
        return this;
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
        int code = mapping.run(() -> {
            ScriptText text = script.get();
            Path out = outFolder();
            Optional<Integer> other = cell.flatMap(it -> it.begin(mapping.interruption()::end));
            if (other.isPresent()) return other.get();
            return mapping.interruptible(() -> run(text, out, mapping.interruption()));
        });
        cell.ifPresent(it -> it.ended(code));
        return code;
    }

    private int run(ScriptText script, Path out, Interruption interruption) {
        List<WritePermissions.Kept> kept = ProtectedFiles.of(script, environment.folder(), out, recorder.isPresent());
        WritePermissions writing = cell.map(it -> it.writing(flags.writing(environment), kept))
                .orElseGet(() -> flags.writing(environment).withKept(kept));
        // Checked now, so that a long run does not fail at its end.
        if (recorder.isPresent()) AtomicFile.check(recordOf(script, out));
        Lock lock = LockFile.of(script, environment.folder());
        Optional<SavedRun> saved = SavedRun.of(script, out, flags, output, reporting);
        CheckpointStore saving = saved.<CheckpointStore>map(SavedRun::saver).orElse(CheckpointStore.NONE);
        try (Cluster there = cluster.open(environment, output::say).orElse(null);
                Session session = new Session(
                        new Session.Options(environment.folder(), out, flags.parameters, writing, share(there)),
                        output,
                        cancel,
                        flags.variables(environment),
                        saving)) {
            if (there != null) session.workOn(there.workers());
            saved.ifPresent(it -> it.begin(session::used));
            int code = cell.isPresent()
                    ? session.run(script.source(), script.folder(), lock, cell.get()::done)
                    : session.run(script.source(), script.folder(), lock);
            recorder.ifPresent(it -> record(it, script, code, session.used(), out, share(there)));
            cell.ifPresent(it -> it.finished(code, session.used()));
            return saved.map(it -> it.end(code, interruption.asked())).orElse(code);
        } finally {
            saved.ifPresent(SavedRun::close);
        }
    }

    /** @param there the cluster; null where there is none. This process then takes as many threads as each of its places, so that a run alone can do the same */
    private MachineShare share(Cluster there) {
        if (there != null) return new MachineShare(there.share().threads(), 0, 1);
        return cell.map(CellRun::share).orElse(MachineShare.WHOLE);
    }

    /** Writes the record of a run that came to its end. A run that a mistake ended has no record. */
    private void record(
            Recorder results, ScriptText script, int code, RunDependencies used, Path out, MachineShare share) {
        if (code != ExitCode.OK && code != ExitCode.DIFFERS) return;
        Path file = ScriptText.resolve(script.source().name(), environment.folder());
        Path target = recordOf(script, out);
        RunRecord.Run run = new RunRecord.Run(file, script.source().text(), flags.parameters, code, used, share);
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
