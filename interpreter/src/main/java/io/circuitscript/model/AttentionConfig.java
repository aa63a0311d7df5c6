package io.circuitscript.model;

import com.fasterxml.jackson.databind.JsonNode;
import io.circuitscript.model.Family.Positions;
import io.circuitscript.model.Family.Setting;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** How the layers attend, by a model's config.json. */
final class AttentionConfig {
    private final ConfigFile file;
    private final Family family;
    private final int layers;
    private final int dHead;
    private final Optional<RopeScaling> scaling;

    AttentionConfig(ConfigFile file, Family family, int layers, int dHead) {
        this.file = file;
        this.family = family;
        this.layers = layers;
        this.dHead = dHead;
        this.scaling = rotary() ? RopeScaling.of(file) : Optional.empty();
    }

    private boolean rotary() {
        return switch (family.positions()) {
            case ROTARY_HALVES, ROTARY_PAIRS -> true;
            case LEARNED, ALIBI -> false;
        };
    }

    /** The longest input, in tokens: beyond it, what turns queries and keys would depend on the input's length. */
    int longest(int positions) {
        return scaling.map(it -> it.longest(positions)).orElse(positions);
    }

    List<AttentionShape> layers() {
        double scale = file.number(family, Setting.SCORE_SCALE)
                .orElseGet(() ->
                        1 / Math.sqrt(file.number(family, Setting.QUERY_SCALAR).orElse((double) dHead)));
        double cap = file.number(family, Setting.SCORE_CAP).orElse(0.0);
        boolean[] unturned = unturned();
        boolean[] local = local(unturned);
        if (family.turned() == Family.Turned.LAYERS_WITH_A_WINDOW) {
            for (int layer = 0; layer < layers; layer++) unturned[layer] = !local[layer];
        }
        int window = file.find(family, Setting.WINDOW)
                .map(node -> file.size(family, Setting.WINDOW))
                .orElse(0);
        Optional<Rotary> rotary = rotary() ? Optional.of(rotary(Setting.ROPE_BASE, scaling)) : Optional.empty();
        boolean own = family.settings().containsKey(Setting.LOCAL_ROPE_BASE);
        Optional<Rotary> localRotary = own ? Optional.of(rotary(Setting.LOCAL_ROPE_BASE, Optional.empty())) : rotary;
        boolean byLayer = file.flag(family.scoresByLayer());
        List<AttentionShape> shapes = new ArrayList<>(layers);
        for (int layer = 0; layer < layers; layer++) {
            double divided = byLayer ? scale / (layer + 1) : scale;
            Optional<Rotary> turned = unturned[layer] ? Optional.empty() : local[layer] ? localRotary : rotary;
            shapes.add(new AttentionShape(divided, cap, local[layer] ? window : 0, turned));
        }
        return shapes;
    }

    private Rotary rotary(Setting base, Optional<RopeScaling> scaled) {
        double rope = file.number(family, base).orElseThrow(() -> file.wrong("it has no " + file.key(family, base)));
        int dimensions = dimensions();
        List<Double> frequencies = new ArrayList<>();
        for (int pair = 0; pair < dimensions / 2; pair++) frequencies.add(Math.pow(rope, -2.0 * pair / dimensions));
        boolean pairs = family.positions() == Positions.ROTARY_PAIRS;
        Rotary plain = new Rotary(frequencies, pairs, 1);
        return scaled.map(it -> it.of(plain, rope)).orElse(plain);
    }

    private int dimensions() {
        Optional<JsonNode> given = file.find(family, Setting.ROPE_DIMENSIONS);
        double part = file.number(family, Setting.ROPE_FRACTION).orElse(1.0);
        int dimensions = given.isPresent() ? file.size(family, Setting.ROPE_DIMENSIONS) : (int) (dHead * part);
        if (dimensions < 2 || dimensions % 2 != 0 || dimensions > dHead) {
            throw file.wrong("rotary embeddings would rotate " + dimensions + " of a head's " + dHead
                    + " dimensions, and must rotate an even number of them");
        }
        return dimensions;
    }

    /** Which layers turn neither queries nor keys, as far as windows do not say. */
    private boolean[] unturned() {
        boolean[] unturned = new boolean[layers];
        if (family.turned() != Family.Turned.BY_NO_ROPE_LAYERS) return unturned;
        Optional<JsonNode> list = file.find("no_rope_layers");
        if (list.isEmpty()) {
            int interval = file.size(family, Setting.UNTURNED_INTERVAL);
            for (int layer = 0; layer < layers; layer++) unturned[layer] = (layer + 1) % interval == 0;
            return unturned;
        }
        if (!list.get().isArray() || list.get().size() != layers) {
            throw file.wrong("no_rope_layers does not have an entry for each of " + layers + " layers");
        }
        for (int layer = 0; layer < layers; layer++) {
            JsonNode turns = list.get().get(layer);
            if (!turns.isIntegralNumber() || turns.longValue() < 0 || turns.longValue() > 1) {
                throw file.wrong("no_rope_layers has " + turns + ", neither 1 (turned) nor 0 (not)");
            }
            unturned[layer] = turns.longValue() == 0;
        }
        return unturned;
    }

    /**
     * Which layers have a window.
     *
     * @param unturned which layers turn neither queries nor keys
     */
    private boolean[] local(boolean[] unturned) {
        boolean[] local = new boolean[layers];
        Optional<JsonNode> types = file.find("layer_types");
        if (types.isPresent() && family.windows() != Family.Windows.NONE) return byLayerTypes(types.get(), local);
        switch (family.windows()) {
            case NONE -> {}
            case EVERY_LAYER -> java.util.Arrays.fill(local, true);
            case EVERY_OTHER_LAYER -> {
                for (int layer = 0; layer < layers; layer += 2) local[layer] = true;
            }
            case ALL_BUT_EVERY_NTH -> {
                int nth = file.size(family, Setting.WINDOW_PATTERN);
                for (int layer = 0; layer < layers; layer++) local[layer] = (layer + 1) % nth != 0;
            }
            case FROM_A_LAYER -> fromALayer(local);
            case BY_ATTENTION_TYPES -> byAttentionTypes(local);
            case UNTURNED_LAYERS -> {
                if (file.flag("use_sliding_window", false)) return unturned.clone();
            }
        }
        return local;
    }

    private boolean[] byLayerTypes(JsonNode types, boolean[] local) {
        if (types.size() != layers)
            throw file.wrong("layer_types has " + types.size() + " entries for " + layers + " layers");
        for (int layer = 0; layer < layers; layer++) {
            String type = types.get(layer).asText();
            local[layer] = switch (type) {
                case "sliding_attention" -> true;
                case "full_attention" -> false;
                default ->
                    throw file.unsupported("layer_types has " + type + ", which is not supported", "layer_types", "");
            };
        }
        return local;
    }

    private void fromALayer(boolean[] local) {
        if (!file.flag("use_sliding_window", false)) return;
        int from = file.find(family, Setting.WINDOW_FROM)
                .filter(node -> node.isIntegralNumber() && node.intValue() >= 0)
                .map(JsonNode::intValue)
                .orElseThrow(
                        () -> file.wrong(file.key(family, Setting.WINDOW_FROM) + " is not a whole number from 0 on"));
        for (int layer = from; layer < layers; layer++) local[layer] = true;
    }

    /** {@code [[["global", "local"], 6]]}: kinds, and how often they come again. */
    private void byAttentionTypes(boolean[] local) {
        List<String> kinds = new ArrayList<>();
        for (JsonNode group : file.find("attention_types").orElseThrow(() -> file.wrong("it has no attention_types"))) {
            int times = Math.min(group.path(1).asInt(0), layers);
            for (int i = 0; i < times; i++) group.path(0).forEach(kind -> kinds.add(kind.asText()));
        }
        if (kinds.size() != layers || !kinds.stream().allMatch(kind -> kind.equals("global") || kind.equals("local"))) {
            throw file.wrong("attention_types does not say global or local for each of " + layers + " layers");
        }
        for (int layer = 0; layer < layers; layer++)
            local[layer] = kinds.get(layer).equals("local");
    }
}
