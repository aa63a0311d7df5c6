package io.circuitscript.engine.torch;

import io.circuitscript.model.natives.UnpackingWatch;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/**
 * A start of PyTorch's native library for a device, under way beside what its caller does meanwhile: it takes half a second, and so does all else
 * that loading a model needs. Closing it waits for its end: a process must not end while a library is being loaded.
 */
public final class EngineStart implements AutoCloseable {
    private final CompletableFuture<Devices.Choice> started;

    private EngineStart(CompletableFuture<Devices.Choice> started) {
        this.started = started;
    }

    /**
     * @param device {@code auto}, {@code cpu}, {@code cuda} or {@code cuda:1}
     * @param watch asked and told, from another thread, while another process unpacks the library
     */
    public static EngineStart begin(String device, UnpackingWatch watch) {
        return new EngineStart(CompletableFuture.supplyAsync(
                () -> {
                    Devices.Choice choice = Devices.ofMachine().choose(device, NativeStart.running());
                    NativeStart.start(choice, watch);
                    return choice;
                },
                task -> Thread.ofPlatform().daemon().name("engine").start(task)));
    }

    /**
     * The device that it is, once the library runs.
     *
     * @throws io.circuitscript.source.UserError where the device is not there, or the library does not start
     */
    Devices.Choice await() {
        try {
            return started.join();
        } catch (CompletionException e) {
            switch (e.getCause()) {
                case RuntimeException cause -> throw cause;
                case Error cause -> throw cause;
                default -> throw e;
            }
        }
    }

    /**
     * Waits for the library.
     *
     * @throws io.circuitscript.source.UserError where the device is not there, or the library does not start
     */
    public void require() {
        await();
    }

    @Override
    public void close() {
        started.exceptionally(failed -> null).join();
    }
}
