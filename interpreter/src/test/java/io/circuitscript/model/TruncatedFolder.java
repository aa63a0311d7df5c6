package io.circuitscript.model;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.circuitscript.source.ErrorCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A model's folder whose weights are cut off to what bfloat16 has, and whose configuration to what GGUF has. */
public final class TruncatedFolder {
    private TruncatedFolder() {}

    /** Writes it. */
    public static Path of(Path folder, Path to) throws IOException {
        ObjectNode config = JsonFile.read(folder.resolve("config.json"), ErrorCode.CONFIG_MALFORMED);
        // What GGUF has no words for: gemma's scalar is the head's width, and llama has no window.
        if (config.has("query_pre_attn_scalar")) config.set("query_pre_attn_scalar", config.get("head_dim"));
        if (config.path("model_type").asText().equals("mistral")) config.putNull("sliding_window");
        Files.writeString(to.resolve("config.json"), config.toString());
        Safetensors.read(folder.resolve("model.safetensors"))
                .changeAll(tensor -> tensor.type().equals("F32") ? tensor.narrowed("BF16") : tensor)
                .write(to.resolve("model.safetensors"));
        return to;
    }
}
