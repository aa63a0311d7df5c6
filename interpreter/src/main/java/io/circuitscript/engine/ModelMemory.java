package io.circuitscript.engine;

import io.circuitscript.engine.torch.CudaDriver;
import io.circuitscript.engine.torch.Precision;
import io.circuitscript.model.Checkpoint;
import io.circuitscript.model.ModelConfig;
import io.circuitscript.model.ModelSize;
import io.circuitscript.model.hub.ByteSize;
import io.circuitscript.source.ErrorCode;
import io.circuitscript.source.UserError;
import java.util.List;
import java.util.Optional;

/** What a model's weights take on a device, beside what the device has. */
final class ModelMemory {
    /** A model that takes less is nothing to speak of. */
    private static final long WORTH_SAYING = 1_000_000_000L;

    private ModelMemory() {}

    /** Of the blocks' matrices in the precision asked for, of all else in what streams are in. */
    static long bytes(ModelSize size, Precision precision) {
        return size.inBlocks() * precision.size()
                + size.outsideBlocks() * precision.wide().size();
    }

    /**
     * Says what a large model needs.
     *
     * @throws UserError where the device's memory is too small for its weights, whatever else is in it
     */
    static void check(Checkpoint checkpoint, Precision precision, String device, RunOptions options) {
        long wanted = bytes(checkpoint.size(), precision);
        long there = MemoryBudget.ofDevice(device);
        String name = checkpoint.config().name();
        require(name, wanted, there, device, precision);
        if (wanted < WORTH_SAYING) return;
        String what = name + ": weights of " + ByteSize.text(wanted) + " in " + precision.word();
        options.notes().accept(what + "; " + device + " has " + ByteSize.text(there));
    }

    /**
     * The same before anything is fetched, by the configuration alone.
     *
     * @param word the device as a script names it
     */
    static void check(ModelConfig config, Precision precision, String word) {
        long machine = MemoryBudget.ofDevice("cpu");
        Optional<Long> gpu = word.equals("cpu")
                ? Optional.empty()
                : CudaDriver.ask().memory().stream().max(Long::compare);
        long there = Math.max(machine, gpu.orElse(0L));
        require(
                config.name(),
                bytes(ModelSize.of(config), precision),
                there,
                gpu.isPresent() ? "this machine" : "cpu",
                precision);
    }

    private static void require(String name, long wanted, long there, String device, Precision precision) {
        if (wanted <= there) return;
        boolean full = precision.size() > 2;
        throw new UserError(
                UserError.Kind.FAILURE,
                ErrorCode.MODEL_TOO_LARGE,
                name + " takes " + ByteSize.text(wanted) + " for its weights in " + precision.word() + ", and " + device
                        + " has " + ByteSize.text(there),
                List.of(),
                full
                        ? "dtype=bfloat16 takes about half of float32's; else take a smaller model, or a larger machine"
                        : "take a smaller model, or a larger machine");
    }
}
