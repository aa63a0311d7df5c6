package io.circuitscript.cli.repl;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/** Suggests what may be typed in a command to the prompt. */
final class MetaSuggestions {
    private MetaSuggestions() {}

    static List<Suggestion> at(String text, String word, Path folder) {
        if (word.startsWith(":")) {
            return Arrays.stream(MetaCommand.values())
                    .map(command -> new Suggestion(command.word(), command.doc(), true))
                    .toList();
        }
        boolean file = Arrays.stream(MetaCommand.values())
                .anyMatch(it -> it.takesFile() && text.strip().matches(it.word() + "!?(\\s.*)?"));
        return file ? new FileSuggestions(folder).files(word, Set.of("circuit")) : List.of();
    }
}
