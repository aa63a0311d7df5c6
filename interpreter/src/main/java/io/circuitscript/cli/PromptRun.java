package io.circuitscript.cli;

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
import io.circuitscript.cli.repl.QuietCloseable;
import io.circuitscript.cli.repl.Repl;
import io.circuitscript.cli.repl.ReplHost;
import io.circuitscript.cli.repl.Screen;
import io.circuitscript.engine.CancelToken;
import io.circuitscript.io.UserHome;
import io.circuitscript.runtime.Session;
import io.circuitscript.runtime.state.Output;
import io.circuitscript.source.UserError;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Optional;

/** Starts the prompt, {@code circuit} at a terminal, with the command's streams and messages. */
final class PromptRun {
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
                boolean color = flags.color.on(environment.terminals().in(), environment.variables());
                var options = new Repl.Options(
                        session, flags.variables(environment), environment.in(), color, !flags.quiet, version);
                new Repl(options, screen, new CommandDesk(screen)).run();
            }
            return ExitCode.OK;
        });
    }

    /** The command's own streams, as the prompt uses them. */
    private final class CommandDesk implements ReplHost {
        private final Screen screen;
        private final Messages messages;
        private final Optional<PromptOutput> tables;
        private final Output output;
        private boolean timings = flags.timings;

        CommandDesk(Screen screen) {
            this.screen = screen;
            boolean watched = environment.terminals().err() && !flags.quiet && screen.draws();
            ProgressLine progress = watched ? new ProgressLine(environment.err(), screen::width) : ProgressLine.NONE;
            // A terminal on which nothing can be drawn shows no colours either, unless they are asked for.
            ColorMode mode = flags.color == ColorMode.AUTO && !screen.draws() ? ColorMode.NEVER : flags.color;
            messages = new Messages(environment, mode, progress);
            PrintStream out = environment.out().text();
            boolean color = mode.on(environment.terminals().out(), environment.variables());
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
        public Path resolve(String file) {
            boolean home = file.startsWith("~/");
            return home
                    ? ScriptText.resolve(file.substring(2), UserHome.ofProcess())
                    : ScriptText.resolve(file, environment.folder());
        }

        @Override
        public Text read(String file) {
            String path = file.startsWith("~/") ? resolve(file).toString() : file;
            ScriptText script = ScriptText.ofFile(path, environment.folder());
            return new Text(script.source(), script.folder());
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
        return flags.out == null || name.startsWith("~/")
                ? name
                : Path.of(flags.out).resolve(name).normalize().toString();
    }
}
