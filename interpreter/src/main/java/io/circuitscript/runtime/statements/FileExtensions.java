package io.circuitscript.runtime.statements;

import io.circuitscript.runtime.evaluate.Arguments;
import java.nio.file.Path;
import java.util.function.Consumer;

/** The file extensions that statements write. */
final class FileExtensions {
    private FileExtensions() {}

    /** That the name ends as a file of its kind does, where the name is known: said before any work is done for it. */
    static void check(Arguments arguments, Consumer<Path> kind) {
        arguments
                .knownText("file")
                .ifPresent(name -> arguments.at("file", () -> {
                    kind.accept(Path.of(name));
                    return name;
                }));
    }
}
