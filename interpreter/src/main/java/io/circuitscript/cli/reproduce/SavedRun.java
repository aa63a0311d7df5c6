package io.circuitscript.cli.reproduce;

import io.circuitscript.cli.console.ExitCode;
import io.circuitscript.cli.console.ProcessEnvironment;
import io.circuitscript.cli.console.Reporting;
import io.circuitscript.cli.console.ResultStream;
import io.circuitscript.cli.console.RunFlags;
import io.circuitscript.cli.console.ScriptText;
import io.circuitscript.cli.console.ShellWord;
import io.circuitscript.io.FileHashes;
import io.circuitscript.runtime.state.Output;
import io.circuitscript.runtime.state.RunDependencies;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** The saved state of one run as the command sees it: what the user is told, and when it is removed. */
public final class SavedRun implements AutoCloseable {
    /** Seconds between two savings, for tests. */
    private static final String SECONDS = "CIRCUIT_SAVE_SECONDS";

    private static final Duration USUAL = Duration.ofSeconds(30);

    private final ScriptText script;
    private final RunFlags flags;
    private final Output output;
    private final Reporting reporting;
    private final String name;
    private final RunSaver saver;

    private SavedRun(ScriptText script, Path folder, RunFlags flags, Output output, Reporting reporting) {
        this.script = script;
        this.flags = flags;
        this.output = output;
        this.reporting = reporting;
        ProcessEnvironment environment = reporting.environment();
        name = environment
                .folder()
                .toAbsolutePath()
                .normalize()
                .relativize(folder)
                .toString();
        SavedInputs inputs = new SavedInputs(
                script,
                flags.parameters,
                flags.threadsGiven,
                environment.variables(),
                folder.getParent(),
                new FileHashes());
        saver = new RunSaver(new SavedFolder(folder), inputs, interval(environment), output::say);
    }

    /** The saved state of a script in a file; empty where nothing may be written. */
    public static Optional<SavedRun> of(
            ScriptText script, Path out, RunFlags flags, Output output, Reporting reporting) {
        if (script.source().name().startsWith("<") || flags.readOnly && !flags.resume) return Optional.empty();
        Path folder = SavedFolder.of(
                Path.of(script.source().name()), out.toAbsolutePath().normalize());
        return Optional.of(new SavedRun(script, folder, flags, output, reporting));
    }

    private static Duration interval(ProcessEnvironment environment) {
        String seconds = environment.variables().get(SECONDS);
        boolean given = seconds != null && seconds.matches("[0-9]{1,6}([.][0-9]{1,3})?");
        return given ? Duration.ofMillis(Math.round(1000 * Double.parseDouble(seconds))) : USUAL;
    }

    public RunSaver saver() {
        return saver;
    }

    public void begin(Supplier<RunDependencies> used) {
        saver.of(used);
        if (flags.readOnly) saver.leaveAsItIs();
        if (flags.resume || flags.goOn && saver.fits()) saver.resume(name);
        else if (saver.fits())
            output.say(name + " holds a run of this script that was interrupted; " + again() + " goes on with it");
    }

    /**
     * @param asked whether a signal ended the run
     * @return the exit code of the command
     */
    public int end(int code, boolean asked) {
        if (code == ExitCode.OK || code == ExitCode.DIFFERS) saver.ended();
        boolean stopped = code == ExitCode.INTERRUPTED || code == ExitCode.FAILURE && saver.isLong();
        // Whoever asked for the first lines only, as by "| head", is not waiting for the rest.
        boolean unread = !asked
                && reporting
                        .environment()
                        .out()
                        .failure()
                        .filter(ResultStream::isReaderGone)
                        .isPresent();
        if (!stopped || unread) return code;
        if (!saver.interrupted()) {
            if (saver.isLong() && !flags.readOnly)
                reporting
                        .messages()
                        .say(
                                "nothing was saved: a pass is saved between its batches; `set batch=N` makes them smaller");
            return code;
        }
        reporting.messages().say("saved in " + name + "; to go on: " + again());
        return code == ExitCode.INTERRUPTED ? ExitCode.RESUMABLE : code;
    }

    /** Releases the saved state for other runs. */
    @Override
    public void close() {
        saver.close();
    }

    /** The command that resumes the run. */
    private String again() {
        if (flags.again.isPresent()) return flags.again.get();
        List<String> words =
                new ArrayList<>(List.of("circuit", "run", script.source().name()));
        for (Map.Entry<String, String> parameter : flags.parameters.entrySet())
            words.addAll(List.of("-D", parameter.getKey() + "=" + parameter.getValue()));
        if (flags.out != null) words.addAll(List.of("--out", flags.out));
        if (flags.json) words.add("--json");
        if (flags.record) words.add("--record");
        words.addAll(flags.more);
        words.add("--resume");
        return ShellWord.joined(words);
    }
}
