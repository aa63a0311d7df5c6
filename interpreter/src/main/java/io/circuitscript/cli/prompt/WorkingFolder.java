package io.circuitscript.cli.prompt;

import io.circuitscript.assist.FileSuggestions;
import io.circuitscript.io.UserHome;
import io.circuitscript.source.Spelling;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;

/** Finds the folder that {@code :cd} goes to. */
final class WorkingFolder {
    private WorkingFolder() {}

    /** @throws BadMetaCommand where there is no such folder, or nobody may enter it */
    static Path of(String name, Path from) {
        Path folder = path(name, from);
        if (!Files.exists(folder)) {
            List<String> beside = new FileSuggestions(from)
                    .folders(name.replaceAll("/+$", "").replaceAll("[^/]*$", "")).stream()
                            .map(it -> it.text().replaceAll("/$", ""))
                            .toList();
            List<String> near = Spelling.nearest(name.replaceAll("/+$", ""), beside, 2);
            throw new BadMetaCommand("there is no folder " + name, near.isEmpty() ? "" : Spelling.question(near));
        }
        if (!Files.isDirectory(folder)) throw new BadMetaCommand(name + " is a file, not a folder", "name a folder");
        if (!Files.isExecutable(folder)) throw new BadMetaCommand("you may not enter the folder " + name, "");
        return folder;
    }

    private static Path path(String name, Path from) {
        try {
            return UserHome.resolve(name, from).toAbsolutePath().normalize();
        } catch (InvalidPathException e) {
            throw new BadMetaCommand("no folder can have the name '" + name + "': " + e.getReason(), "");
        }
    }
}
