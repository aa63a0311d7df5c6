package io.circuitscript.engine;

/**
 * Work on one batch that is done step by step in a fixed order, and can go on after any of them.
 *
 * @param <P> what some of the steps give together
 */
public interface ResumableSteps<P> {
    /** How many steps an earlier run has done. */
    int done();

    /** What they gave together; null where there are none. */
    P partial();

    /**
     * Is told after each step.
     *
     * @param count of those done so far
     * @param partial what they gave; may be changed by the steps that follow only where those set it anew
     */
    void stepDone(int count, P partial);

    /** From the first step on, with nobody who asks how far it is. */
    static <P> ResumableSteps<P> all() {
        return new ResumableSteps<>() {
            @Override
            public int done() {
                return 0;
            }

            @Override
            public P partial() {
                return null;
            }

            @Override
            public void stepDone(int count, P partial) {}
        };
    }
}
