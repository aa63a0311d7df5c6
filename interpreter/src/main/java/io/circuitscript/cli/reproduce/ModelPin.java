package io.circuitscript.cli.reproduce;

import io.circuitscript.engine.ModelFetch;
import io.circuitscript.engine.RunOptions;
import io.circuitscript.io.FileHashes;
import io.circuitscript.model.ModelFiles;
import io.circuitscript.model.hub.Revision;
import io.circuitscript.model.locate.ModelLocator;
import io.circuitscript.runtime.files.Lock;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.TreeMap;

/** Makes the entry of a lock that fixes a model: its commit, and the hashes of its files. */
public final class ModelPin {
    private ModelPin() {}

    /** Of a model of the hub that is not here the weights stay there: the hub says their hashes. */
    public static Lock.Model of(Lock.Found model, FileHashes hashes, RunOptions options) {
        return switch (model.place()) {
            case ModelLocator.Located here -> pin(model.asked(), here.commit(), here.folder(), hashes);
            case ModelLocator.OnHub there -> {
                ModelFetch.Announced announced = ModelFetch.announced(there, options);
                Lock.Model pin = pin(model.asked(), Optional.of(announced.commit()), announced.folder(), hashes);
                Map<String, String> weights = new TreeMap<>(pin.hashes().get("weights"));
                weights.putAll(announced.weights());
                pin.hashes().put("weights", weights);
                yield pin;
            }
        };
    }

    private static Lock.Model pin(Lock.Asked asked, Optional<String> commit, Path folder, FileHashes hashes) {
        SequencedMap<String, Map<String, String>> parts = ModelFiles.hashes(folder, hashes);
        return new Lock.Model(asked, commit.map(Revision::new), parts);
    }
}
