package io.circuitscript.model;

import java.util.Collection;

/**
 * How many numbers a model's weights are.
 *
 * @param inBlocks of the layers
 * @param outsideBlocks of embeddings, the unembedding and the last norm
 */
public record ModelSize(long inBlocks, long outsideBlocks) {
    private static final long HEADER = 1_000_000;
    private static final long HEADER_LINE = 1_000;

    /** The families that saved masks see no further. */
    private static final long LONGEST_MASKED = 2048;

    /** By a configuration alone; an unembedding of its own is not counted, since only the weights show whether there is one. */
    public static ModelSize of(ModelConfig config) {
        long inBlocks = 0;
        long outsideBlocks = 0;
        for (ModelConfig.Needed tensor : config.needed()) {
            long elements = product(tensor.shape());
            if (isInBlock(tensor.name())) inBlocks += elements;
            else outsideBlocks += elements;
        }
        return new ModelSize(inBlocks, outsideBlocks);
    }

    /**
     * What a file of the weights has at most: all in double precision, an unembedding of its own, for each tensor a line in the header, and the masks and
     * angles that some versions saved with each layer.
     */
    public static long mostBytes(ModelConfig config) {
        ModelSize size = of(config);
        long unembedding = product(config.weight(Family.Part.UNEMBEDDING, 0).shape()) + config.dVocab();
        long positions = Math.min(config.positions(), LONGEST_MASKED);
        long saved = config.layers() * positions * (positions + 2L * config.dHead()) * Float.BYTES;
        long header = HEADER + config.needed().size() * HEADER_LINE;
        return (size.inBlocks() + size.outsideBlocks() + unembedding) * Double.BYTES + saved + header;
    }

    /** By the weights themselves: those of a layer have its number among their names' parts. */
    static ModelSize of(Collection<Weight> weights) {
        long inBlocks = weights.stream()
                .filter(weight -> isInBlock(weight.name()))
                .mapToLong(Weight::elements)
                .sum();
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
