package io.circuitscript.analysis;

import io.circuitscript.engine.RunOptions;
import io.circuitscript.engine.Transformer;
import java.util.HashMap;
import java.util.Map;

/** The models that the workers of this process hold, each loaded once. */
final class WorkerModels {
    private record Key(ModelOrigin origin, String device) {}

    private static final class Held {
        private Transformer model;
        private int holders;
    }

    private final Map<Key, Held> held = new HashMap<>();

    /** Gives a model, loading it where no worker holds it. Whoever took it releases it. */
    synchronized Transformer take(
            ModelOrigin origin, String device, int threads, Map<String, String> environment, RunOptions options) {
        Key key = new Key(origin, device);
        Held known = held.get(key);
        if (known == null) {
            known = new Held();
            known.model = origin.load(device, threads, environment, options);
            held.put(key, known);
        }
        known.holders++;
        return known.model;
    }

    /** Closes a model that no worker holds any more. */
    synchronized void release(Transformer model) {
        held.values().removeIf(it -> {
            if (it.model != model || --it.holders > 0) return false;
            it.model.close();
            return true;
        });
    }
}
