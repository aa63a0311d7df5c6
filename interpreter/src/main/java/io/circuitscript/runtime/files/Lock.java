package io.circuitscript.runtime.files;

import io.circuitscript.model.hub.HubName;
import io.circuitscript.model.hub.Revision;
import io.circuitscript.model.locate.ModelLocator;
import io.circuitscript.source.ErrorCode;
import io.circuitscript.source.QuotedText;
import io.circuitscript.source.UserError;
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
public record Lock(String name, Map<Path, String> files, List<Model> models, List<DataSet> dataSets, boolean listed) {
    /** Holds nobody to anything. */
    public static final Lock NONE = new Lock("", Map.of(), List.of(), List.of(), false);

    public Lock {
        files = Map.copyOf(files);
        models = List.copyOf(models);
        dataSets = List.copyOf(dataSets);
    }

    /** How a script asks for a data set of the hub. */
    public record AskedData(String name, Revision revision, Optional<String> config, Optional<String> split) {
        /** @throws UserError where no data set can be called so */
        public HubName repository() {
            return HubName.of(name, HubName.Kind.DATA_SET)
                    .orElseThrow(() -> UserError.input(
                            ErrorCode.DATA_SET_MISSING,
                            "there can be no data set " + QuotedText.of(name) + " on the hub",
                            "a data set on the hub is named with its owner, as in \"mib-bench/ioi\""));
        }
    }

    /**
     * A data set of the hub, and what it has to be.
     *
     * @param commit that is taken
     * @param hashes the SHA-256 of each of its files that are read; empty: whatever that version has
     */
    public record DataSet(AskedData asked, Revision commit, Map<String, String> hashes) {}

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
    public record Needs(List<Path> files, List<Found> models, List<AskedData> dataSets, List<String> unknown) {
        public Needs {
            files = List.copyOf(files);
            models = List.copyOf(models);
            dataSets = List.copyOf(dataSets);
            unknown = List.copyOf(unknown);
        }
    }

    /** A model that a script asks for, and where it is. */
    public record Found(Asked asked, ModelLocator.Found place) {}

    Optional<DataSet> dataSet(AskedData asked) {
        return dataSets.stream().filter(it -> it.asked().equals(asked)).findFirst();
    }

    Optional<Model> model(Asked asked) {
        return models.stream().filter(it -> it.asked().equals(asked)).findFirst();
    }
}
