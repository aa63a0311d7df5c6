package io.circuitscript.cli.repl;

import io.circuitscript.syntax.Lexeme;
import io.circuitscript.syntax.Lexeme.Kind;
import io.circuitscript.syntax.Statement;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The statements of a session that ran to their end, as a script. */
final class Ledger {
    /** What a file's name in quotes stands after where it is read. */
    private static final Set<String> READERS = Set.of("data", "open", "import", "load", "over");

    private static final Set<String> WRITERS = Set.of("save", "render", "plot", "report");

    /** @param folder where the files are that it names */
    private record Entry(Statement statement, Path folder) {
        String text() {
            return statement.span().text().strip();
        }
    }

    private final List<Entry> entries = new ArrayList<>();

    void add(Statement statement, Path folder) {
        entries.add(new Entry(statement, folder));
    }

    boolean isEmpty() {
        return entries.isEmpty();
    }

    /** As they were typed. */
    List<String> statements() {
        return entries.stream().map(Entry::text).toList();
    }

    /** A script for a folder: what the prompt alone knows, the last result as {@code _}, becomes a variable, and files are found from there. */
    String script(Path folder) {
        var script = new StringBuilder();
        Set<String> written = new HashSet<>();
        for (int i = 0; i < entries.size(); i++) {
            Entry entry = entries.get(i);
            String text = named(i, moved(entry, folder, written));
            script.append(text).append('\n');
        }
        return script.toString();
    }

    /** The statement's text, with {@code _} set where a later one, before it changes again, reads it. */
    private String named(int index, String text) {
        boolean read = false;
        for (Entry later : entries.subList(index + 1, entries.size())) {
            read = Lexeme.of(later.text()).stream().anyMatch(piece -> piece.kind() == Kind.WORD && piece.text().split("\\.")[0].equals(Repl.LAST));
            if (read || Repl.setsLast(later.statement())) break;
        }
        if (!read) return text;
        return switch (entries.get(index).statement()) {
            case Statement.Command _, Statement.ExpressionStatement _ -> "let " + Repl.LAST + " = " + text;
            case Statement.Let let -> text + "\nlet " + Repl.LAST + " = " + let.name();
            case Statement.Param _, Statement.Print _, Statement.Expect _, Statement.For _, Statement.If _, Statement.Def _, Statement.Import _,
                    Statement.CircuitDefinition _, Statement.TaskDefinition _, Statement.MetricDefinition _, Statement.GenerateData _,
                    Statement.Help _, Statement.Unknown _ -> text;
        };
    }

    /** The text with the names of the files that it reads as they are found from another folder. */
    private static String moved(Entry entry, Path folder, Set<String> written) {
        Path from = entry.folder().toAbsolutePath().normalize();
        Path to = folder.toAbsolutePath().normalize();
        var text = new StringBuilder();
        List<Lexeme> pieces = Lexeme.of(entry.text());
        for (int i = 0; i < pieces.size(); i++) {
            Lexeme piece = pieces.get(i);
            boolean whole = piece.kind() == Kind.TEXT && pieces.get(i - 1).kind() == Kind.QUOTE
                    && i + 1 < pieces.size() && pieces.get(i + 1).kind() == Kind.QUOTE_END;
            String before = whole ? wordBefore(pieces, i - 1) : "";
            if (WRITERS.contains(before)) written.add(piece.text());
            boolean moves = !from.equals(to) && READERS.contains(before) && !written.contains(piece.text());
            text.append(moves ? moved(piece.text(), from, to) : piece.text());
        }
        return text.toString();
    }

    private static String wordBefore(List<Lexeme> pieces, int quote) {
        int i = quote - 1;
        while (i >= 0 && (pieces.get(i).kind() == Kind.SPACE || pieces.get(i).kind() == Kind.ASSIGN)) i--;
        return i < 0 ? "" : pieces.get(i).text();
    }

    private static String moved(String name, Path from, Path to) {
        try {
            Path file = from.resolve(name);
            if (Path.of(name).isAbsolute() || name.startsWith("~") || !Files.exists(file)) return name;
            return to.relativize(file.normalize()).toString();
        } catch (IllegalArgumentException noSuchPath) { // no file can have that name, or nothing leads there
            return name;
        }
    }
}
