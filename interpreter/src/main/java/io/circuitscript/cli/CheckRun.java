package io.circuitscript.cli;

import io.circuitscript.cli.console.DiagnosticsOutput;
import io.circuitscript.cli.console.ExitCode;
import io.circuitscript.cli.console.ProcessEnvironment;
import io.circuitscript.cli.console.RunFlags;
import io.circuitscript.cli.console.ScriptText;
import io.circuitscript.cli.reproduce.LockFile;
import io.circuitscript.cli.reproduce.ProtectedFiles;
import io.circuitscript.engine.CancelToken;
import io.circuitscript.runtime.Session;
import io.circuitscript.runtime.files.WritePermissions;
import java.nio.file.Path;
import java.util.List;

/** Checks scripts and shows every mistake, without running them. */
final class CheckRun {
    private final RunFlags flags;
    private final ScriptFilesRun files;

    CheckRun(ProcessEnvironment environment, RunFlags flags) {
        this.flags = flags;
        files = new ScriptFilesRun(environment, flags);
    }

    int run(List<String> names) {
        return files.each(names, this::check);
    }

    private int check(ScriptText script) {
        Path folder = files.environment().folder();
        WritePermissions writing =
                flags.writing(files.environment()).withKept(ProtectedFiles.of(script, folder, folder, false));
        Session.Options options = new Session.Options(folder, folder, flags.parameters, writing);
        try (Session session = new Session(
                options,
                new DiagnosticsOutput(files.reporting(), true),
                new CancelToken(),
                flags.variables(files.environment()))) {
            int code = session.check(
                    script.source(),
                    script.folder(),
                    LockFile.of(script, files.environment().folder()));
            if (code == ExitCode.OK) files.note(script.source().name() + ": no mistakes");
            return code;
        }
    }
}
