package io.circuitscript.engine;

import io.circuitscript.engine.torch.CudaDriver;
import io.circuitscript.engine.torch.Devices;
import io.circuitscript.engine.torch.InstalledPyTorch;
import io.circuitscript.engine.torch.NativeStart;
import io.circuitscript.engine.torch.Precision;
import io.circuitscript.engine.torch.Scope;
import io.circuitscript.engine.torch.Torch;
import java.util.ArrayList;
import java.util.List;

/**
 * What became of starting the engine as {@code load} would.
 *
 * @param library which PyTorch runs
 * @param device what it computes on where a script does not say
 * @param threads how many it uses on the CPU
 * @param notes what the choice of the device has to say
 */
public record EngineCheck(String library, String device, int threads, List<String> notes) {
    static final String BUNDLED = "the PyTorch that comes with the program";

    public EngineCheck {
        notes = List.copyOf(notes);
    }

    /**
     * Starts the engine and computes something small. The first time on a machine this unpacks the engine's libraries, which takes a while.
     *
     * @throws io.circuitscript.source.UserError where it does not start
     */
    public static EngineCheck start() {
        List<String> notes = new ArrayList<>();
        RunOptions options = new RunOptions(Progress.NONE, new CancelToken(), 0, 0, notes::add);
        try (Torch torch = Torch.on("auto", Precision.FLOAT32, notes::add);
                Scope scope = torch.scope()) {
            double[] back = torch.toHost(torch.numbers(scope, new double[] {1, 2}, 2));
            if (back[0] != 1 || back[1] != 2)
                throw new IllegalStateException("the engine returns numbers that differ from those it was given");
            return new EngineCheck(running(), torch.device(), MatrixRate.threads(), notes);
        }
    }

    /** Which PyTorch runs, once a model was loaded. */
    public static String running() {
        return NativeStart.running()
                .flatMap(Devices.Choice::pytorch)
                .map(InstalledPyTorch::phrase)
                .orElse(BUNDLED);
    }

    /** The machine's GPUs, for a message. */
    public static String gpus() {
        CudaDriver driver = CudaDriver.ask();
        if (driver.gpus() == 0) return driver.phrase();
        return driver.phrase() + " of "
                + String.join(
                        " and ",
                        driver.memory().stream()
                                .map(bytes -> (bytes >> 30) + " GB")
                                .toList());
    }

    /** Whether somebody could expect to compute on a GPU here. */
    public static boolean hasDriver() {
        return CudaDriver.ask().installed();
    }
}
