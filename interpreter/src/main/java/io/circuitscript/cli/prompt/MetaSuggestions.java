package io.circuitscript.cli.prompt;

import io.circuitscript.assist.FileSuggestions;
import io.circuitscript.assist.SessionKnowledge;
import io.circuitscript.assist.Suggestion;
import io.circuitscript.runtime.value.Type;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/** Suggests what may be typed where no statement is: in a command to the prompt or to the shell, or in a question. */
public final class MetaSuggestions {
    private MetaSuggestions() {}

    public static List<Suggestion> at(String text, String word, SessionKnowledge knowledge) {
        return at(text, word, knowledge, MetaCommand.TYPED, command -> true);
    }

    /** @param mark what stands before the word of a command to the prompt @param here whether a command can be had here */
    public static List<Suggestion> at(
            String text, String word, SessionKnowledge knowledge, String mark, Predicate<MetaCommand> here) {
        FileSuggestions files = new FileSuggestions(knowledge.folder());
        if (ShellCommand.is(text)) {
            String name = word.startsWith("!") ? "" : word;
            return name.isEmpty() ? List.of() : files.files(name, Set.of());
        }
        if (!MetaCommand.is(text, mark)) return topics(word, knowledge);
        if (word.startsWith(mark)) {
            return Arrays.stream(MetaCommand.values())
                    .filter(here)
                    .map(command -> new Suggestion(command.word(mark), command.doc(mark), true))
                    .toList();
        }
        Optional<MetaCommand> command = Arrays.stream(MetaCommand.values())
                .filter(it -> text.strip().matches(it.word(mark) + "!?(\\s.*)?"))
                .findFirst();
        return switch (command.map(MetaCommand::operand).orElse(MetaCommand.Operand.NONE)) {
            case NONE -> List.of();
            case FILE -> files.files(word, Set.of("circuit"));
            case FOLDER -> files.folders(word);
            case FUNCTION ->
                knowledge.variables().entrySet().stream()
                        .filter(it -> it.getValue().type() == Type.FUNCTION)
                        .map(it -> Suggestion.of(it.getKey(), "a function of yours"))
                        .toList();
        };
    }

    /** How the command to the prompt is written that a line begins with, and what it does. */
    public static Optional<String> explained(String line, String mark) {
        String word = line.strip().split("[\\s!]", 2)[0];
        return Arrays.stream(MetaCommand.values())
                .filter(it -> it.word(mark).equals(word))
                .findFirst()
                .map(it -> it.usage(mark) + " – " + it.doc(mark));
    }

    /** What {@code ?} explains. */
    private static List<Suggestion> topics(String word, SessionKnowledge knowledge) {
        String mark = word.startsWith("?") ? "?" : "";
        return java.util.stream.Stream.concat(
                        knowledge.variables().keySet().stream(), knowledge.pages().words().stream())
                .distinct()
                .map(it -> Suggestion.of(mark + it, ""))
                .toList();
    }
}
