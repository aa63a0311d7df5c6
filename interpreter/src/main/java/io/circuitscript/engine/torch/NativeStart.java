package io.circuitscript.engine.torch;

import ai.djl.engine.Engine;
import ai.djl.engine.EngineException;
import io.circuitscript.model.natives.NativeLibraries;
import io.circuitscript.model.natives.UnpackingWatch;
import io.circuitscript.source.ErrorCode;
import io.circuitscript.source.UserError;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;
import java.util.Properties;

/** Starts PyTorch's native library, once in a process: which one it is, and whether it knows a GPU, cannot change afterwards. */
public final class NativeStart {
    private static Optional<Devices.Choice> running = Optional.empty();

    private NativeStart() {}

    /** What the library was started for, where it was. */
    public static synchronized Optional<Devices.Choice> running() {
        return running;
    }

    /** Starts the library that a choice of device needs, where none is running yet. */
    static synchronized void start(Devices.Choice choice, UnpackingWatch watch) {
        if (running.isPresent()) return;
        System.setProperty("ai.djl.pytorch.graph_optimizer", "false");
        choice.pytorch()
                .ifPresentOrElse(
                        pytorch -> tell(pytorch, choice.cuda(), watch), () -> NativeLibraries.preparePyTorch(watch));
        try {
            Engine.getEngine("PyTorch");
        } catch (EngineException | LinkageError e) {
            throw unavailable(choice, e);
        }
        running = Optional.of(choice);
    }

    /**
     * Tells DJL where an installed PyTorch is, and which of its bindings fit: it would take the version and the CUDA of the bindings from the network
     * otherwise. There is one flavour of them for CUDA 12; they call nothing of CUDA themselves. What the user set stays.
     */
    private static void tell(InstalledPyTorch pytorch, boolean cuda, UnpackingWatch watch) {
        String flavor = cuda ? "cu128" : "cpu";
        NativeLibraries.prepareBindings(bindingsVersion(), flavor, watch);
        NativeLibraries.setWhereUnset(
                "PYTORCH_LIBRARY_PATH", pytorch.libraries().toAbsolutePath().toString());
        NativeLibraries.setWhereUnset("PYTORCH_VERSION", bindingsVersion());
        NativeLibraries.setWhereUnset("PYTORCH_FLAVOR", flavor);
    }

    /** The PyTorch version that the bindings on the class path were built with. */
    public static String bindingsVersion() {
        try (InputStream in = Engine.class.getResourceAsStream("/jnilib/pytorch.properties")) {
            if (in == null) throw new IllegalStateException("the bindings do not say their version");
            Properties properties = new Properties();
            properties.load(in);
            return properties.getProperty("jni_version").split("-")[0];
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static UserError unavailable(Devices.Choice choice, Throwable e) {
        Throwable cause = e;
        while (cause.getCause() != null) cause = cause.getCause();
        String what = choice.pytorch().map(InstalledPyTorch::phrase).orElse("PyTorch's native library");
        String help = choice.pytorch().isEmpty()
                ? "it is loaded from the cache folder: set CIRCUIT_CACHE to one on a disk from which programs may run"
                : choice.cuda()
                        ? "device=cpu does without it; version " + InstalledPyTorch.TESTED
                                + "x is what this program is built for"
                        : "unset the variable that names it, and the one that comes with the program is taken";
        return new UserError(
                UserError.Kind.UNAVAILABLE,
                ErrorCode.ENGINE_UNAVAILABLE,
                what + " does not start: " + cause.getMessage(),
                List.of(),
                help);
    }
}
