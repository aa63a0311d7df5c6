package io.circuitscript.cli.cluster;

import io.circuitscript.engine.Workers;
import io.circuitscript.runtime.state.MachineShare;

/** Other machines, or other processes of this one, that are held from the first work for them on. Closing it lets them go. */
public interface Cluster extends CellPlaces, AutoCloseable {
    /** What works on the analyses of a script. */
    Workers workers();

    /** What a cell may take of its place. It follows from how the cluster is set up, never from how many machines have come. */
    MachineShare share();

    @Override
    void close();
}
