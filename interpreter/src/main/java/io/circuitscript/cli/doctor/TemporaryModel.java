package io.circuitscript.cli.doctor;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.circuitscript.source.ErrorCode;
import io.circuitscript.source.UserError;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;

/** A model in a temporary folder, made of one that comes with the program. Closing it deletes the folder. */
final class TemporaryModel implements AutoCloseable {
    private static final String CONFIGURATION = "config.json";
    private static final String WEIGHTS = "model.safetensors";
    private static final List<String> TOKENIZER = List.of("tokenizer.json", "tokenizer_config.json");
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Path folder;

    private interface Writing {
        void to(Path file) throws IOException;
    }

    private TemporaryModel(Path original, Consumer<ObjectNode> change, Writing weights) {
        try {
            folder = Files.createTempDirectory("circuit-doctor");
        } catch (IOException e) {
            throw noRoom(e);
        }
        try {
            for (String file : TOKENIZER) Files.write(folder.resolve(file), Files.readAllBytes(original.resolve(file)));
            var configuration = (ObjectNode) JSON.readTree(Files.readString(original.resolve(CONFIGURATION)));
            change.accept(configuration);
            Files.writeString(folder.resolve(CONFIGURATION), JSON.writeValueAsString(configuration));
            weights.to(folder.resolve(WEIGHTS));
        } catch (IOException e) {
            close();
            throw noRoom(e);
        }
    }

    /** The same model where texts may be longer: for one whose positions are turns, which have no table that ends. */
    static TemporaryModel longer(Path original, int positions) {
        return new TemporaryModel(
                original,
                json -> json.put("max_position_embeddings", positions),
                file -> Files.write(file, Files.readAllBytes(original.resolve(WEIGHTS))));
    }

    /** Two layers as wide as those of GPT-2 small, of random weights. @param original a GPT-2, which gives the rest of the configuration */
    static TemporaryModel wide(Path original) {
        return new TemporaryModel(
                original,
                json -> json.put("n_embd", WideWeights.D_MODEL)
                        .put("n_head", WideWeights.HEADS)
                        .put("n_layer", WideWeights.LAYERS)
                        .put("n_positions", WideWeights.POSITIONS)
                        .put("vocab_size", WideWeights.D_VOCAB),
                WideWeights::write);
    }

    private static UserError noRoom(IOException e) {
        return UserError.failure(
                ErrorCode.CANNOT_WRITE,
                "a model for this check cannot be written to the temporary folder: " + e.getMessage(),
                "100 MB are enough; CIRCUIT_JAVA_OPTIONS=-Djava.io.tmpdir=FOLDER names another folder");
    }

    Path folder() {
        return folder;
    }

    @Override
    public void close() {
        try {
            for (String file : TOKENIZER) Files.deleteIfExists(folder.resolve(file));
            Files.deleteIfExists(folder.resolve(CONFIGURATION));
            Files.deleteIfExists(folder.resolve(WEIGHTS));
            Files.deleteIfExists(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
