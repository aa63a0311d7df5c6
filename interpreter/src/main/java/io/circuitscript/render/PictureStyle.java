package io.circuitscript.render;

import java.util.Set;

/**
 * What a picture of a circuit shows.
 *
 * @param grouped whether the heads of a layer are drawn as one node
 * @param labelled whether each edge has its score written at it
 * @param marked nodes to stand out, as those that a picture is about; with any, {@code input} and {@code logits} are drawn only where edges reach them
 */
public record PictureStyle(EdgeColour colour, boolean grouped, boolean labelled, Set<String> marked) {
    public static final PictureStyle PLAIN = new PictureStyle(EdgeColour.PORT, false, false, Set.of());

    public PictureStyle {
        marked = Set.copyOf(marked);
    }
}
