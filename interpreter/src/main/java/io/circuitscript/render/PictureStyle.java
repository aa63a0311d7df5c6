package io.circuitscript.render;

import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Options of the picture of a circuit.
 *
 * @param grouped whether the heads of a layer are drawn as one node
 * @param labelled whether each edge has its score written at it
 * @param marked nodes to stand out, as those that a picture is about; with any, {@code input} and {@code logits} are drawn only where edges reach them
 * @param nodeScores by the node's name, to write below it; empty where edges have the scores
 */
public record PictureStyle(
        EdgeColour colour, boolean grouped, boolean labelled, Set<String> marked, Map<String, Double> nodeScores) {
    public static final PictureStyle PLAIN = new PictureStyle(EdgeColour.PORT, false, false, Set.of());

    public PictureStyle {
        marked = Set.copyOf(marked);
        nodeScores = Map.copyOf(nodeScores);
    }

    /** A style without scores of nodes. */
    public PictureStyle(EdgeColour colour, boolean grouped, boolean labelled, Set<String> marked) {
        this(colour, grouped, labelled, marked, Map.of());
    }

    /** The text below a node's name: its score, if it has one and is not a group. */
    Optional<String> below(PictureNode place) {
        return Optional.ofNullable(
                        place.nodes().size() == 1 ? nodeScores.get(place.first().name()) : null)
                .map(Legend::shortNumber);
    }

    /** Whether anything is written below names. */
    boolean notes() {
        return !nodeScores.isEmpty();
    }
}
