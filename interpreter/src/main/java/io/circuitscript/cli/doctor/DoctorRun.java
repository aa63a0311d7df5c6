package io.circuitscript.cli.doctor;

import io.circuitscript.cli.console.Ansi;
import io.circuitscript.cli.console.ExitCode;
import io.circuitscript.cli.console.ExitCodeMapping;
import io.circuitscript.cli.console.ProcessEnvironment;
import io.circuitscript.cli.console.ProgramVersion;
import io.circuitscript.cli.console.Reporting;
import io.circuitscript.cli.console.RunFlags;
import io.circuitscript.engine.CancelToken;
import io.circuitscript.runtime.value.ResultFields;
import io.circuitscript.source.UserError;
import io.circuitscript.source.Visible;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/** Runs the checks of {@code doctor}: a line for each, and below it what would help. */
public final class DoctorRun {
    private static final int NAME_WIDTH = 11;
    /** What is slow on a machine's first day is the unpacking of the engine. */
    private static final int LIMIT_SECONDS = 60;

    private final ProcessEnvironment environment;
    private final Map<String, String> variables;
    private final Reporting reporting;
    private final boolean color;
    private boolean runs = true;

    public DoctorRun(ProcessEnvironment environment, RunFlags flags) {
        this.environment = environment;
        variables = flags.variables(environment);
        reporting = Reporting.of(environment, flags);
        color = flags.color.on(environment.terminals().out(), environment.variables());
    }

    public int run() {
        return new ExitCodeMapping(reporting, new CancelToken()).run(() -> {
            DoctorChecks checks = new DoctorChecks(environment, variables);
            show(
                    "program",
                    () -> DoctorFinding.ok(
                            "program",
                            ProgramVersion.withCommit() + ", on Java "
                                    + Runtime.version().feature() + ", " + System.getProperty("os.name") + " "
                                    + System.getProperty("os.arch")));
            show("cache", checks::cache);
            runs = show("engine", DoctorChecks::engine);
            if (runs) show("gpu", DoctorChecks::gpu);
            show("memory", checks::memory);
            show("models", checks::models);
            show("hub cache", checks::hubCache);
            show("hub", checks::hub);
            show("pictures", checks::pictures);
            show("fonts", DoctorChecks::fonts);
            return runs ? ExitCode.OK : ExitCode.UNAVAILABLE;
        });
    }

    /** Shows one finding; whether it is no failure. */
    private boolean show(String name, Supplier<DoctorFinding> look) {
        DoctorFinding finding = examined(name, look);
        if (reporting.json().isPresent()) {
            reporting
                    .json()
                    .get()
                    .object(ResultFields.of("doctor")
                            .put("check", finding.name())
                            .put("state", finding.health().word())
                            .put("found", finding.found())
                            .put("mend", finding.mend())
                            .done());
        } else {
            environment.out().text().println(line(finding));
            if (!finding.mend().isEmpty())
                environment.out().text().println(" ".repeat(6 + NAME_WIDTH) + "mend: " + Visible.line(finding.mend()));
        }
        return finding.health() != DoctorFinding.Health.FAIL;
    }

    private String line(DoctorFinding finding) {
        String word = finding.health().word();
        Ansi style = finding.health() == DoctorFinding.Health.OK ? Ansi.DIM : Ansi.ERROR;
        String state = (color ? style.paint(word) : word) + " ".repeat(6 - word.length());
        return state
                + finding.name()
                + " ".repeat(NAME_WIDTH - finding.name().length())
                + Visible.line(finding.found());
    }

    /** Runs a check with a time limit. Whatever goes wrong in it is a finding too. */
    private static DoctorFinding examined(String name, Supplier<DoctorFinding> look) {
        FutureTask<DoctorFinding> task = new FutureTask<>(look::get);
        Thread.ofPlatform().daemon().name("doctor-" + name).start(task);
        try {
            return task.get(LIMIT_SECONDS, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            return DoctorFinding.failed(
                    name,
                    "has not answered after " + LIMIT_SECONDS + " seconds",
                    "try again: its first use may take longer");
        } catch (ExecutionException e) {
            Throwable cause = e.getCause();
            if (cause instanceof UserError mistake)
                return DoctorFinding.failed(name, mistake.getMessage(), mistake.help());
            return DoctorFinding.failed(
                    name, "fails: " + cause, "please report it, with what 'circuit --version' says");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return DoctorFinding.failed(name, "interrupted before it finished", "");
        }
    }
}
