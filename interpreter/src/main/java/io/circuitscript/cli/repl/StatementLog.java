package io.circuitscript.cli.repl;

import io.circuitscript.io.UserHome;
import io.circuitscript.runtime.evaluate.Declaration;
import io.circuitscript.syntax.Lexeme;
import io.circuitscript.syntax.Lexeme.Kind;
import io.circuitscript.syntax.Statement;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** The statements of a session that ran to their end, to be saved as a script. */
final class StatementLog {
    /** What a script calls the last result, where the session has no such name. */
    private static final String RESULT = "result";

    /** @param folder where the files are that it names @param last whether it gave the last result */
    private record Entry(Statement statement, Path folder, boolean last) {
        String text() {
            return statement.span().text().strip();
        }

        boolean onlyLooks() {
            return LastResult.looks(statement);
        }

        boolean reads(String variable) {
            return Lexeme.of(text()).stream()
                    .anyMatch(piece ->
                            piece.kind() == Kind.WORD && variable(piece).equals(variable));
        }
    }

    private final List<Entry> entries = new ArrayList<>();
    private final Supplier<List<Declaration>> declarations;

    /** @param declarations of every statement: they tell which read files, and which write them */
    StatementLog(Supplier<List<Declaration>> declarations) {
        this.declarations = declarations;
    }

    void add(Statement statement, Path folder, boolean last) {
        entries.add(new Entry(statement, folder, last));
    }

    boolean isEmpty() {
        return entries.isEmpty();
    }

    /** As they were typed. */
    List<String> statements() {
        return entries.stream().map(Entry::text).toList();
    }

    /**
     * A script for a folder: what the prompt alone knows, the last result as {@code _}, becomes a variable, files are found from there, and variables
     * and fields that were only looked at are left out.
     */
    String script(Path folder) {
        Set<Integer> named = named();
        String name = resultName();
        var script = new StringBuilder();
        Set<String> written = new HashSet<>();
        for (int i = 0; i < entries.size(); i++) {
            Entry entry = entries.get(i);
            if (entry.onlyLooks()) continue;
            String text = moved(entry, folder, written, name);
            script.append(named.contains(i) ? naming(entry.statement(), text, name) : text)
                    .append('\n');
        }
        return script.toString();
    }

    /** The entries whose result a later one reads as {@code _}, before it changes again. What a function reads, any later call may. */
    private Set<Integer> named() {
        Set<Integer> named = new HashSet<>();
        int function = 0;
        while (function < entries.size()
                && !(entries.get(function).statement() instanceof Statement.Def
                        && entries.get(function).reads(LastResult.NAME))) function++;
        boolean read = false;
        for (int i = entries.size() - 1; i >= 0; i--) {
            Entry entry = entries.get(i);
            if (entry.last() && (read || i > function)) named.add(i);
            read = read && !entry.last() || !entry.onlyLooks() && entry.reads(LastResult.NAME);
        }
        return named;
    }

    /** A name for the last result that the session does not use. */
    private String resultName() {
        String name = RESULT;
        for (int i = 2; isUsed(name); i++) name = RESULT + i;
        return name;
    }

    private boolean isUsed(String name) {
        return entries.stream().anyMatch(entry -> entry.reads(name));
    }

    private static String variable(Lexeme word) {
        return word.text().split("\\.", 2)[0];
    }

    /** The statement's text, with a variable set to its result. */
    private static String naming(Statement statement, String text, String name) {
        return switch (statement) {
            case Statement.Command _, Statement.ExpressionStatement _ -> "let " + name + " = " + text;
            case Statement.Let let -> text + "\nlet " + name + " = " + let.name();
            case Statement.Param _,
                    Statement.Print _,
                    Statement.Expect _,
                    Statement.For _,
                    Statement.If _,
                    Statement.Def _,
                    Statement.Import _,
                    Statement.CircuitDefinition _,
                    Statement.TaskDefinition _,
                    Statement.MetricDefinition _,
                    Statement.GenerateData _,
                    Statement.Help _,
                    Statement.Unknown _ -> text;
        };
    }

    /** The text with the names of the files that it reads as they are found from another folder, and with the last result's name. */
    private String moved(Entry entry, Path folder, Set<String> written, String result) {
        Set<String> readers = readers();
        Set<String> writers = writers();
        Path from = entry.folder().toAbsolutePath().normalize();
        Path to = folder.toAbsolutePath().normalize();
        var text = new StringBuilder();
        List<Lexeme> pieces = Lexeme.of(entry.text());
        for (int i = 0; i < pieces.size(); i++) {
            Lexeme piece = pieces.get(i);
            boolean whole = piece.kind() == Kind.TEXT
                    && pieces.get(i - 1).kind() == Kind.QUOTE
                    && i + 1 < pieces.size()
                    && pieces.get(i + 1).kind() == Kind.QUOTE_END;
            String before = whole ? wordBefore(pieces, i - 1) : "";
            if (writers.contains(before)) written.add(piece.text());
            boolean moves = !from.equals(to) && readers.contains(before) && !written.contains(piece.text());
            boolean last = piece.kind() == Kind.WORD && variable(piece).equals(LastResult.NAME);
            if (last) text.append(result).append(piece.text().substring(LastResult.NAME.length()));
            else text.append(moves ? moved(piece.text(), from, to) : piece.text());
        }
        return text.toString();
    }

    /** What a file's name in quotes stands after where it is read: a statement's word, or an option's. */
    private Set<String> readers() {
        Set<String> words = new HashSet<>(Set.of("import"));
        for (Declaration declaration : declarations.get()) {
            if (declaration.parameters().stream().anyMatch(Declaration.Argument::isRead)) words.add(declaration.word());
            declaration.options().stream()
                    .filter(Declaration.Argument::isRead)
                    .map(Declaration.Argument::name)
                    .forEach(words::add);
        }
        return words;
    }

    private Set<String> writers() {
        return declarations.get().stream()
                .filter(Declaration::writesFile)
                .map(Declaration::word)
                .collect(Collectors.toSet());
    }

    private static String wordBefore(List<Lexeme> pieces, int quote) {
        int i = quote - 1;
        while (i >= 0 && (pieces.get(i).kind() == Kind.SPACE || pieces.get(i).kind() == Kind.ASSIGN)) i--;
        return i < 0 ? "" : pieces.get(i).text();
    }

    private static String moved(String name, Path from, Path to) {
        try {
            Path file = from.resolve(name);
            if (Path.of(name).isAbsolute() || UserHome.begins(name) || !Files.exists(file)) return name;
            return to.relativize(file.normalize()).toString();
        } catch (IllegalArgumentException noSuchPath) { // no file can have that name, or nothing leads there
            return name;
        }
    }
}
