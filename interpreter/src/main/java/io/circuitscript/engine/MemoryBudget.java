package io.circuitscript.engine;

import com.sun.management.OperatingSystemMXBean;
import io.circuitscript.engine.torch.CudaDriver;
import java.lang.management.ManagementFactory;

/** How much memory a batch may take: what was asked for, else an eighth of the device's, at least 1 GB. Never what happens to be free. */
public final class MemoryBudget {
    private static final long LEAST = 1_000_000_000L;

    private MemoryBudget() {}

    /** @param device {@code cpu} or {@code cuda:0} */
    public static long bytes(RunOptions options, String device) {
        if (options.memory() > 0) return options.memory();
        return Math.max(LEAST, ofDevice(device) / 8);
    }

    /** The memory that it has, be it free or not. */
    static long ofDevice(String device) {
        if (device.equals("cpu"))
            return ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class)
                    .getTotalMemorySize();
        return CudaDriver.ask().memory().get(Integer.parseInt(device.substring("cuda:".length())));
    }
}
