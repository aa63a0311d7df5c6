package io.circuitscript.notebook;

import io.circuitscript.cli.prompt.MetaCommand;
import io.circuitscript.cli.prompt.Question;
import io.circuitscript.cli.prompt.ShellCommand;
import io.circuitscript.source.Source;
import io.circuitscript.syntax.Parsed;
import io.circuitscript.syntax.Parser;
import java.util.ArrayList;
import java.util.List;

/** A cell's text, cut into statements, and into lines for the prompt or the shell that stand between them. */
record CellText(List<Part> parts) {
    /** What stands before the word of a command to the prompt. */
    static final String MARK = "%";

    sealed interface Part {
        /** Statements. In its source they stand where they stand in the cell. */
        record Statements(Parsed parsed) implements Part {}

        /** A command to the prompt or to the shell, or a question. */
        record Line(String text) implements Part {}
    }

    static CellText of(String name, String text) {
        List<Part> parts = new ArrayList<>();
        StringBuilder statements = new StringBuilder();
        int before = 0;
        List<String> lines =
                text.replace("\r\n", "\n").replace('\r', '\n').lines().toList();
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i);
            if (isLine(line) && !isOpen(statements.toString())) {
                add(parts, name, before, statements);
                parts.add(new Part.Line(marked(line.strip())));
                before = i + 1;
            } else {
                statements.append(line).append('\n');
            }
        }
        add(parts, name, before, statements);
        return new CellText(List.copyOf(parts));
    }

    private static void add(List<Part> parts, String name, int before, StringBuilder statements) {
        if (!statements.toString().isBlank())
            parts.add(new Part.Statements(Parser.parse(
                    new Source(name, "\n".repeat(before) + statements.toString().stripTrailing()))));
        statements.setLength(0);
    }

    /** Whether a line is for the prompt or the shell, where it stands between statements. */
    static boolean isLine(String line) {
        return MetaCommand.is(line, MARK) || MetaCommand.is(line) || ShellCommand.is(line) || Question.is(line);
    }

    /** Whoever knows the prompt in a terminal types a colon. */
    static String marked(String line) {
        return MetaCommand.is(line) ? MARK + line.substring(MetaCommand.TYPED.length()) : line;
    }

    /** Whether a text is in the midst of a statement, as within a string of several lines. */
    static boolean isOpen(String statements) {
        return !statements.isBlank()
                && Parser.parse(new Source("<cell>", statements)).incomplete();
    }

    /** Whether the text ends in the midst of a statement. */
    boolean isIncomplete() {
        return parts.stream().anyMatch(it -> it instanceof Part.Statements(Parsed parsed) && parsed.incomplete());
    }

    boolean hasErrors() {
        return parts.stream().anyMatch(it -> it instanceof Part.Statements(Parsed parsed) && parsed.hasErrors());
    }
}
