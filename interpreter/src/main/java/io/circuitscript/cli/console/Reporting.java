package io.circuitscript.cli.console;

import io.circuitscript.source.Diagnostic;
import io.circuitscript.source.UserError;
import java.util.Optional;

/**
 * How a command reports: notes and mistakes as text, results as text or JSON lines, progress to a person who watches.
 *
 * @param json where results and mistakes go as lines, where that was asked for
 */
public record Reporting(
        ProcessEnvironment environment, ProgressLine progress, Messages messages, Optional<JsonOutput> json) {

    public static Reporting of(ProcessEnvironment environment, RunFlags flags) {
        boolean watched = environment.terminals().err() && !flags.quiet;
        ProgressLine progress = watched ? new ProgressLine(environment.err()) : ProgressLine.NONE;
        Messages messages = new Messages(environment, flags.color, progress);
        Optional<JsonOutput> json = flags.json
                ? Optional.of(new JsonOutput(environment.out().exact(), flags.timings, messages, progress))
                : Optional.empty();
        return new Reporting(environment, progress, messages, json);
    }

    /** Tells a mistake, in words and as a line. @return its exit code */
    public int mistake(UserError mistake) {
        json.ifPresent(lines -> lines.mistake(mistake.code(), mistake.getMessage(), mistake.notes(), mistake.help()));
        return messages.mistake(mistake);
    }

    public void diagnostic(Diagnostic diagnostic) {
        json.ifPresentOrElse(it -> it.diagnostic(diagnostic), () -> messages.diagnostic(diagnostic));
    }
}
