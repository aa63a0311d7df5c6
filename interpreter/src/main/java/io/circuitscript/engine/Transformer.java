package io.circuitscript.engine;

import io.circuitscript.graph.ModelGraph;
import io.circuitscript.model.Checkpoint;
import io.circuitscript.model.ModelConfig;

/** A model's weights on a device, and its passes. Close it to give the memory back. */
public final class Transformer implements AutoCloseable {

    /**
     * @param device {@code auto}, {@code cpu}, {@code cuda} or {@code cuda:1}
     */
    public static Transformer load(Checkpoint checkpoint, String device, Precision precision, RunOptions options) {
        throw new UnsupportedOperationException();
    }

    public ModelConfig config() {
        throw new UnsupportedOperationException();
    }

    public ModelGraph graph() {
        return config().graph();
    }

    /** {@code cpu} or {@code cuda:0}. */
    public String device() {
        throw new UnsupportedOperationException();
    }

    public Precision precision() {
        throw new UnsupportedOperationException();
    }

    /** How many weights it has, each tied one counted once. */
    public long parameters() {
        throw new UnsupportedOperationException();
    }

    @Override
    public void close() {
        throw new UnsupportedOperationException();
    }
}
