package io.circuitscript.cli.cluster;

import java.util.concurrent.CompletableFuture;

/** Where the cells of a grid run: on this machine, or on a cluster. */
public interface CellPlaces {
    /** How many cells run at once. On a cluster this waits for the first machine, and may be more later on. */
    int places();

    /** Has a cell run. @throws io.circuitscript.source.UserError where it cannot be started */
    RunningCell start(CellJob job);

    /** A cell under way. */
    interface RunningCell {
        /** Its exit code, once it has ended; a {@link io.circuitscript.source.UserError} where no machine could run it. */
        CompletableFuture<Integer> end();

        /** Has it save what it has, and end. */
        void stop();

        /** Ends it at once, whatever it is doing. */
        void kill();
    }
}
