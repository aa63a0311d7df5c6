package io.circuitscript.cli;

import io.circuitscript.cli.console.ExitCode;
import io.circuitscript.cli.console.ProcessEnvironment;
import io.circuitscript.cli.console.RunFlags;
import io.circuitscript.cli.console.ScriptText;
import io.circuitscript.io.AtomicFile;
import io.circuitscript.source.ErrorCode;
import io.circuitscript.source.Source;
import io.circuitscript.source.UserError;
import io.circuitscript.source.Visible;
import io.circuitscript.syntax.Formatter;
import io.circuitscript.syntax.Parsed;
import io.circuitscript.syntax.Parser;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Formats scripts. A file is rewritten only where that changes it; a script with mistakes is left as it is. */
final class FormatRun {
    private static final String STANDARD_INPUT = "<stdin>";

    private final ScriptFilesRun files;
    private final boolean check;

    /** @param check whether to say which files differ, and write none */
    FormatRun(ProcessEnvironment environment, RunFlags flags, boolean check) {
        files = new ScriptFilesRun(environment, flags);
        this.check = check;
    }

    int run(List<String> names) {
        return files.each(names, this::format);
    }

    private int format(ScriptText script) {
        Source source = script.source();
        Parsed parsed = Parser.parse(source);
        if (parsed.hasErrors()) {
            parsed.diagnostics().forEach(files.reporting()::diagnostic);
            return ExitCode.INPUT;
        }
        String text = Formatter.format(parsed);
        boolean differs = !text.equals(source.text());
        if (check) {
            if (differs) files.environment().out().text().println(Visible.line(source.name()));
            return differs ? ExitCode.DIFFERS : ExitCode.OK;
        }
        if (source.name().equals(STANDARD_INPUT)) {
            files.environment().out().exact().print(text);
        } else if (differs) {
            write(source.name(), text);
            files.note(source.name() + ": laid out");
        }
        return ExitCode.OK;
    }

    /** Behind a symbolic link stands the file itself, which keeps its permissions. */
    private void write(String name, String text) {
        try {
            Path file = ScriptText.resolve(name, files.environment().folder()).toRealPath();
            if (!Files.isWritable(file))
                throw UserError.failure(
                        ErrorCode.CANNOT_WRITE, name + " may not be written to", "change its permissions");
            AtomicFile.write(file, out -> out.write(text.getBytes(StandardCharsets.UTF_8)));
        } catch (IOException e) {
            throw UserError.failure(ErrorCode.CANNOT_WRITE, name + " cannot be written: " + e.getMessage(), "");
        }
    }
}
