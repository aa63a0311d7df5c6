package io.circuitscript.cli.cluster;

import java.io.Serializable;
import java.util.Map;

/** A cell of a grid, as it is sent to the machine that runs it. There it is a process of its own. */
public interface CellJob extends Serializable {
    /**
     * A machine that starts it.
     *
     * @param host its name, for messages
     * @param classPath what the program consists of there
     * @param attempt how often the cell was started before; an earlier attempt may still be running
     * @param variables of the environment, besides those of this process
     */
    record Machine(String host, String classPath, int attempt, Map<String, String> variables) {
        public Machine {
            variables = Map.copyOf(variables);
        }
    }

    /** The cell's name. */
    String name();

    /** Starts the process on this machine, by the only one that starts it. */
    Process start();

    /** Removes what an earlier run left of it, before the machines of a cluster start it. */
    void clear();

    /** Starts the process on this machine of a cluster. @throws io.circuitscript.source.UserError where the machine lacks what the cell needs */
    Process start(Machine machine);

    /** Whether a process still runs the cell, on whatever machine, as far as this one can tell. */
    boolean isRunning();
}
