package io.circuitscript.model;

import io.circuitscript.model.Family.Flag;
import io.circuitscript.model.Family.Key;
import io.circuitscript.model.Family.Norm;
import io.circuitscript.model.Family.Part;
import io.circuitscript.model.Family.Place;
import io.circuitscript.model.Family.Setting;
import io.circuitscript.model.gguf.GgufFile;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A family as a GGUF file has it: settings and tensors by llama.cpp's names, and what the converter did to the tensors undone in what the family
 * says of them. Which parts and biases there are is seen from the tensors.
 */
final class GgufFamily {
    private final GgufArchitecture architecture;
    private final GgufFile file;
    private final Family family;

    private GgufFamily(GgufArchitecture architecture, GgufFile file) {
        this.architecture = architecture;
        this.file = file;
        this.family = Families.named(architecture.family()).orElseThrow();
    }

    static Family of(GgufArchitecture architecture, GgufFile file) {
        return new GgufFamily(architecture, file).family();
    }

    private Family family() {
        return new Family(
                family.name(),
                "",
                family.norm() == Norm.RMS_PLUS_ONE
                        ? Norm.RMS
                        : family.norm(), // the file's weights have the one in them
                family.positions(),
                family.windows(),
                settings(),
                parts(),
                flag(family.parallel()),
                present("output.weight") ? Flag.NEVER : Flag.ALWAYS,
                false, // matrices that lay the other way were turned
                family.scaledEmbedding(),
                Flag.NEVER,
                List.of());
    }

    private boolean present(String tensor) {
        return file.tensors().containsKey(tensor);
    }

    private Flag flag(Flag flag) {
        return new Flag(flag.key().map(this::key), flag.otherwise(), flag.negated());
    }

    private String key(String suffix) {
        return architecture.name() + "." + suffix;
    }

    private Map<Setting, Key> settings() {
        Map<Setting, Key> settings = new EnumMap<>(Setting.class);
        family.settings().forEach((setting, key) -> {
            String suffix = GgufArchitecture.KEYS.get(setting);
            if (key.names().isEmpty()) settings.put(setting, key);
            else if (suffix != null) settings.put(setting, new Key(List.of(key(suffix)), otherwise(setting, key)));
        });
        String epsilon = family.norm().centred() ? "attention.layer_norm_epsilon" : "attention.layer_norm_rms_epsilon";
        settings.put(Setting.NORM_EPSILON, Key.of(key(epsilon)));
        if (!settings.containsKey(Setting.ACTIVATION))
            settings.put(Setting.ACTIVATION, Key.fixed(architecture.activation()));
        if (settings.containsKey(Setting.ROPE_BASE))
            settings.put(Setting.ROPE_DIMENSIONS, Key.of(key(GgufArchitecture.KEYS.get(Setting.ROPE_DIMENSIONS))));
        // Every file may say it.
        settings.put(Setting.D_HEAD, Key.of(key(GgufArchitecture.KEYS.get(Setting.D_HEAD))));
        return settings;
    }

    private static Optional<String> otherwise(Setting setting, Key key) {
        return switch (setting) {
            case ROPE_BASE -> Optional.of("10000");
            case LOCAL_ROPE_BASE, WINDOW_PATTERN -> key.otherwise();
            default -> Optional.empty();
        };
    }

    private Map<Part, Place> parts() {
        Map<Part, Place> parts = new EnumMap<>(Part.class);
        family.parts().forEach((part, place) -> {
            for (Part as : as(part)) parts.put(as, place(as, place.there()));
        });
        return parts;
    }

    /** Queries, keys and values are together or apart as the file has them; together, those of all heads are one after the other. */
    private List<Part> as(Part part) {
        boolean together = present("blk.0.attn_qkv.weight");
        return switch (part) {
            case Q, K, V -> together ? List.of(Part.QKV) : List.of(part);
            case QKV, QKV_BY_HEAD -> together ? List.of(Part.QKV) : List.of(Part.Q, Part.K, Part.V);
            default -> List.of(part);
        };
    }

    private Place place(Part part, Flag there) {
        String stem = GgufArchitecture.STEMS.get(part);
        String first = stem.replace("{l}", "0");
        boolean has = there.key().isEmpty() ? there.otherwise() : present(first + ".weight");
        return new Place(stem, has ? Flag.ALWAYS : Flag.NEVER, present(first + ".bias") ? Flag.ALWAYS : Flag.NEVER);
    }
}
