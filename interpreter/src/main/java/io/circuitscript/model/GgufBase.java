package io.circuitscript.model;

import io.circuitscript.model.Family.Norm;
import io.circuitscript.model.Family.Part;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** A GGUF file's model as what an adapter was trained on: which of its tensors is which of the model in transformers. */
final class GgufBase {
    private final Family original;
    private final Map<String, String> names = new HashMap<>();
    private final Map<String, Part> parts = new HashMap<>();

    private GgufBase(Family original) {
        this.original = original;
    }

    static GgufBase of(ModelConfig model) {
        Family family = model.family();
        GgufBase base = new GgufBase(Families.named(family.name()).orElseThrow());
        for (Part part : base.original.parts().keySet()) {
            // What the file has as another part, such as BLOOM's queries, keys and values, has no place.
            if (!family.has(part) || base.original.perHead(part) || family.perHead(part)) continue;
            for (int layer = 0; layer < model.layers(); layer++) {
                base.names.put(base.original.weight(part, layer), family.weight(part, layer));
                base.names.put(base.original.bias(part, layer), family.bias(part, layer));
                base.parts.put(family.weight(part, layer), part);
            }
        }
        return base;
    }

    /** @param path of a tensor in the model as transformers has it */
    Optional<String> name(String path) {
        return Optional.ofNullable(names.get(TensorNames.ours(original, path)));
    }

    /** Whether a file has other numbers than transformers: turned, or with one added. Biases are the same. */
    boolean keepsOtherwise(Weight weight) {
        Part part = parts.get(weight.name());
        if (part == null) return false;
        return switch (part.kind()) {
            case TABLE -> false;
            case MATRIX -> original.inputFirst();
            case NORM, HEAD_NORM -> original.norm() == Norm.RMS_PLUS_ONE;
        };
    }
}
