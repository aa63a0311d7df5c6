package io.circuitscript.runtime;

import java.util.function.Supplier;

/** Whether statements may run: a condition of {@code filter} is evaluated for each row, and nothing may change in between. */
final class StatementsAllowed {
    private boolean yes = true;

    boolean yes() {
        return yes;
    }

    /** Does some work in which they may not. */
    <T> T notIn(Supplier<T> work) {
        boolean outside = yes;
        yes = false;
        try {
            return work.get();
        } finally {
            yes = outside;
        }
    }
}
