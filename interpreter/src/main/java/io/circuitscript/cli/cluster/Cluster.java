package io.circuitscript.cli.cluster;

import io.circuitscript.engine.Workers;
import java.util.List;

/** Other machines, or other processes of this one, that are held from the first work for them on. Closing it lets them go. */
public interface Cluster extends AutoCloseable {
    /** What works on the analyses of a script. */
    Workers workers();

    /** How many cells of a grid run at once. */
    int places();

    /**
     * Runs a cell of a grid somewhere, in a process of its own.
     *
     * @param name the cell's
     * @param command arguments of this program
     */
    RunningCell start(String name, List<String> command);

    /** A cell under way. */
    interface RunningCell {
        /** Whether it has come to its end. */
        boolean ended();

        /** The exit code of one that has ended. @throws io.circuitscript.source.UserError where no machine could run it */
        int exitCode();

        /** Has it save what it has, and end. */
        void stop();
    }

    @Override
    void close();
}
