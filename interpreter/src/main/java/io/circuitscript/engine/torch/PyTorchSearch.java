package io.circuitscript.engine.torch;

import io.circuitscript.source.ErrorCode;
import io.circuitscript.source.UserError;
import java.io.File;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Looks for PyTorch where pip and conda put it, by files alone: no Python is started. */
final class PyTorchSearch {
    private static final Pattern PYTHON = Pattern.compile("python3\\.(\\d+)");

    private final Map<String, String> environment;

    PyTorchSearch(Map<String, String> environment) {
        this.environment = environment;
    }

    /**
     * The one that a variable names: PYTORCH_LIBRARY_PATH (the folder of the libraries, as DJL takes it) or CIRCUIT_PYTORCH (that, or the package's).
     *
     * @throws UserError where one is named and is not there
     */
    Optional<InstalledPyTorch> named() {
        for (String variable : List.of("PYTORCH_LIBRARY_PATH", "CIRCUIT_PYTORCH")) {
            String value = environment.getOrDefault(variable, "");
            if (value.isBlank()) continue;
            for (String folder : value.split(File.pathSeparator)) {
                Optional<InstalledPyTorch> found = path(folder).flatMap(InstalledPyTorch::in);
                if (found.isPresent()) return found;
            }
            throw new UserError(
                    UserError.Kind.UNAVAILABLE,
                    ErrorCode.NO_PYTORCH,
                    variable + " is " + value + ", and there is no PyTorch",
                    List.of(),
                    "name the folder `torch` of an installed PyTorch, or unset it to have one looked for");
        }
        return Optional.empty();
    }

    /** All that are installed: the active environment's first, then those of the python that the PATH finds, newer Pythons first. */
    List<InstalledPyTorch> installed() {
        Set<Path> prefixes = new LinkedHashSet<>();
        for (String variable : List.of("VIRTUAL_ENV", "CONDA_PREFIX"))
            path(environment.getOrDefault(variable, "")).ifPresent(prefixes::add);
        pythonOnPath(prefixes);
        // Where `pip install --user` puts it.
        path(environment.getOrDefault("HOME", "")).ifPresent(home -> prefixes.add(home.resolve(".local")));
        Set<Path> packages = new LinkedHashSet<>();
        for (Path prefix : prefixes) {
            for (String lib : List.of("lib", "lib64")) addPackages(packages, prefix.resolve(lib));
        }
        return packages.stream()
                .map(InstalledPyTorch::in)
                .flatMap(Optional::stream)
                .toList();
    }

    /** {@code bin/python3} is often a link: what an environment holds lies beside the link, what the system holds beside its end. */
    private void pythonOnPath(Set<Path> prefixes) {
        for (String folder : environment.getOrDefault("PATH", "").split(File.pathSeparator)) {
            for (String name : List.of("python3", "python")) {
                Optional<Path> python = path(folder).map(it -> it.resolve(name)).filter(Files::isExecutable);
                if (python.isEmpty()) continue;
                addPrefix(prefixes, python.get().toAbsolutePath());
                try {
                    addPrefix(prefixes, python.get().toRealPath());
                } catch (IOException broken) {
                    // Then only what lies beside the link counts.
                }
                return;
            }
        }
    }

    private static void addPrefix(Set<Path> prefixes, Path python) {
        Path bin = python.getParent();
        if (bin == null || bin.getParent() == null) return;
        prefixes.add(bin.getParent());
        // Debian's python, in /usr, looks in /usr/local first.
        prefixes.add(bin.getParent().resolve("local"));
    }

    private static void addPackages(Set<Path> packages, Path lib) {
        List<Path> pythons = new ArrayList<>();
        try (DirectoryStream<Path> found = Files.newDirectoryStream(lib, "python3*")) {
            found.forEach(pythons::add);
        } catch (IOException notThere) {
            return;
        }
        pythons.sort(Comparator.comparingInt(PyTorchSearch::minor).reversed().thenComparing(Comparator.naturalOrder()));
        for (Path python : pythons) {
            for (String site : List.of("site-packages", "dist-packages"))
                packages.add(python.resolve(site).resolve("torch").normalize());
        }
    }

    private static int minor(Path python) {
        Matcher name = PYTHON.matcher(python.getFileName().toString());
        return name.matches() ? Integer.parseInt(name.group(1)) : -1;
    }

    private static Optional<Path> path(String name) {
        try {
            return name.isBlank() ? Optional.empty() : Optional.of(Path.of(name.strip()));
        } catch (InvalidPathException e) {
            return Optional.empty();
        }
    }
}
