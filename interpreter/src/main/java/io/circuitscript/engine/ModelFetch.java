package io.circuitscript.engine;

import io.circuitscript.engine.torch.Precision;
import io.circuitscript.model.ModelConfig;
import io.circuitscript.model.ModelSize;
import io.circuitscript.model.hub.ByteSize;
import io.circuitscript.model.hub.Hub;
import io.circuitscript.model.hub.HubName;
import io.circuitscript.model.locate.KnownModels;
import io.circuitscript.model.locate.ModelLocator;
import io.circuitscript.source.ErrorCode;
import io.circuitscript.source.Spelling;
import io.circuitscript.source.UserError;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Brings a model of the hub to this machine; what cannot be loaded here is refused before its weights are fetched. */
public final class ModelFetch {
    private ModelFetch() {}

    /** The folder of a model, fetched first where it is not here. @param device as a script names it */
    public static ModelLocator.Located of(
            ModelLocator.Found found, String device, Precision precision, RunOptions options) {
        return switch (found) {
            case ModelLocator.Located here -> here;
            case ModelLocator.OnHub there -> fetch(there, device, precision, options);
        };
    }

    private static ModelLocator.Located fetch(
            ModelLocator.OnHub wanted, String device, Precision precision, RunOptions options) {
        try (Hub.Fetching fetching =
                wanted.hub().fetch(wanted.repository(), wanted.revision(), new DownloadProgress(options))) {
            ModelConfig config = ModelConfig.read(wanted.name(), fetching.folder());
            ModelMemory.check(config, precision, device);
            requirePlausible(config, fetching, wanted.repository());
            long rest = fetching.rest();
            String from = " from " + wanted.hub().settings().endpoint() + " into "
                    + wanted.hub().settings().cache();
            if (rest > 0)
                options.notes().accept("fetching " + ByteSize.text(rest) + " of " + wanted.repository() + from);
            Hub.Snapshot snapshot = fetching.finish();
            return new ModelLocator.Located(wanted.name(), snapshot.folder(), Optional.of(snapshot.commit()));
        } catch (UserError e) {
            if (e.code() != ErrorCode.MODEL_MISSING) throw e;
            List<String> near = KnownModels.nearest(wanted.repository().repository(), List.of());
            if (near.isEmpty()) throw e;
            throw new UserError(
                    e.kind(), e.code(), e.getMessage(), e.notes(), Spelling.question(near) + " Else " + e.help());
        }
    }

    /** Weights that are far larger than the configuration has use for would be refused once they are here, for tensors that nothing uses. */
    private static void requirePlausible(ModelConfig config, Hub.Fetching fetching, HubName repository) {
        long most = ModelSize.mostBytes(config);
        if (fetching.announced() <= most) return;
        throw new UserError(
                UserError.Kind.INPUT,
                ErrorCode.HUB_TOO_LARGE,
                "the weights of " + repository + " would be " + ByteSize.text(fetching.announced())
                        + ", but a model with its config.json has " + ByteSize.text(most)
                        + " at most: they are not fetched",
                List.of(),
                "config.json and the weights are not of the same model: take another revision, or another model");
    }

    /**
     * What the hub says of a model before its weights are fetched.
     *
     * @param folder where its small files are
     * @param weights the SHA-256 of each file of its weights
     */
    public record Announced(String commit, Path folder, Map<String, String> weights) {}

    /** Asks the hub for a model; only its small files come, and such weights as the hub has no SHA-256 of. */
    public static Announced announced(ModelLocator.OnHub wanted, RunOptions options) {
        try (Hub.Fetching fetching =
                wanted.hub().fetch(wanted.repository(), wanted.revision(), new DownloadProgress(options))) {
            requirePlausible(ModelConfig.read(wanted.name(), fetching.folder()), fetching, wanted.repository());
            return new Announced(fetching.commit(), fetching.folder(), fetching.weightHashes());
        }
    }
}
