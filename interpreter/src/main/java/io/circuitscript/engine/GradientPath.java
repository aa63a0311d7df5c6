package io.circuitscript.engine;

/**
 * The runs that a score's gradients are taken in.
 *
 * @param steps of integration; 0 where the kind has none
 */
public record GradientPath(Kind kind, int steps) {
    /** By the names of EAP-IG's authors. */
    public enum Kind {
        /** The clean run (Syed et al. 2023). */
        EAP(false),
        /** Runs whose embeddings lie between ablated and clean (Hanna et al. 2024). */
        EAP_IG(true),
        /** The clean run, and the one from ablated embeddings. */
        CLEAN_CORRUPTED(false),
        /** Clean runs in which one block's output, each in its turn, lies between ablated and clean. */
        EAP_IG_ACTIVATIONS(true);

        private final boolean stepped;

        Kind(boolean stepped) {
            this.stepped = stepped;
        }

        public boolean stepped() {
            return stepped;
        }
    }

    public GradientPath {
        if (kind.stepped() != steps > 0 || steps < 0) throw new IllegalArgumentException(steps + " steps of " + kind);
    }

    /** How many runs with gradients it takes. */
    public int runs(int layers) {
        return switch (kind) {
            case EAP -> 1;
            case EAP_IG -> steps;
            case CLEAN_CORRUPTED -> 2;
            case EAP_IG_ACTIVATIONS -> Math.multiplyExact(1 + 2 * layers, steps);
        };
    }
}
