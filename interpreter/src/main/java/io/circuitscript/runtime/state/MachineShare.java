package io.circuitscript.runtime.state;

/**
 * The part of the machine that a run takes where its script does not say.
 *
 * @param threads of the CPU; 0: what the machine has
 * @param memory bytes that a batch may take; 0: the default, divided by the number of runs
 * @param runs how many run at once
 */
public record MachineShare(int threads, long memory, int runs) {
    /** The whole machine. */
    public static final MachineShare WHOLE = new MachineShare(0, 0, 1);
}
