package io.circuitscript.model.natives;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;

/**
 * What DJL must be told before any class of it starts, and the native libraries that it loads. They are unpacked here and not by DJL, which would take
 * whatever lies where it looks.
 */
public final class NativeLibraries {
    /** Where libraries are unpacked to in the cache folder. */
    private static final List<String> OURS = List.of("pytorch", "tokenizers", "jna");

    /** What the archive of the PyTorch that comes with the program says of it. */
    private static final String BUNDLED = "native/lib/pytorch.properties";

    private NativeLibraries() {}

    /**
     * Keeps DJL from calling home, from fetching a GPU flavour of the tokenizer's library, which needs no GPU, and from unpacking anything elsewhere. What the
     * user set stays.
     *
     * @return the cache folder
     */
    private static Path prepare(UnpackingWatch watch) {
        setWhereUnset("OPT_OUT_TRACKING", "true");
        setWhereUnset("RUST_FLAVOR", "cpu");
        Path cache = NativeCache.open(System.getenv(), watch.notes());
        for (String name : OURS) PrivateFolder.requireOwn(cache.resolve(name));
        setWhereUnset("ENGINE_CACHE_DIR", cache.toString());
        setWhereUnset("DJL_CACHE_DIR", cache.toString());
        // JNA, which DJL asks the graphics driver with, unpacks its library anew each time.
        setWhereUnset("jna.tmpdir", cache.resolve("jna").toString());
        return cache;
    }

    public static void setWhereUnset(String name, String value) {
        if (System.getenv(name) == null && System.getProperty(name) == null) System.setProperty(name, value);
    }

    /** Unpacks the tokenizer's library, and tells DJL where it is. */
    public static void prepareTokenizers(UnpackingWatch watch) {
        Path cache = prepare(watch);
        if (System.getenv("RUST_LIBRARY_PATH") != null) return;
        String classifier = classifier();
        String version = properties("native/lib/tokenizers.properties").getProperty("version");
        String library = System.mapLibraryName("tokenizers");
        String folder = "tokenizers/" + version + "-cpu-" + classifier;
        Path unpacked = new UnpackedLibraries(cache, folder)
                .of(Map.of(library, "native/lib/" + classifier + "/cpu/" + library), watch);
        System.setProperty("RUST_LIBRARY_PATH", unpacked.resolve(library).toString());
    }

    /** Unpacks the PyTorch that comes with the program and its bindings, and tells DJL where they are. */
    public static void preparePyTorch(UnpackingWatch watch) {
        Path cache = prepare(watch);
        Properties bundled = properties(BUNDLED);
        String flavor = bundled.getProperty("flavor");
        String classifier = bundled.getProperty("classifier");
        Map<String, String> resources = new LinkedHashMap<>();
        for (String library : bundled.getProperty("libraries").split(","))
            resources.put(library, "pytorch/" + flavor + "/" + classifier + "/" + library);
        addBindings(resources, flavor, classifier);
        String folder = "pytorch/" + bundled.getProperty("version") + "-" + flavor + "-" + classifier;
        setWhereUnset(
                "PYTORCH_LIBRARY_PATH",
                new UnpackedLibraries(cache, folder).of(resources, watch).toString());
        setWhereUnset("PYTORCH_FLAVOR", flavor);
    }

    /** Whether a PyTorch comes with the program. A released archive may be without. */
    public static boolean hasPyTorch() {
        return NativeLibraries.class.getClassLoader().getResource(BUNDLED) != null;
    }

    /** What DJL calls the system that the program was built for: as the PyTorch is called that the build saw, even where it is not here. */
    private static String classifier() {
        if (hasPyTorch()) return properties(BUNDLED).getProperty("classifier");
        return NativeHashes.read().keySet().stream()
                .filter(it -> it.startsWith("pytorch/"))
                .map(it -> it.split("/")[2])
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("the build has seen no PyTorch"));
    }

    /** Unpacks the bindings of an installed PyTorch, where DJL looks for them. */
    public static void prepareBindings(String version, String flavor, UnpackingWatch watch) {
        String classifier = classifier();
        Map<String, String> resources = new LinkedHashMap<>();
        addBindings(resources, flavor, classifier);
        new UnpackedLibraries(prepare(watch), "pytorch/" + version + "-" + flavor + "-" + classifier)
                .of(resources, watch);
    }

    private static void addBindings(Map<String, String> resources, String flavor, String classifier) {
        String djl = properties("jnilib/pytorch.properties")
                .getProperty("jni_version")
                .split("-")[1];
        String library = System.mapLibraryName("djl_torch");
        resources.put(djl + "-" + library, "jnilib/" + classifier + "/" + flavor + "/" + library);
    }

    private static Properties properties(String resource) {
        Properties properties = new Properties();
        try (InputStream in = NativeLibraries.class.getClassLoader().getResourceAsStream(resource)) {
            if (in == null) throw new IllegalStateException("the class path has no " + resource);
            properties.load(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return properties;
    }
}
