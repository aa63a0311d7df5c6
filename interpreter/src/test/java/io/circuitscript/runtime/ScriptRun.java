package io.circuitscript.runtime;

import io.circuitscript.engine.CancelToken;
import io.circuitscript.engine.Progress;
import io.circuitscript.runtime.state.Output;
import io.circuitscript.runtime.value.Result;
import io.circuitscript.runtime.value.Value;
import io.circuitscript.source.Diagnostic;
import io.circuitscript.source.ErrorCode;
import io.circuitscript.source.Source;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** One run of a script in a test: its exit code and everything that it said. */
public record ScriptRun(int exitCode, List<Result> results, List<Diagnostic> diagnostics, List<String> said) {

    public static ScriptRun of(String script, Path folder) {
        return of(script, folder, Map.of());
    }

    public static ScriptRun of(String script, Path folder, Map<String, String> parameters) {
        return of(script, folder, parameters, new CancelToken());
    }

    public static ScriptRun of(String script, Path folder, Map<String, String> parameters, CancelToken cancel) {
        Recorder recorder = new Recorder();
        var options = new Session.Options(folder, folder.resolve("out"), parameters);
        try (Session session = new Session(options, recorder, cancel, Map.of())) {
            int exitCode = session.run(new Source("test.circuit", script), folder);
            return new ScriptRun(exitCode, recorder.results, recorder.diagnostics, recorder.said);
        }
    }

    /** What the script printed, a line each. */
    List<String> printed() {
        return results.stream()
                .filter(result -> result.statement().equals("print"))
                .map(result -> result.value().field("value").orElseThrow().display())
                .toList();
    }

    /** {@code line:column code: message} for each diagnostic. */
    public List<String> mistakes() {
        return diagnostics.stream()
                .map(d -> d.span().line() + ":" + d.span().column() + " "
                        + d.code().word() + ": " + d.message())
                .toList();
    }

    /** Only the codes. */
    List<ErrorCode> codes() {
        return diagnostics.stream().map(Diagnostic::code).toList();
    }

    /** The results of one statement, in order. */
    public List<Value.Fields> of(String statement) {
        return results.stream()
                .filter(result -> result.statement().equals(statement))
                .map(Result::value)
                .toList();
    }

    private static final class Recorder implements Output {
        private final List<Result> results = new ArrayList<>();
        private final List<Diagnostic> diagnostics = new ArrayList<>();
        private final List<String> said = new ArrayList<>();

        @Override
        public void result(Result result) {
            results.add(result);
        }

        @Override
        public void diagnostic(Diagnostic diagnostic) {
            diagnostics.add(diagnostic);
        }

        @Override
        public void say(String message) {
            said.add(message);
        }

        @Override
        public Progress progress() {
            return Progress.NONE;
        }
    }
}
