package io.circuitscript.engine;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;

/** How much memory a batch may take: what was asked for, else an eighth of the machine's, at least 1 GB. Never what happens to be free. */
public final class MemoryBudget {
    private static final long LEAST = 1_000_000_000L;

    private MemoryBudget() {}

    public static long bytes(RunOptions options) {
        if (options.memory() > 0) return options.memory();
        OperatingSystemMXBean machine = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
        return Math.max(LEAST, machine.getTotalMemorySize() / 8);
    }
}
