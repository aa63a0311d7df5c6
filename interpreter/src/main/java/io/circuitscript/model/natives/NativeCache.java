package io.circuitscript.model.natives;

import io.circuitscript.io.UserHome;
import io.circuitscript.source.ErrorCode;
import io.circuitscript.source.UserError;
import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** The folder that native libraries are unpacked into and loaded from: the one that a variable names, else one in the user's own cache. */
public final class NativeCache {
    static final String WAY_OUT = "set CIRCUIT_CACHE to a folder that belongs to you";

    /** The engine's own variable, and ours. */
    private static final List<String> NAMED = List.of("ENGINE_CACHE_DIR", "CIRCUIT_CACHE");

    private NativeCache() {}

    /**
     * Where it is, or would be made.
     *
     * @throws UserError where no home is known for it
     */
    public static Path folder(Map<String, String> environment) {
        return named(environment).orElseGet(() -> caches(environment).resolve("circuitscript"));
    }

    private static Optional<Path> named(Map<String, String> environment) {
        return NAMED.stream()
                .map(name -> environment.getOrDefault(name, ""))
                .filter(it -> !it.isBlank())
                .findFirst()
                .map(NativeCache::path);
    }

    private static Path caches(Map<String, String> environment) {
        String caches = environment.getOrDefault("XDG_CACHE_HOME", "");
        if (caches.startsWith("/")) return path(caches); // a relative one is to be ignored, as its makers say
        return UserHome.of(environment)
                .orElseThrow(() -> UserHome.missing(
                        "native libraries are unpacked into your home folder, which is not known",
                        "set HOME, or " + WAY_OUT))
                .resolve(".cache");
    }

    private static Path path(String name) {
        try {
            return Path.of(name).toAbsolutePath().normalize();
        } catch (InvalidPathException e) {
            throw UserError.input(
                    ErrorCode.LIBRARIES_NOT_UNPACKED,
                    "the cache folder cannot be " + name + ": " + e.getReason(),
                    WAY_OUT);
        }
    }

    /**
     * The folder itself, made where it is missing. Libraries that were unpacked there while others could write to it are taken away.
     *
     * @param notes told of that
     * @throws UserError where others could change what is in it
     */
    public static synchronized Path open(Map<String, String> environment, Consumer<String> notes) {
        Path folder = folder(environment);
        if (PrivateFolder.make(folder, named(environment).isEmpty())) return folder;
        try {
            List<Path> cleared = UnpackedLibraries.clear(folder);
            if (!cleared.isEmpty())
                notes.accept("others could write to " + folder + ": native libraries are unpacked anew");
        } catch (IOException e) {
            String message = "others could write to " + folder + ", and what was unpacked there cannot be taken away: "
                    + PrivateFolder.reason(e);
            throw UserError.failure(ErrorCode.LIBRARIES_NOT_UNPACKED, message, WAY_OUT);
        }
        return folder;
    }
}
