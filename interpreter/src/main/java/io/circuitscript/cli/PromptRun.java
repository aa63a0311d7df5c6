package io.circuitscript.cli;

import io.circuitscript.cli.console.Ansi;
import io.circuitscript.cli.console.ColorMode;
import io.circuitscript.cli.console.ExitCode;
import io.circuitscript.cli.console.ExitCodeMapping;
import io.circuitscript.cli.console.JsonOutput;
import io.circuitscript.cli.console.Messages;
import io.circuitscript.cli.console.ProcessEnvironment;
import io.circuitscript.cli.console.ProgressLine;
import io.circuitscript.cli.console.PromptInterruption;
import io.circuitscript.cli.console.PromptOutput;
import io.circuitscript.cli.console.QuietOutput;
import io.circuitscript.cli.console.Reporting;
import io.circuitscript.cli.console.RunFlags;
import io.circuitscript.cli.console.ScriptText;
import io.circuitscript.cli.console.Signals;
import io.circuitscript.cli.console.TableOutput;
import io.circuitscript.cli.prompt.PromptHost;
import io.circuitscript.cli.prompt.QuietCloseable;
import io.circuitscript.cli.repl.Repl;
import io.circuitscript.cli.repl.Screen;
import io.circuitscript.engine.CancelToken;
import io.circuitscript.io.UserHome;
import io.circuitscript.runtime.Session;
import io.circuitscript.runtime.state.Output;
import io.circuitscript.runtime.value.Result;
import io.circuitscript.source.UserError;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/** Starts the prompt, {@code circuit} at a terminal, with the command's streams and messages. */
final class PromptRun {
    /** How much later than a program that it ended an interrupt may come to this process. */
    private static final int LATE_MILLIS = 300;

    private final ProcessEnvironment environment;
    private final RunFlags flags;

    PromptRun(ProcessEnvironment environment, RunFlags flags) {
        this.environment = environment;
        this.flags = flags;
    }

    int run(String version) {
        var messages = new Messages(environment, flags.color, ProgressLine.NONE);
        var mapping = new ExitCodeMapping(
                new Reporting(environment, ProgressLine.NONE, messages, Optional.empty()), new CancelToken());
        return mapping.run(() -> {
            Path out = flags.out == null ? environment.folder() : ScriptText.resolve(flags.out, environment.folder());
            try (Screen screen = Screen.open(environment.variables())) {
                var session =
                        new Session.Options(environment.folder(), out, flags.parameters, flags.writing(environment));
                boolean color = typedInColor();
                var options = new Repl.Options(
                        session, flags.variables(environment), environment.in(), color, !flags.quiet, version);
                new Repl(options, screen, new CommandDesk(screen)).run();
            }
            return ExitCode.OK;
        });
    }

    private boolean typedInColor() {
        return flags.color.on(environment.terminals().in(), environment.variables());
    }

    /** The command's own streams, as the prompt uses them. */
    private final class CommandDesk implements PromptHost {
        private final Screen screen;
        private final Messages messages;
        private final Optional<PromptOutput> tables;
        private final Output output;
        private final boolean color;
        private boolean timings = flags.timings;

        CommandDesk(Screen screen) {
            this.screen = screen;
            boolean watched = environment.terminals().err() && !flags.quiet && screen.draws();
            ProgressLine progress = watched ? new ProgressLine(environment.err(), screen::width) : ProgressLine.NONE;
            // A terminal on which nothing can be drawn shows no colours either, unless they are asked for.
            ColorMode mode = flags.color == ColorMode.AUTO && !screen.draws() ? ColorMode.NEVER : flags.color;
            messages = new Messages(environment, mode, progress);
            PrintStream out = environment.out().text();
            color = mode.on(environment.terminals().out(), environment.variables());
            tables = flags.json
                    ? Optional.empty()
                    : Optional.of(new PromptOutput(
                            out,
                            screen::width,
                            this::height,
                            stream -> new TableOutput(
                                    stream, PromptRun.this::written, color, timings, messages, progress)));
            Output format = tables.<Output>map(table -> table)
                    .orElseGet(() -> new JsonOutput(environment.out().exact(), flags.timings, messages, progress));
            output = flags.quiet ? new QuietOutput(format) : format;
        }

        @Override
        public int width() {
            return screen.width();
        }

        @Override
        public String heading(String line) {
            return typedInColor() && screen.draws() ? Ansi.DIM.paint(line) : line;
        }

        @Override
        public String keys() {
            return "Tab completes, Ctrl-R searches what was typed before, Ctrl-C clears the line or stops what runs, Ctrl-D leaves.";
        }

        /** Results that go to a file are never cut short. */
        private int height() {
            return environment.terminals().out() ? screen.height() : Integer.MAX_VALUE;
        }

        @Override
        public Output output() {
            return output;
        }

        @Override
        public PrintStream screen() {
            return environment.terminals().out() ? environment.out().text() : environment.err();
        }

        @Override
        public void setLabelled(boolean labelled) {
            tables.ifPresent(it -> it.table().setLabelled(labelled));
            messages.beginAnew();
        }

        @Override
        public boolean toggleTimings() {
            timings = !timings;
            tables.ifPresent(it -> it.table().setTimings(timings));
            return timings;
        }

        @Override
        public boolean showAll() {
            return tables.map(PromptOutput::showAll).orElse(false);
        }

        @Override
        public void say(String note) {
            messages.say(note);
        }

        @Override
        public void mistake(UserError mistake) {
            messages.mistake(mistake);
        }

        @Override
        public void notUnderstood(String message, String help) {
            messages.usage(message, help);
        }

        @Override
        public void defect(Throwable defect) {
            messages.defect(defect);
        }

        @Override
        public void nameResults(Function<Result, Optional<String>> name) {
            if (!screen.draws()) return; // line by line they would be in the way
            tables.ifPresent(it ->
                    it.setNames(result -> name.apply(result).map(text -> color ? Ansi.DIM.paint(text) : text)));
        }

        @Override
        public int runInTerminal(List<String> command, Path folder) throws IOException {
            var interrupted = new CountDownLatch(1);
            // A signal that this process handles ends the program; one that it ignores would be ignored there too.
            try (QuietCloseable interrupts = onInterrupt(interrupted::countDown)) {
                environment.out().text().flush();
                int status = screen.lend(new ProcessBuilder(command)
                        .directory(folder.toAbsolutePath().toFile()));
                // The interrupt came to both, and must not come to the next input.
                if (status == ExitCode.INTERRUPTED) interrupted.await(LATE_MILLIS, TimeUnit.MILLISECONDS);
                return status;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IOException(e);
            }
        }

        @Override
        public QuietCloseable onInterrupt(Runnable action) {
            Signals.Registration registration = environment.signals().onInterrupt(action);
            return registration::close;
        }

        @Override
        public QuietCloseable cancelling(CancelToken cancel) {
            return onInterrupt(new PromptInterruption(cancel, messages, () -> {
                screen.close(); // leaves the terminal as it was, whatever else hangs
                Runtime.getRuntime().halt(ExitCode.INTERRUPTED);
            }));
        }
    }

    /** The path of a file that was written, from the working folder. */
    private String written(String name) {
        return flags.out == null || UserHome.begins(name)
                ? name
                : Path.of(flags.out).resolve(name).normalize().toString();
    }
}
