package io.circuitscript.analysis;

import java.util.Map;

/** Where a worker works, as whoever runs it sees it. */
public interface WorkPlace {
    /** What was sent for several jobs. */
    byte[] shared(String id);

    /** Whether the work is to stop. Asked often. */
    boolean cancelled();

    /** Is told units of work when they are done. */
    void advanced(long units);

    /** Where to compute, as {@code cpu} or {@code cuda:0}. */
    String device();

    /** Threads of the CPU that are this worker's. */
    int threads();

    /** The process's variables, by which the hub and its cache are known. */
    Map<String, String> environment();
}
