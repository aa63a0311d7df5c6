package io.circuitscript.model;

import io.circuitscript.source.ErrorCode;
import io.circuitscript.source.PythonText;
import io.circuitscript.source.UserError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** llama.cpp's format, in which a model is one file: not read yet. */
public final class Gguf {
    private Gguf() {}

    /** Whether a file's name is one of this format. */
    public static boolean isNameOf(String file) {
        return file.toLowerCase(Locale.ROOT).endsWith(".gguf");
    }

    /** The first such file of a folder. */
    static Optional<Path> in(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> isNameOf(file.getFileName().toString()))
                    .sorted()
                    .findFirst();
        } catch (IOException unreadable) {
            return Optional.empty();
        }
    }

    /** That a file at a path is not read, and what to do instead. */
    public static UserError error(String file) {
        int slash = file.lastIndexOf('/');
        String folder = slash < 0 ? "." : slash == 0 ? "/" : file.substring(0, slash);
        return error(file, folder, file.substring(slash + 1));
    }

    /** The same of a file of the hub's. */
    public static UserError onHub(String repository, String file) {
        return error(file + " of " + repository, repository, file);
    }

    private static UserError error(String what, String folder, String file) {
        String help = """
                load the model that the file was made from; or write a folder of it where Python has transformers and gguf, and load "models/mine"
                python3 -c 'import transformers as t; source = dict(pretrained_model_name_or_path="FOLDER", gguf_file="NAME"); out = "models/mine"; \\
                t.AutoModelForCausalLM.from_pretrained(**source).save_pretrained(out, safe_serialization=True); \\
                t.AutoTokenizer.from_pretrained(**source).save_pretrained(out)'""";
        String named = help.replace("\"NAME\"", '"' + PythonText.escaped(file) + '"')
                .replace("\"FOLDER\"", '"' + PythonText.escaped(folder) + '"');
        return new UserError(
                UserError.Kind.INPUT,
                ErrorCode.GGUF,
                what + " is a GGUF file, which cannot be loaded yet: GGUF is a later feature",
                List.of(
                        "what can be loaded: a folder with config.json, tokenizer.json and model.safetensors, or a model of the hub that has them"),
                named);
    }
}
