package io.circuitscript.model;

import java.nio.file.Path;
import java.util.Set;

/** A model's folder, read: its configuration and its named weights, mapped into memory. Close it once the weights are on a device. */
public final class Checkpoint implements AutoCloseable {

    /** Reads config.json and the headers of the weight files; checks that they agree. Nothing large is read. */
    public static Checkpoint open(String name, Path folder) {
        throw new UnsupportedOperationException();
    }

    public ModelConfig config() {
        throw new UnsupportedOperationException();
    }

    /** The tensor of that name (family's own prefix left out). @throws io.circuitscript.source.UserError where there is none */
    public Weight weight(String name) {
        throw new UnsupportedOperationException();
    }

    public Set<String> names() {
        throw new UnsupportedOperationException();
    }

    @Override
    public void close() {
        throw new UnsupportedOperationException();
    }
}
