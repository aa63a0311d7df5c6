package io.circuitscript.engine;

import ai.djl.engine.Engine;
import io.circuitscript.engine.torch.Devices;
import io.circuitscript.engine.torch.InstalledPyTorch;
import io.circuitscript.engine.torch.NativeStart;

/**
 * The engine that runs, as a record of a run names it.
 *
 * @param djl the version of the library between this program and PyTorch
 * @param pytorch the version of PyTorch; that of the bindings where it says none itself
 * @param library which PyTorch it is
 * @param threads how many threads an operation uses on the CPU
 */
public record EngineVersions(String djl, String pytorch, String library, int threads) {
    /** Once a model was loaded: which engine runs is known only then. */
    public static EngineVersions ofRunning() {
        Devices.Choice choice =
                NativeStart.running().orElseThrow(() -> new IllegalStateException("no engine is running yet"));
        String pytorch = choice.pytorch()
                .map(InstalledPyTorch::version)
                .filter(it -> !it.isEmpty())
                .orElseGet(NativeStart::bindingsVersion);
        String library = choice.pytorch().map(InstalledPyTorch::phrase).orElse(EngineCheck.BUNDLED);
        return new EngineVersions(Engine.getDjlVersion(), pytorch, library, MatrixRate.threads());
    }
}
