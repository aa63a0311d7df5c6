package io.circuitscript.analysis;

import io.circuitscript.engine.ModelFetch;
import io.circuitscript.engine.RunOptions;
import io.circuitscript.engine.Transformer;
import io.circuitscript.engine.torch.EngineStart;
import io.circuitscript.engine.torch.Precision;
import io.circuitscript.io.FileHashes;
import io.circuitscript.model.Checkpoint;
import io.circuitscript.model.ModelFiles;
import io.circuitscript.model.hub.HubCache;
import io.circuitscript.model.hub.Revision;
import io.circuitscript.model.locate.ModelLocator;
import io.circuitscript.source.ErrorCode;
import io.circuitscript.source.UserError;
import java.io.IOException;
import java.io.Serializable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.WeakHashMap;
import java.util.stream.Stream;

/**
 * Where a model's files are, and what is in them, so that another process can load the same.
 *
 * @param name as the script has it
 * @param folder absolute; or a GGUF file
 * @param adapter the folder of the adapter that is merged into the weights; empty for none
 * @param hash of configuration, weights and adapter
 */
record ModelOrigin(String name, String folder, String adapter, Precision precision, String hash)
        implements Serializable {
    private static final Map<Transformer, ModelOrigin> KNOWN = new WeakHashMap<>();

    /** Of a loaded model. Its files are read once for their hash. */
    static synchronized ModelOrigin of(Transformer model) {
        return KNOWN.computeIfAbsent(model, it -> {
            Checkpoint.Origin from = it.origin();
            return new ModelOrigin(
                    from.name(),
                    from.folder().toAbsolutePath().toString(),
                    from.adapter().map(path -> path.toAbsolutePath().toString()).orElse(""),
                    it.precision(),
                    hash(from));
        });
    }

    private static String hash(Checkpoint.Origin of) {
        FileHashes hashes = new FileHashes();
        Map<String, Map<String, String>> parts = new TreeMap<>(ModelFiles.hashes(of.folder(), hashes));
        parts.remove("tokenizer"); // tokens come from where the script runs
        of.adapter().ifPresent(folder -> parts.put("adapter", adapter(folder, hashes)));
        return FileHashes.ofText(parts.toString());
    }

    private static Map<String, String> adapter(Path folder, FileHashes hashes) {
        Map<String, String> found = new TreeMap<>();
        try (Stream<Path> files = Files.list(folder)) {
            files.filter(Files::isRegularFile)
                    .filter(file -> file.getFileName().toString().startsWith("adapter_"))
                    .forEach(file -> found.put(file.getFileName().toString(), hashes.of(file)));
        } catch (IOException e) {
            throw UserError.input(
                    ErrorCode.FILE_UNREADABLE, "cannot read the folder " + folder, "see that it can be read");
        }
        return found;
    }

    /**
     * Loads it in this process.
     *
     * @param device where to, as {@code cpu} or {@code cuda:0}
     * @param threads of the CPU, also for what is computed of the weights
     * @param environment the process's variables, by which the hub and its cache are known
     * @throws UserError where it is not here, or another is
     */
    Transformer load(String device, int threads, Map<String, String> environment, RunOptions options) {
        Path place = place(device, environment, options);
        Optional<Path> merged = adapter.isEmpty() ? Optional.empty() : Optional.of(here(Path.of(adapter), "adapter"));
        String found = hash(new Checkpoint.Origin(name, place, merged));
        if (!found.equals(hash))
            throw UserError.input(
                    ErrorCode.MODEL_DIFFERS,
                    "the files of " + name + " in " + place + " on " + WorkerHost.name()
                            + " are not those that the script loaded",
                    "give all machines the same files, on a file system that all see or by a name and a revision of the hub");
        Checkpoint checkpoint = Checkpoint.open(name, place, merged);
        try (EngineStart engine = EngineStart.begin(device, options.unpacking())) {
            engine.require();
            if (device.equals("cpu")) Transformer.threads(threads);
            return Transformer.load(checkpoint, engine, precision, options);
        } catch (RuntimeException | Error e) {
            checkpoint.close();
            throw e;
        }
    }

    private Path place(String device, Map<String, String> environment, RunOptions options) {
        if (ModelLocator.BUNDLED.contains(name)) return located(name, Optional.empty(), device, environment, options);
        Path given = Path.of(folder);
        if (Files.exists(given)) return given;
        Optional<HubCache.Origin> hub = HubCache.originOf(given);
        if (hub.isPresent()) {
            Optional<Revision> commit = Optional.of(new Revision(hub.get().commit()));
            return located(hub.get().repository(), commit, device, environment, options);
        }
        return here(given, "model");
    }

    private Path located(
            String of,
            Optional<Revision> revision,
            String device,
            Map<String, String> environment,
            RunOptions options) {
        ModelLocator.SearchPath search =
                new ModelLocator.SearchPath(List.of(), Path.of("").toAbsolutePath(), environment);
        return ModelFetch.of(ModelLocator.find(of, revision, search), device, precision, options)
                .folder();
    }

    private Path here(Path path, String what) {
        if (Files.exists(path)) return path;
        throw UserError.input(
                ErrorCode.MODEL_MISSING,
                "the " + what + " " + path + " is not on " + WorkerHost.name(),
                "put it on a file system that all machines see, or load it by its name on the hub");
    }
}
