package io.circuitscript.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Map;
import org.apache.spark.resource.ResourceInformation;
import org.junit.jupiter.api.Test;

/** The device that a task takes. */
final class ExecutorDeviceTest {
    private static String device(String... addresses) {
        return ExecutorDevice.of(Map.of("gpu", new ResourceInformation("gpu", addresses)));
    }

    @Test
    void isTheGpuThatSparkAssigned() {
        assertEquals("cpu", ExecutorDevice.of(Map.of()));
        assertEquals("cpu", device());
        assertEquals("cpu", ExecutorDevice.of(Map.of("fpga", new ResourceInformation("fpga", new String[] {"0"}))));
        assertEquals("cuda:0", device("0"));
        assertEquals("cuda:3", device("3", "4"));
        assertEquals("cuda", device("MIG-4f2c"));
    }
}
