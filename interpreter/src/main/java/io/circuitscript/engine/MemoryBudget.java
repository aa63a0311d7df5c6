package io.circuitscript.engine;

import com.sun.management.OperatingSystemMXBean;
import io.circuitscript.engine.torch.CudaDriver;
import java.lang.management.ManagementFactory;

/**
 * How much memory a batch may take: what was asked for, else an eighth of the device's, at least 1 GB, divided among the runs that share the
 * device. Never what happens to be free.
 */
public final class MemoryBudget {
    private static final long LEAST = 1_000_000_000L;
    private static final long LEAST_OF_A_SHARE = 64 << 20;

    private MemoryBudget() {}

    /** @param device {@code cpu} or {@code cuda:0} */
    public static long bytes(RunOptions options, String device) {
        if (options.memory() > 0) return options.memory();
        long whole = Math.max(LEAST, ofDevice(device) / 8);
        return options.share() == 1 ? whole : Math.max(LEAST_OF_A_SHARE, whole / options.share());
    }

    /** The memory that it has, be it free or not. */
    static long ofDevice(String device) {
        if (device.equals("cpu"))
            return ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class)
                    .getTotalMemorySize();
        return CudaDriver.ask().memory().get(Integer.parseInt(device.substring("cuda:".length())));
    }
}
