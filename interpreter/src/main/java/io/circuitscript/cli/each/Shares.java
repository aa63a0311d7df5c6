package io.circuitscript.cli.each;

import com.sun.management.OperatingSystemMXBean;
import io.circuitscript.runtime.state.MachineShare;
import java.lang.management.ManagementFactory;

/** How many cells run at once, and what each may take: it follows from the machine's size and the options, never from what happens to be free. */
public final class Shares {
    private static final int MOST_JOBS = 16;
    private static final long BYTES_A_JOB = 4_000_000_000L;

    private Shares() {}

    /** One for each processor, where each has 4 GB of the machine's memory; at most 16. */
    static int jobs() {
        long memory =
                ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getTotalMemorySize();
        return (int) Math.clamp(memory / BYTES_A_JOB, 1, Math.min(MOST_JOBS, processors()));
    }

    /** @param threads of a cell; 0: as many as processors are left for each */
    public static MachineShare of(int jobs, int threads, long memory) {
        int given = jobs == 0 ? jobs() : jobs;
        return new MachineShare(threads == 0 ? Math.max(1, processors() / given) : threads, memory, given);
    }

    private static int processors() {
        return Runtime.getRuntime().availableProcessors();
    }
}
