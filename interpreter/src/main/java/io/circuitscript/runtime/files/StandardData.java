package io.circuitscript.runtime.files;

import io.circuitscript.model.BundledFiles;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** The data files of the standard library. */
public final class StandardData {
    /** What a name in the library begins with, of a data file and of a script. */
    public static final String PREFIX = "std/";

    /** The names that {@code data} takes. */
    public static final List<String> NAMES = List.of(PREFIX + "greater-than.csv", PREFIX + "ioi.csv");

    private StandardData() {}

    /** One of them; empty where there is none of that name. */
    public static Optional<Path> file(String name) {
        return NAMES.contains(name) ? BundledFiles.file(name.substring(PREFIX.length())) : Optional.empty();
    }
}
