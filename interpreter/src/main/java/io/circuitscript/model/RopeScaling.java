package io.circuitscript.model;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** How config.json stretches rotary positions beyond the length that a model was first trained on. */
final class RopeScaling {
    private final ConfigFile file;
    private final JsonNode json;
    private final String type;

    private RopeScaling(ConfigFile file, JsonNode json, String type) {
        this.file = file;
        this.json = json;
        this.type = type;
    }

    static Optional<RopeScaling> of(ConfigFile file) {
        Optional<JsonNode> found = file.find("rope_scaling").or(() -> file.find("rope_parameters"));
        if (found.isEmpty()) return Optional.empty();
        JsonNode json = found.get();
        if (!json.isObject()) throw file.wrong("rope_scaling is " + json + ", not an object");
        String type = json.path("rope_type").asText(json.path("type").asText("default"));
        return switch (type) {
            case "default" -> Optional.empty();
            case "linear", "dynamic", "llama3", "yarn", "longrope", "su" ->
                Optional.of(new RopeScaling(file, json, type));
            default ->
                throw file.unsupported(
                        "rope_scaling of type " + type
                                + " is not supported (supported: linear, dynamic, llama3, yarn, longrope)",
                        "rope_scaling",
                        "load a model with another one");
        };
    }

    /**
     * The longest input for which frequencies do not depend on the input's length. Those of longrope do beyond the original length; dynamic ones only
     * beyond the length that config.json gives.
     */
    int longest(int positions) {
        return type.equals("longrope") || type.equals("su")
                ? Math.min(positions, original().orElse(positions))
                : positions;
    }

    Rotary of(Rotary plain, double base) {
        return switch (type) {
            case "linear" -> with(plain, frequency -> frequency / factor(), 1);
            case "dynamic" -> plain;
            case "llama3" -> llama3(plain);
            case "yarn" -> yarn(plain, base);
            default -> longrope(plain);
        };
    }

    private static Rotary with(Rotary plain, java.util.function.DoubleUnaryOperator each, double factor) {
        return new Rotary(plain.frequencies().stream().map(each::applyAsDouble).toList(), plain.pairs(), factor);
    }

    /** Long waves are stretched, short ones are not, and those between are between. */
    private Rotary llama3(Rotary plain) {
        double low = number("low_freq_factor").orElseThrow(() -> absent("low_freq_factor"));
        double high = number("high_freq_factor").orElseThrow(() -> absent("high_freq_factor"));
        double length = original().orElseThrow(() -> absent("original_max_position_embeddings"));
        double factor = factor();
        return with(
                plain,
                frequency -> {
                    double wave = 2 * Math.PI / frequency;
                    if (wave < length / high) return frequency;
                    if (wave > length / low) return frequency / factor;
                    double smooth = (length / wave - low) / (high - low);
                    return (1 - smooth) * frequency / factor + smooth * frequency;
                },
                1);
    }

    /** As the paper has it (Peng et al. 2023): a ramp over pairs from as they are to stretched, and warmer attention. */
    private Rotary yarn(Rotary plain, double base) {
        double factor = factor();
        double length = original().orElseGet(() -> (int) longestGiven());
        int dimensions = 2 * plain.frequencies().size();
        double first = pairThatTurns(number("beta_fast").orElse(32.0), dimensions, base, length);
        double last = pairThatTurns(number("beta_slow").orElse(1.0), dimensions, base, length);
        if (!json.path("truncate").isBoolean() || json.path("truncate").booleanValue()) {
            first = Math.floor(first);
            last = Math.ceil(last);
        }
        double low = Math.max(first, 0);
        double high = Math.min(last, dimensions - 1.0);
        if (low == high) high += 0.001;
        List<Double> frequencies = new ArrayList<>();
        for (int pair = 0; pair < plain.frequencies().size(); pair++) {
            double stretched = Math.clamp((pair - low) / (high - low), 0, 1);
            double frequency = plain.frequencies().get(pair);
            frequencies.add(frequency / factor * stretched + frequency * (1 - stretched));
        }
        return new Rotary(frequencies, plain.pairs(), number("attention_factor").orElseGet(() -> warmth(factor)));
    }

    private double warmth(double factor) {
        Optional<Double> scale = number("mscale");
        Optional<Double> all = number("mscale_all_dim");
        if (scale.isPresent() && all.isPresent()) return warmth(factor, scale.get()) / warmth(factor, all.get());
        return warmth(factor, 1);
    }

    private static double warmth(double factor, double scale) {
        return factor <= 1 ? 1 : 0.1 * scale * Math.log(factor) + 1;
    }

    /** The pair, as a fraction, that turns so many times over the original length. */
    private static double pairThatTurns(double times, int dimensions, double base, double length) {
        return dimensions * Math.log(length / (times * 2 * Math.PI)) / (2 * Math.log(base));
    }

    /** A factor for each pair; the short ones, since {@link #longest} keeps inputs short. */
    private Rotary longrope(Rotary plain) {
        JsonNode factors = json.path("short_factor");
        if (factors.size() != plain.frequencies().size()) {
            throw file.wrong("short_factor of rope_scaling has " + factors.size() + " numbers for "
                    + plain.frequencies().size() + " pairs");
        }
        List<Double> frequencies = new ArrayList<>();
        for (int pair = 0; pair < factors.size(); pair++) {
            frequencies.add(plain.frequencies().get(pair) / file.number("short_factor", factors.get(pair)));
        }
        double original = original().orElseThrow(() -> absent("original_max_position_embeddings"));
        double stretch = number("factor").orElseGet(() -> longestGiven() / original);
        double warmth = stretch <= 1 ? 1 : Math.sqrt(1 + Math.log(stretch) / Math.log(original));
        return new Rotary(frequencies, plain.pairs(), number("attention_factor").orElse(warmth));
    }

    private double factor() {
        return number("factor").orElseThrow(() -> absent("factor"));
    }

    private double longestGiven() {
        return file.find("max_position_embeddings")
                .map(value -> file.size("max_position_embeddings", value))
                .orElseThrow(() -> file.wrong("it has no max_position_embeddings"));
    }

    /** The length that the model was first trained on, in the part on scaling or beside it. */
    private Optional<Integer> original() {
        String key = "original_max_position_embeddings";
        Optional<JsonNode> here = json.hasNonNull(key) ? Optional.of(json.get(key)) : file.find(key);
        return here.map(value -> file.size(key, value));
    }

    private Optional<Double> number(String key) {
        return json.hasNonNull(key) ? Optional.of(file.number(key, json.get(key))) : Optional.empty();
    }

    private io.circuitscript.source.UserError absent(String key) {
        return file.wrong("its rope_scaling of type " + type + " has no " + key);
    }
}
