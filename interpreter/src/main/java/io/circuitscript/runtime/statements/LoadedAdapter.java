package io.circuitscript.runtime.statements;

import io.circuitscript.model.Adapter;
import io.circuitscript.model.Gguf;
import io.circuitscript.model.locate.ModelLocator;
import io.circuitscript.runtime.evaluate.Arguments;
import io.circuitscript.runtime.files.ScriptFiles;
import io.circuitscript.source.ErrorCode;
import io.circuitscript.source.UserError;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** Which adapter {@code load} is asked to merge, and into which base model. */
final class LoadedAdapter {
    private LoadedAdapter() {}

    /** The folder that is taken as an adapter's: the one that is given, or the model's where it holds one and no model. */
    static Optional<Path> folder(Arguments arguments, ScriptFiles files) {
        boolean given = arguments.given("adapter") && !arguments.text("adapter").equals("none");
        Optional<String> name = given
                ? Optional.of(arguments.text("adapter"))
                : alone(arguments, files).map(_ -> arguments.text("model"));
        if (name.isEmpty()) return Optional.empty();
        return Optional.of(arguments.at(given ? "adapter" : "model", () -> {
            if (name.get().isBlank()) {
                throw UserError.missing(
                        ErrorCode.ADAPTER,
                        "the name of the adapter's folder is empty",
                        "give it, or leave adapter= out");
            }
            Path folder = ModelLocator.path(name.get(), files.readFolder()).orElseThrow();
            if (Adapter.in(folder).isEmpty()) {
                throw UserError.missing(
                        ErrorCode.ADAPTER,
                        name.get() + " is not the folder of an adapter: it has no " + Adapter.CONFIG,
                        (Gguf.is(folder) ? "adapters in GGUF form are not merged here: " : "")
                                + "give the folder that peft's save_pretrained wrote");
            }
            // Its files are this run's as data are: records and locks hold their hashes.
            for (String file : List.of(Adapter.CONFIG, Adapter.WEIGHTS)) {
                if (Files.isRegularFile(folder.resolve(file))) files.toRead(name.get() + "/" + file);
            }
            return folder;
        }));
    }

    /** The adapter where the model is a folder that holds one, and no model. */
    static Optional<Adapter> alone(Arguments arguments, ScriptFiles files) {
        String model = arguments.text("model");
        return arguments.at("model", () -> {
            if (model.isBlank()) {
                throw UserError.missing(
                        ErrorCode.MODEL_MISSING, "the model's name is empty", "name a model, as in load demo");
            }
            return ModelLocator.path(model, files.readFolder())
                    .filter(Files::isDirectory)
                    .flatMap(Adapter::aloneIn);
        });
    }

    /** Does what takes a model: where an adapter alone is given, what is missing is missing of its base model. */
    static <T> T ofBase(Arguments arguments, ScriptFiles files, Supplier<T> work) {
        try {
            return work.get();
        } catch (UserError e) {
            boolean missing = e.kind() == UserError.Kind.MISSING || e.kind() == UserError.Kind.UNAVAILABLE;
            Optional<Adapter> alone = missing ? alone(arguments, files) : Optional.empty();
            if (alone.isEmpty()) throw e;
            throw alone.get().without(arguments.text("model"), e);
        }
    }

    /** @param base the folder of the model that an adapter that is given alone names */
    static void refuseAsBase(Arguments arguments, ScriptFiles files, Path base) {
        Optional<Adapter> alone = alone(arguments, files);
        if (alone.isEmpty() || Adapter.aloneIn(base).isEmpty()) return;
        String model = arguments.text("model");
        throw alone.get().onAdapter(model, same(base, ModelLocator.path(model, files.readFolder())));
    }

    private static boolean same(Path folder, Optional<Path> other) {
        Path whole = folder.toAbsolutePath().normalize();
        return other.filter(it -> it.toAbsolutePath().normalize().equals(whole)).isPresent();
    }

    /** The name of the model whose weights are loaded: what is given, or what the adapter that is given was trained on. */
    static String base(Arguments arguments, ScriptFiles files) {
        Optional<Adapter> alone = alone(arguments, files);
        String model = arguments.text("model");
        if (alone.isEmpty()) return model;
        if (arguments.given("adapter")) {
            boolean itself = ModelLocator.path(model, files.readFolder())
                    .filter(it -> same(it, ModelLocator.path(arguments.text("adapter"), files.readFolder())))
                    .isPresent();
            throw itself ? Adapter.ownBase(model) : alone.get().alone(Path.of(model));
        }
        if (!alone.get().merges()) throw alone.get().alone(Path.of(model));
        if (alone.get().base().isEmpty()) throw alone.get().baseless(model);
        return alone.get().base();
    }
}
