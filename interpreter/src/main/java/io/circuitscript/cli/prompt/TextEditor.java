package io.circuitscript.cli.prompt;

import io.circuitscript.io.Unreadable;
import java.io.File;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** The user's own editor, for an input that is too long to change in the line. */
final class TextEditor {
    private static final String USUAL = "vi";

    /** What a shell ends with where it does not find a program, or may not run it. */
    private static final List<Integer> NOT_STARTED = List.of(126, 127);

    private final Map<String, String> environment;
    private final PromptHost host;

    TextEditor(Map<String, String> environment, PromptHost host) {
        this.environment = environment;
        this.host = host;
    }

    /** Opens a text. @return what was saved; empty where nothing is to run, which the user has been told */
    Optional<String> edit(String text, Path folder) {
        String program = program();
        try {
            Path file = Files.createTempFile("circuit-", ".circuit"); // which only its owner can read
            try {
                String before = text.isEmpty() || text.endsWith("\n") ? text : text + "\n";
                Files.writeString(file, before);
                // The variable may hold options too, as in `code --wait`.
                int status = host.runInTerminal(
                        List.of("/bin/sh", "-c", program + " \"$1\"", "sh", file.toString()), folder);
                if (NOT_STARTED.contains(status))
                    throw new BadMetaCommand(
                            "the editor " + program + " cannot be started", "set EDITOR to the editor that you use");
                if (status != 0) return nothing("the editor ended with exit status " + status);
                String after = Files.readString(file, StandardCharsets.UTF_8);
                if (after.isBlank()) return nothing("the file is empty");
                if (after.equals(before)) return nothing("nothing was changed");
                return Optional.of(after.stripTrailing());
            } finally {
                Files.deleteIfExists(file);
            }
        } catch (CharacterCodingException e) {
            throw new BadMetaCommand("what the editor saved is not UTF-8", "save it as UTF-8");
        } catch (IOException e) {
            throw new BadMetaCommand("the text cannot be edited: " + Unreadable.why(e), "");
        }
    }

    private Optional<String> nothing(String why) {
        host.say(why + ", so nothing runs");
        return Optional.empty();
    }

    private String program() {
        return Stream.of("VISUAL", "EDITOR")
                .map(name -> environment.getOrDefault(name, "").strip())
                .filter(it -> !it.isEmpty())
                .findFirst()
                .or(() -> Optional.of(USUAL).filter(this::isInstalled))
                .orElseThrow(() -> new BadMetaCommand(
                        "no editor is known: neither VISUAL nor EDITOR is set, and there is no vi",
                        "set EDITOR to the editor that you use"));
    }

    private boolean isInstalled(String name) {
        return Stream.of(environment.getOrDefault("PATH", "").split(File.pathSeparator))
                .filter(it -> !it.isEmpty())
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, name)));
    }
}
