package io.circuitscript.model;

/**
 * Numbers that a model multiplies by.
 *
 * @param embedding token embeddings
 * @param block what attention and MLP give, before it is added to the stream
 * @param logits logits, before they are capped
 */
public record Scales(double embedding, double block, double logits) {
    /** Of a model that multiplies by nothing. */
    public static final Scales NONE = new Scales(1, 1, 1);
}
