package io.circuitscript.model;

import java.util.Collection;

/**
 * How many numbers a model's weights are.
 *
 * @param inBlocks of the layers
 * @param elsewhere of embeddings, the unembedding and the last norm
 */
public record ModelSize(long inBlocks, long elsewhere) {

    /** By a configuration alone; an unembedding of its own is not counted, since only the weights show whether there is one. */
    public static ModelSize of(ModelConfig config) {
        long inBlocks = 0;
        long elsewhere = 0;
        for (ModelConfig.Needed tensor : config.needed()) {
            long elements = product(tensor.shape());
            if (isInBlock(tensor.name())) inBlocks += elements;
            else elsewhere += elements;
        }
        return new ModelSize(inBlocks, elsewhere);
    }

    /** By the weights themselves: those of a layer have its number among their names' parts. */
    static ModelSize of(Collection<Weight> weights) {
        long inBlocks = weights.stream().filter(weight -> isInBlock(weight.name())).mapToLong(Weight::elements).sum();
        long all = weights.stream().mapToLong(Weight::elements).sum();
        return new ModelSize(inBlocks, all - inBlocks);
    }

    private static boolean isInBlock(String name) {
        return name.matches(".*\\.\\d+\\..*");
    }

    private static long product(long[] shape) {
        long product = 1;
        for (long axis : shape) product = Math.multiplyExact(product, axis);
        return product;
    }
}
