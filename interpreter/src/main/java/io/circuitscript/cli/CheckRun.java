package io.circuitscript.cli;

import io.circuitscript.engine.CancelToken;
import io.circuitscript.engine.Progress;
import io.circuitscript.runtime.Output;
import io.circuitscript.runtime.Result;
import io.circuitscript.runtime.Session;
import io.circuitscript.source.Diagnostic;
import java.util.List;

/** Shows every mistake of scripts, and runs none of them. */
final class CheckRun {
    private final RunFlags flags;
    private final ScriptFilesRun files;

    CheckRun(Surroundings surroundings, RunFlags flags) {
        this.flags = flags;
        files = new ScriptFilesRun(surroundings, flags);
    }

    int run(List<String> names) {
        return files.each(names, this::check);
    }

    private int check(ScriptText script) {
        Session.Options options = new Session.Options(
                files.surroundings().folder(), files.surroundings().folder(), flags.parameters, flags.writing(files.surroundings()));
        try (Session session = new Session(options, new Mistakes(), new CancelToken(), flags.environment(files.surroundings()))) {
            int code = session.check(script.source(), script.folder(), LockFile.of(script, files.surroundings().folder()));
            if (code == ExitCode.OK) files.note(script.source().name() + ": no mistakes");
            return code;
        }
    }

    private final class Mistakes implements Output {
        @Override
        public void result(Result result) {
            throw new IllegalStateException("a check runs nothing, and " + result.statement() + " has a result");
        }

        @Override
        public void diagnostic(Diagnostic diagnostic) {
            files.json().ifPresentOrElse(json -> json.diagnostic(diagnostic), () -> files.messages().diagnostic(diagnostic));
        }

        @Override
        public void say(String message) {
            files.messages().say(message);
        }

        @Override
        public Progress progress() {
            return Progress.NONE;
        }
    }
}
