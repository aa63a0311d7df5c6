package io.circuitscript.cli.prompt;

import io.circuitscript.runtime.value.Value;
import io.circuitscript.syntax.Lexeme;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** The variables {@code _1}, {@code _2}, … at the prompt, which hold the last results. */
final class NumberedResults {
    /** An older result is forgotten, so that a long session does not fill the memory. */
    static final int KEPT = 100;

    private static final Pattern NAME = Pattern.compile("_[1-9][0-9]*");

    /** @param statement as it was typed */
    record Entry(int number, String statement, Value value) {
        String name() {
            return NumberedResults.name(number);
        }
    }

    private final Deque<Entry> entries = new ArrayDeque<>();
    private int last;

    static boolean isName(String name) {
        return NAME.matcher(name).matches();
    }

    static String name(int number) {
        return "_" + number;
    }

    /** The name that the next result will have. */
    String nextName() {
        return name(last + 1);
    }

    /** @return the entry that is forgotten for it */
    Optional<Entry> add(String statement, Value value) {
        entries.addLast(new Entry(++last, statement, value));
        return entries.size() > KEPT ? Optional.of(entries.removeFirst()) : Optional.empty();
    }

    int last() {
        return last;
    }

    /** Those that are kept, the oldest first. */
    List<Entry> kept() {
        return List.copyOf(entries);
    }

    /**
     * Checks the names in an input.
     *
     * @param assigned the names that it gives a value
     * @param mark of the prompt's commands
     * @throws BadMetaCommand where it sets such a name, or reads one that holds nothing
     */
    void check(String input, Collection<String> assigned, String mark) {
        for (String name : assigned) {
            if (isName(name))
                throw new BadMetaCommand(name + " is a name that the prompt gives to a result", "give another name");
        }
        for (Lexeme piece : Lexeme.of(input)) {
            String name = piece.text().split("\\.", 2)[0];
            boolean missing = piece.kind() == Lexeme.Kind.WORD
                    && isName(name)
                    && entries.stream().noneMatch(it -> it.name().equals(name));
            if (missing) throw missing(name, mark);
        }
    }

    private BadMetaCommand missing(String name, String mark) {
        boolean old = name.length() < nextName().length()
                || name.length() == nextName().length() && name.compareTo(nextName()) < 0;
        if (old)
            return new BadMetaCommand(
                    name + " is no longer kept: the prompt keeps the last " + KEPT + " results",
                    MetaCommand.RESULTS.word(mark) + " lists them; `let` keeps a result under a name of your own");
        return new BadMetaCommand(
                "there is no result " + name + " yet",
                last == 0 ? "a result gets a number when a statement gives one" : "the last one is " + name(last));
    }
}
