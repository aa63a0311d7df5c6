package io.circuitscript.engine.torch;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A PyTorch that is on this machine: one of pip or conda, or an unpacked libtorch.
 *
 * @param libraries the folder with libtorch
 * @param version as {@code 2.7.1+cu126}; empty where nothing says it
 * @param forCuda whether it was built for CUDA
 */
public record InstalledPyTorch(Path libraries, String version, boolean forCuda) {
    /** What the bindings were built with; its C++ interface is the same in its patches. */
    static final String TESTED = "2.7.";

    private static final Pattern VERSION = Pattern.compile("(?m)^__version__\\s*=\\s*['\"]([^'\"]+)['\"]");

    /** The one in a folder: a package {@code torch}, an unpacked libtorch, or the {@code lib} of either. */
    static Optional<InstalledPyTorch> in(Path folder) {
        Path inside = folder.resolve("lib");
        Path libraries = isLibraries(inside) ? inside : folder;
        if (!isLibraries(libraries)) return Optional.empty();
        return Optional.of(new InstalledPyTorch(
                libraries, version(libraries), has(libraries, "torch_cuda") && has(libraries, "c10_cuda")));
    }

    private static boolean isLibraries(Path folder) {
        return has(folder, "torch");
    }

    private static boolean has(Path folder, String library) {
        return Files.isRegularFile(folder.resolve(System.mapLibraryName(library)));
    }

    /** A package says its version in version.py, an unpacked libtorch in build-version; both are read as text. */
    private static String version(Path libraries) {
        Path above = libraries.toAbsolutePath().normalize().getParent();
        if (above == null) return "";
        Matcher python = VERSION.matcher(text(above.resolve("version.py")));
        return python.find()
                ? python.group(1)
                : text(above.resolve("build-version")).strip();
    }

    private static String text(Path file) {
        try {
            return Files.isRegularFile(file) ? Files.readString(file) : "";
        } catch (IOException unreadable) {
            return "";
        }
    }

    boolean tested() {
        return version.startsWith(TESTED);
    }

    /** For messages. */
    public String phrase() {
        return "PyTorch " + (version.isEmpty() ? "of unknown version" : version) + " in " + libraries;
    }
}
