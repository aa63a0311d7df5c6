package io.circuitscript.cli.prompt;

import io.circuitscript.io.UserHome;
import io.circuitscript.runtime.evaluate.Declaration;
import io.circuitscript.syntax.Lexeme;
import io.circuitscript.syntax.Lexeme.Kind;
import io.circuitscript.syntax.Statement;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The statements of a session that ran to their end, to be saved as a script. */
final class StatementLog {
    /** What a script calls the last result, where the session has no such name. */
    private static final String RESULT = "result";

    /**
     * @param folder where the files are that it names
     * @param last whether it gave the last result
     * @param number of its result; 0 where that has none
     * @param onlyLooks whether a script does the same without it
     */
    private record Entry(Statement statement, Path folder, boolean last, int number, boolean onlyLooks) {
        String text() {
            return statement.span().text().strip();
        }

        /** The results that it reads by their numbers. */
        List<String> numbers() {
            return Lexeme.of(text()).stream()
                    .filter(piece -> piece.kind() == Kind.WORD)
                    .map(StatementLog::variable)
                    .filter(NumberedResults::isName)
                    .toList();
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

    /**
     * @param number of its result; 0 where that has none
     * @param onlyLooks whether it changes nothing, so that a script needs it only where its result is read
     */
    void add(Statement statement, Path folder, boolean last, int number, boolean onlyLooks) {
        entries.add(new Entry(statement, folder, last, number, onlyLooks));
    }

    boolean isEmpty() {
        return entries.isEmpty();
    }

    /** As they were typed. */
    List<String> statements() {
        return entries.stream().map(Entry::text).toList();
    }

    /**
     * A script for a folder. Results that only the prompt names, as {@code _} and {@code _3}, become variables, files are found from there, and what was
     * only looked at is left out.
     */
    String script(Path folder) {
        List<List<String>> named = named();
        Map<String, String> names = names(named);
        var script = new StringBuilder();
        Set<String> written = new HashSet<>();
        for (int i = 0; i < entries.size(); i++) {
            Entry entry = entries.get(i);
            List<String> own = named.get(i).stream().map(names::get).toList();
            if (entry.onlyLooks() && own.isEmpty()) continue;
            script.append(naming(entry.statement(), moved(entry, folder, written, names), own, names))
                    .append('\n');
        }
        return script.toString();
    }

    /**
     * For each entry the names by which later ones read its result: {@code _}, before that changes again, and its number. What a function reads, any
     * later call may.
     */
    private List<List<String>> named() {
        List<List<String>> named = new ArrayList<>();
        int function = 0;
        while (function < entries.size()
                && !(entries.get(function).statement() instanceof Statement.Def
                        && entries.get(function).reads(LastResult.NAME))) function++;
        boolean read = false;
        Set<String> numbers = new HashSet<>();
        for (int i = entries.size() - 1; i >= 0; i--) {
            Entry entry = entries.get(i);
            List<String> names = new ArrayList<>();
            if (entry.last() && (read || i > function)) names.add(LastResult.NAME);
            if (numbers.contains(NumberedResults.name(entry.number()))) names.add(NumberedResults.name(entry.number()));
            boolean runs = !entry.onlyLooks() || !names.isEmpty();
            read = read && !entry.last() || runs && entry.reads(LastResult.NAME);
            if (runs) numbers.addAll(entry.numbers());
            named.add(names);
        }
        return named.reversed();
    }

    /** What a script calls the results that only the prompt names: {@code result}, {@code result3}, or what is free. */
    private Map<String, String> names(List<List<String>> named) {
        Map<String, String> names = new HashMap<>();
        Stream<String> numbered = named.stream().flatMap(List::stream).filter(NumberedResults::isName);
        Stream.concat(numbered, Stream.of(LastResult.NAME)).distinct().forEach(name -> {
            String wanted = RESULT + name.substring(LastResult.NAME.length());
            String free = wanted;
            for (int i = 2; isUsed(free) || names.containsValue(free); i++)
                free = wanted + (wanted.equals(RESULT) ? "" : "_") + i;
            names.put(name, free);
        });
        return names;
    }

    private boolean isUsed(String name) {
        return entries.stream().anyMatch(entry -> entry.reads(name));
    }

    private static String variable(Lexeme word) {
        return word.text().split("\\.", 2)[0];
    }

    /** The statement's text, with variables set to its result. */
    private static String naming(Statement statement, String text, List<String> own, Map<String, String> names) {
        if (own.isEmpty()) return text;
        String first = statement instanceof Statement.Let let
                ? names.getOrDefault(let.name().text(), let.name().text())
                : own.getFirst();
        var all = new StringBuilder(statement instanceof Statement.Let ? text : "let " + first + " = " + text);
        for (String name : own)
            if (!name.equals(first))
                all.append("\nlet ").append(name).append(" = ").append(first);
        return all.toString();
    }

    /** The text with the names of the files that it reads as they are found from another folder, and with the names that a script has for results. */
    private String moved(Entry entry, Path folder, Set<String> written, Map<String, String> names) {
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
            String variable = variable(piece);
            boolean result = piece.kind() == Kind.WORD && names.containsKey(variable);
            if (result) text.append(names.get(variable)).append(piece.text().substring(variable.length()));
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
