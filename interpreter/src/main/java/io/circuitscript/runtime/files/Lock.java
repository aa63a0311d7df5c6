package io.circuitscript.runtime.files;

import io.circuitscript.model.hub.Revision;
import io.circuitscript.model.locate.ModelLocator;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;

/**
 * The files and models that a script must find, by their hashes.
 *
 * @param name the lock's file, for messages
 * @param files the SHA-256 of each file that is read
 * @param listed whether what it does not name is worth a note
 */
public record Lock(String name, Map<Path, String> files, List<Model> models, boolean listed) {
    /** Holds nobody to anything. */
    public static final Lock NONE = new Lock("", Map.of(), List.of(), false);

    public Lock {
        files = Map.copyOf(files);
        models = List.copyOf(models);
    }

    /**
     * How a script asks for a model.
     *
     * @param revision as the script says it
     * @param folders where the script said that models are, by the system's path separator
     */
    public record Asked(String name, Revision revision, Optional<String> folders) {}

    /**
     * A model, and what it has to be.
     *
     * @param commit the version of the hub's that is taken, where it is from there
     * @param hashes for each part of it the SHA-256 of each of its files; empty: whatever that version has
     */
    public record Model(Asked asked, Optional<Revision> commit, SequencedMap<String, Map<String, String>> hashes) {}

    /** What a script was found to use, without running it. @param unknown where that is known only by running it, as {@code line 3} */
    public record Needs(List<Path> files, List<Found> models, List<String> unknown) {
        public Needs {
            files = List.copyOf(files);
            models = List.copyOf(models);
            unknown = List.copyOf(unknown);
        }
    }

    /** A model that a script asks for, and where it is. */
    public record Found(Asked asked, ModelLocator.Found place) {}

    Optional<Model> model(Asked asked) {
        return models.stream().filter(it -> it.asked().equals(asked)).findFirst();
    }
}
