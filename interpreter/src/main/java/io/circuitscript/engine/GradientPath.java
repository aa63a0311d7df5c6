package io.circuitscript.engine;

import java.io.Serializable;
import java.util.Locale;

/**
 * The runs that a score's gradients are taken in.
 *
 * @param steps of integration; 0 where the kind has none
 * @param rules what stands for a gradient in them
 */
public record GradientPath(Kind kind, int steps, Rules rules) implements Serializable {
    /** What is carried back through the model. */
    public enum Rules {
        DERIVATIVES,
        /** Relevance: norms with a fixed scale, f(x) / x for an activation's slope, half for each factor of a gate (RelP; Jafari et al. 2025). */
        RELEVANCE,
        /** The same with attention's probabilities as constants, so that nothing comes to queries and keys. */
        RELEVANCE_FIXED_ATTENTION;

        Intervention intervention() {
            return this == DERIVATIVES ? Intervention.NONE : Intervention.relevance(this == RELEVANCE_FIXED_ATTENTION);
        }
    }

    /** Every way there is, in the order in which messages list them, by the names of EAP-IG's authors. A new one is a new constant. */
    public enum Kind {
        /** Runs whose embeddings lie between ablated and clean (Hanna et al. 2024). */
        EAP_IG("EAP-IG", true, true, (layers, steps) -> steps, GradientRuns::betweenInputs),
        /** The clean run (Syed et al. 2023). */
        EAP("EAP", false, true, (layers, steps) -> 1, (runs, steps) -> runs.clean()),
        /** Clean runs in which one block's output, each in its turn, lies between ablated and clean. */
        EAP_IG_ACTIVATIONS(
                "EAP-IG (activations)",
                true,
                false,
                (layers, steps) -> Math.multiplyExact(1 + 2 * layers, steps),
                GradientRuns::betweenOutputs),
        /** The clean run, and the one from ablated embeddings. */
        CLEAN_CORRUPTED("clean corrupted", false, false, (layers, steps) -> 2, (runs, steps) -> runs.bothEnds());

        private interface Count {
            int runs(int layers, int steps);
        }

        private interface Walk {
            void along(GradientRuns runs, int steps);
        }

        private final String title;
        private final boolean stepped;
        private final boolean checkable;
        private final Count count;
        private final Walk walk;

        /**
         * @param title as a picture's title names it
         * @param stepped whether it is integrated over steps
         * @param checkable whether its scores are derivatives that finite differences show
         * @param count how many runs with gradients it takes
         * @param walk what it does with each batch
         */
        Kind(String title, boolean stepped, boolean checkable, Count count, Walk walk) {
            this.title = title;
            this.stepped = stepped;
            this.checkable = checkable;
            this.count = count;
            this.walk = walk;
        }

        /** As a script has it: {@code eap-ig}. */
        public String word() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }

        public String title() {
            return title;
        }

        public boolean stepped() {
            return stepped;
        }

        public boolean checkable() {
            return checkable;
        }
    }

    public GradientPath {
        if (kind.stepped() != steps > 0 || steps < 0) throw new IllegalArgumentException(steps + " steps of " + kind);
        if (rules != Rules.DERIVATIVES && kind != Kind.EAP)
            throw new IllegalArgumentException(rules + " along " + kind);
    }

    public GradientPath(Kind kind, int steps) {
        this(kind, steps, Rules.DERIVATIVES);
    }

    /** Relevance at the clean run. */
    public static GradientPath relevance(boolean fixedAttention) {
        return new GradientPath(Kind.EAP, 0, fixedAttention ? Rules.RELEVANCE_FIXED_ATTENTION : Rules.RELEVANCE);
    }

    /** As a script has it. */
    public String word() {
        return rules == Rules.DERIVATIVES ? kind.word() : "relp";
    }

    /** How many runs with gradients it takes. */
    public int runs(int layers) {
        return kind.count.runs(layers, steps);
    }

    void along(GradientRuns runs) {
        kind.walk.along(runs, steps);
    }
}
