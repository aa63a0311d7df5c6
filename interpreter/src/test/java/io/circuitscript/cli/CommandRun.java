package io.circuitscript.cli;

import io.circuitscript.cli.console.ProcessEnvironment;
import io.circuitscript.cli.console.ResultStream;
import io.circuitscript.cli.console.ScreenStream;
import io.circuitscript.cli.console.Signals;
import io.circuitscript.engine.torch.NativeStart;
import io.circuitscript.engine.torch.Torch;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** What a command line gave, run inside this process by the same code as the real one. */
public record CommandRun(int exitCode, String out, String err) {
    /** With how many threads the library starts. */
    private static final int THREADS = Optional.ofNullable(System.getenv("OMP_NUM_THREADS"))
            .map(Integer::parseInt)
            .orElse(Runtime.getRuntime().availableProcessors());

    /** Runs with an empty standard input that is a pipe, and no terminal. */
    public static CommandRun of(Path folder, String... args) {
        return of(folder, "", Map.of(), args);
    }

    public static CommandRun of(Path folder, String in, Map<String, String> variables, String... args) {
        return of(folder, in.getBytes(StandardCharsets.UTF_8), ProcessEnvironment.Terminals.NONE, variables, args);
    }

    static CommandRun of(
            Path folder,
            byte[] in,
            ProcessEnvironment.Terminals terminals,
            Map<String, String> variables,
            String... args) {
        var out = new ByteArrayOutputStream();
        var err = new ByteArrayOutputStream();
        var environment = new ProcessEnvironment(
                new ByteArrayInputStream(in),
                new ResultStream(out),
                ScreenStream.over(err),
                terminals,
                folder,
                variables,
                Signals.NONE);
        int exitCode = CircuitCommand.run(args, environment);
        usualThreads();
        return new CommandRun(exitCode, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    /** A real command ends with its threads. Here the tests after it would have them, and take turns with the process beside this one. */
    private static void usualThreads() {
        if (NativeStart.running().isPresent()) Torch.setThreads(THREADS);
    }
}
