package io.circuitscript.analysis;

import java.io.Serializable;

/** What a process keeps of a longer work from one of its folds to the next. It is written without its contents; a worker that reads it again finds its own. */
public interface KeptBetweenFolds extends Serializable, AutoCloseable {
    /** Tells works apart, also those of other processes. */
    String id();

    @Override
    void close();
}
