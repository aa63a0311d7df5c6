package io.circuitscript.engine.torch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OutOfDeviceMemoryTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "RuntimeError: CUDA out of memory. Tried to allocate 20.00 GiB. GPU 0 has a total capacity of 139.80 GiB of which 3.40 GiB is free.",
                "CUDA error: out of memory\nCUDA kernel errors might be asynchronously reported at some other API call",
                "CUDA error: CUBLAS_STATUS_ALLOC_FAILED when calling `cublasCreate(handle)`",
                "cudaErrorMemoryAllocation: allocation failed",
                "[enforce fail at alloc_cpu.cpp:118] err == 0. DefaultCPUAllocator: can't allocate memory: you tried to allocate 8 bytes.",
                "DefaultCPUAllocator: not enough memory: you tried to allocate 8 bytes.",
                "std::bad_alloc",
            })
    void saysThatMemoryIsShort(String message) {
        assertTrue(OutOfDeviceMemory.isMeant(message));
        assertEquals(
                message.lines().findFirst().orElseThrow(),
                new OutOfDeviceMemory("Traceback of TorchScript:\n" + message).getMessage());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "CUDA error: an illegal memory access was encountered",
                "The size of tensor a (3) must match the size of tensor b (4)"
            })
    void saysSomethingElse(String message) {
        assertFalse(OutOfDeviceMemory.isMeant(message));
    }

    /** What no machine has: the library refuses, and goes on. */
    @Test
    void theLibraryItselfRefuses() {
        try (Torch torch = Torch.on("cpu", Precision.FLOAT32, note -> {});
                Scope scope = torch.scope()) {
            Tensor one = torch.numbers(scope, new double[] {1}, 1);
            int much = 1 << 20;
            assertThrows(OutOfDeviceMemory.class, () -> torch.zeros(scope, one, new int[] {much, much, much}));
            assertThrows(OutOfDeviceMemory.class, () -> torch.zeros(scope, one, new int[] {much, much, 64}));
            assertEquals(1, torch.liveTensors());
            assertEquals(1, torch.toHost(one)[0]);
        }
    }
}
