package io.circuitscript.engine;

/**
 * Work on one batch that is done step by step in a fixed order, and can go on after any of them.
 *
 * @param <P> what some of the steps give together
 */
public interface Steps<P> {
    /** How many steps an earlier run has done. */
    int done();

    /** What they gave; null where there are none. */
    P given();

    /**
     * Is told after each step.
     *
     * @param count of those done so far
     * @param given what they gave; may be changed by the steps that follow only where those set it anew
     */
    void did(int count, P given);

    /** From the first step on, with nobody who asks how far it is. */
    static <P> Steps<P> all() {
        return new Steps<>() {
            @Override
            public int done() {
                return 0;
            }

            @Override
            public P given() {
                return null;
            }

            @Override
            public void did(int count, P given) {}
        };
    }
}
