package io.circuitscript.cli.each;

import java.util.Optional;

/** Notices that the process which started this one is gone, also where it was killed: nobody waits for the cell any more. */
final class ParentWatch {
    /** The property with the parent's process number. */
    static final String PROPERTY = "circuit.parent";

    private ParentWatch() {}

    /** @param gone is called once, from a thread of its own */
    static void begin(Runnable gone) {
        Long parent = Long.getLong(PROPERTY);
        if (parent == null) return;
        Optional<ProcessHandle> process = ProcessHandle.of(parent).filter(ProcessHandle::isAlive);
        if (process.isEmpty()) gone.run();
        else process.get().onExit().thenRun(gone);
    }
}
