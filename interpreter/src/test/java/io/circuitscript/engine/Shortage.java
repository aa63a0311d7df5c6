package io.circuitscript.engine;

import ai.djl.engine.EngineException;
import java.util.function.IntPredicate;

/** Makes a model's memory short: operations that the native library would refuse fail as they do there. */
public final class Shortage {
    /** As PyTorch 2.7 says it on a CPU, from within a TorchScript operation. */
    private static final String REFUSAL = """
            The following operation failed in the TorchScript interpreter.
            Traceback of TorchScript, serialized code (most recent call last):
              File "code/__torch__.py", line 7, in embed
            RuntimeError: [enforce fail at alloc_cpu.cpp:118] err == 0. DefaultCPUAllocator: can't allocate memory: you tried to allocate 400000000000 bytes.\
             Error code 12 (Cannot allocate memory)
            """;

    private Shortage() {}

    /** @param refused which operations fail, counted from 0 */
    public static void of(Transformer model, IntPredicate refused) {
        int[] count = {0};
        model.torch().setBefore(operation -> {
            if (refused.test(count[0]++)) throw new EngineException(REFUSAL);
        });
    }

    /** How many operations some work takes. */
    public static int operations(Transformer model, Runnable work) {
        int[] count = {0};
        model.torch().setBefore(operation -> count[0]++);
        work.run();
        end(model);
        return count[0];
    }

    public static void end(Transformer model) {
        model.torch().setBefore(operation -> {});
    }
}
