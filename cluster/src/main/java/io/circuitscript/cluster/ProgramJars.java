package io.circuitscript.cluster;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.jar.Manifest;

/** What this process runs from, for the processes that are to run the same. */
final class ProgramJars {
    private ProgramJars() {}

    /** The class path as it was given, in whole paths: for processes that see the same files. */
    static List<String> classPath() {
        return entries().map(Path::toString).toList();
    }

    /** Every jar of the program and of its libraries, also those that only another jar names; without Spark's own, which an executor has. */
    static List<String> toShip() {
        Set<Path> jars = new LinkedHashSet<>();
        entries().forEach(entry -> add(entry, jars));
        return jars.stream()
                .filter(jar -> !jar.getParent().endsWith(Path.of("spark", "jars")))
                .filter(jar -> !jar.getFileName().toString().startsWith("slf4j-"))
                .map(jar -> jar.toUri().toString())
                .toList();
    }

    private static java.util.stream.Stream<Path> entries() {
        return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(entry -> !entry.isEmpty())
                .map(entry -> Path.of(entry).toAbsolutePath().normalize());
    }

    private static void add(Path jar, Set<Path> jars) {
        if (!jar.toString().endsWith(".jar") || !Files.isRegularFile(jar) || !jars.add(jar)) return;
        try (JarFile open = new JarFile(jar.toFile())) {
            Manifest manifest = open.getManifest();
            String more = manifest == null ? null : manifest.getMainAttributes().getValue(Attributes.Name.CLASS_PATH);
            if (more == null) return;
            for (String other : more.split(" +")) {
                URI place = jar.toUri().resolve(other);
                if ("file".equals(place.getScheme())) add(Path.of(place), jars);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
