package io.circuitscript.cluster;

import java.util.Map;
import org.apache.spark.TaskContext;
import org.apache.spark.resource.ResourceInformation;

/** The device that a task computes on: the GPU that Spark assigned to it, else the CPU. */
public final class ExecutorDevice {
    private static final String GPU = "gpu";

    private ExecutorDevice() {}

    /** @return as {@code load … device=} takes it: {@code cpu}, {@code cuda:1} */
    public static String of(TaskContext task) {
        return of(task.resourcesJMap());
    }

    static String of(Map<String, ResourceInformation> resources) {
        ResourceInformation gpus = resources.get(GPU);
        if (gpus == null || gpus.addresses().length == 0) return "cpu";
        String address = gpus.addresses()[0].strip();
        // Where a GPU is assigned by an identifier, as a part of one is, the process sees no other.
        return address.matches("\\d{1,3}") ? "cuda:" + address : "cuda";
    }
}
