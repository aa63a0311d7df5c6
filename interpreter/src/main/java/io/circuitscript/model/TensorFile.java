package io.circuitscript.model;

import java.nio.file.Path;

/** A file that has tensors of a checkpoint. */
interface TensorFile {
    Path path();

    /** @param name as the file has it */
    long[] shape(String name);

    /**
     * @param name as the file has it
     * @param as what the weight is called from then on
     */
    Weight weight(String name, String as);
}
