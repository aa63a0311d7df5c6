package io.circuitscript.model;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the models of one {@code model_type} have in common, as data: one transformer runs them all. The values are in {@link Families}; a family
 * that does something that no family did before needs a new constant here.
 *
 * @param name the {@code model_type} of config.json
 * @param prefix what the names of a checkpoint may begin with, left out in ours
 * @param norm every norm
 * @param positions how a model knows where a token stands
 * @param windows which layers see only the last few positions
 * @param settings where config.json has the numbers; those that a family has not are absent
 * @param parts what a checkpoint calls the parts of the model; those that a family has not are absent
 * @param parallel whether attention and MLP of a layer read the same residual stream
 * @param tied whether logits come from the token embedding unless the checkpoint has a tensor of its own for them
 * @param inputFirst whether matrices lie in the files as {@code [in, out]}; else {@code [out, in]}
 * @param turned which layers turn queries and keys, where the family does
 * @param scaledEmbedding whether token embeddings are multiplied by the square root of the model's width
 * @param scoresByLayer whether attention scores are also divided by the layer's number, from 1
 * @param refused settings of config.json that change the computation in a way that is not computed here
 * @param choices settings of config.json that make another family of a model
 */
public record Family(
        String name,
        String prefix,
        Norm norm,
        Positions positions,
        Windows windows,
        Map<Setting, Key> settings,
        Map<Part, Place> parts,
        Flag parallel,
        Flag tied,
        boolean inputFirst,
        Turned turned,
        boolean scaledEmbedding,
        Flag scoresByLayer,
        List<Refused> refused,
        List<Choice> choices) {

    public Family {
        // An enum's order is the order of the model, and of messages.
        settings = java.util.Collections.unmodifiableMap(new EnumMap<>(settings));
        parts = java.util.Collections.unmodifiableMap(new EnumMap<>(parts));
        refused = List.copyOf(refused);
        choices = List.copyOf(choices);
    }

    /** What comes before attention, MLP and logits, or after them. */
    public enum Norm {
        /** Centred, scaled to unit variance, then weight and bias. */
        LAYER_NORM(true, true),
        /** As {@link #LAYER_NORM}, without bias. */
        LAYER_NORM_UNBIASED(true, false),
        /** Scaled to unit mean square, then weight. */
        RMS(false, false),
        /** As {@link #RMS}, the weight being what the file has, plus one. */
        RMS_PLUS_ONE(false, false);

        private final boolean centred;
        private final boolean biased;

        Norm(boolean centred, boolean biased) {
            this.centred = centred;
            this.biased = biased;
        }

        public boolean centred() {
            return centred;
        }

        public boolean biased() {
            return biased;
        }
    }

    /** How a model knows where a token stands. */
    public enum Positions {
        /** A vector for each position, added to the token's. */
        LEARNED,
        /** Queries and keys are turned, number i of a head's together with number i + half. */
        ROTARY_HALVES,
        /** Queries and keys are turned, each number of even place together with the next. */
        ROTARY_PAIRS,
        /** Attention scores fall with distance, in each head by another slope. */
        ALIBI
    }

    /** Which layers see only the last few positions, where {@link Setting#WINDOW} says how many. */
    public enum Windows {
        NONE,
        EVERY_LAYER,
        /** The first, the third and so on. */
        EVERY_OTHER_LAYER,
        /** All but the last of every so many, {@link Setting#WINDOW_PATTERN}. */
        ALL_BUT_EVERY_NTH,
        /** Those from {@link Setting#WINDOW_FROM} on, where {@code use_sliding_window} is set. */
        FROM_A_LAYER,
        /** Where {@code attention_types} says local. */
        BY_ATTENTION_TYPES,
        /** Those that turn neither queries nor keys, where {@code use_sliding_window} is set. */
        UNTURNED_LAYERS
    }

    /** Which layers turn queries and keys by their position. */
    public enum Turned {
        EVERY_LAYER,
        /** Those with a window. */
        LAYERS_WITH_A_WINDOW,
        /** Where {@code no_rope_layers} has 1; without it, all but the last of every so many, {@link Setting#UNTURNED_INTERVAL}. */
        BY_NO_ROPE_LAYERS
    }

    /** A number or word that config.json has, or that a family takes for granted. */
    public enum Setting {
        LAYERS,
        HEADS,
        /** As many as heads, where a family or a file has none. */
        KV_HEADS,
        D_MODEL,
        /** Width of the embeddings: {@code D_MODEL} where a family or a file has none. */
        D_EMBEDDING,
        /** Token embeddings are multiplied by this. */
        EMBEDDING_SCALE,
        /** What attention and MLP give is multiplied by this before it is added to the stream. */
        BLOCK_SCALE,
        /** Logits are multiplied by this. */
        LOGIT_SCALE,
        /** Logits are divided by this. */
        LOGIT_DIVISOR,
        /** {@code D_MODEL / HEADS} where a family or a file has none. */
        D_HEAD,
        /** Four times {@code D_MODEL} where a family or a file has none. */
        D_MLP,
        D_VOCAB,
        /** The longest input, in tokens. */
        POSITIONS,
        /** How many rows of the table of positions stand before the first one that is used: 0 where a family has none. */
        POSITION_OFFSET,
        NORM_EPSILON,
        ACTIVATION,
        /** Where older files of a family say it, which write {@code gelu} and mean its tanh approximation. */
        OLDER_ACTIVATION,
        ROPE_BASE,
        /** For layers with a window, where they have one of their own. */
        LOCAL_ROPE_BASE,
        /** How many numbers of a head are turned. */
        ROPE_DIMENSIONS,
        /** The same as a part of the head's width: all of it where a family has neither. */
        ROPE_FRACTION,
        UNTURNED_INTERVAL,
        /** Attention scores are multiplied by this, in place of what {@link #QUERY_SCALAR} says. */
        SCORE_SCALE,
        /** Attention scores are divided by the square root of this: of the head's width where a family has none. */
        QUERY_SCALAR,
        /** Attention scores s become cap · tanh(s / cap). */
        SCORE_CAP,
        /** Logits alike. */
        LOGIT_CAP,
        WINDOW,
        WINDOW_PATTERN,
        WINDOW_FROM
    }

    /**
     * Where config.json has a setting.
     *
     * @param names of its keys, with points where one lies within another; the first that is there and not null counting; none where the family takes it for granted
     * @param otherwise what holds where the file has none of them, as the file would have it; empty: it must be there, or follows from others
     */
    public record Key(List<String> names, Optional<String> otherwise) {
        public Key {
            names = List.copyOf(names);
        }

        static Key of(String... names) {
            return new Key(List.of(names), Optional.empty());
        }

        /** A setting that no file has. */
        static Key fixed(String value) {
            return new Key(List.of(), Optional.of(value));
        }

        Key or(String value) {
            return new Key(names, Optional.of(value));
        }

        /** As a message names it. */
        String name() {
            return names.isEmpty() ? otherwise.orElseThrow() : names.getFirst();
        }
    }

    /**
     * A true-or-false setting of config.json.
     *
     * @param key empty where it is the same for every model of the family
     * @param otherwise what the setting is where the file has none
     * @param negated whether the flag holds where the setting is false
     */
    public record Flag(Optional<String> key, boolean otherwise, boolean negated) {
        static final Flag ALWAYS = new Flag(Optional.empty(), true, false);
        static final Flag NEVER = new Flag(Optional.empty(), false, false);

        static Flag of(String key, boolean otherwise) {
            return new Flag(Optional.of(key), otherwise, false);
        }

        /** Holds where the setting does not. */
        static Flag unless(String key, boolean otherwise) {
            return new Flag(Optional.of(key), otherwise, true);
        }
    }

    /**
     * A setting of config.json and the one value of it that is computed, which is also what its absence means.
     *
     * @param computed as JSON has it
     * @param reason what another value would do
     */
    public record Refused(String key, String computed, String reason) {
        boolean isFlag() {
            return computed.equals("true") || computed.equals("false");
        }
    }

    /**
     * A setting of config.json that decides how the rest is to be read.
     *
     * @param own the value, as JSON has it, that leaves the family as it is; so does its absence
     * @param families by other values
     */
    public record Choice(String key, String own, Map<String, Family> families) {
        public Choice {
            families = Map.copyOf(families);
        }

        List<String> values() {
            return java.util.stream.Stream.concat(
                            java.util.stream.Stream.of(own),
                            families.keySet().stream().sorted())
                    .toList();
        }
    }

    /** What a checkpoint has a tensor for, or two: a weight and perhaps a bias. In the order of the model. */
    public enum Part {
        TOKENS(Kind.TABLE),
        /** From embeddings of another width to the model's. */
        EMBEDDING_IN(Kind.MATRIX),
        POSITIONS(Kind.TABLE),
        EMBEDDING_NORM(Kind.NORM),
        ATTENTION_NORM(Kind.NORM),
        Q(Kind.MATRIX),
        K(Kind.MATRIX),
        V(Kind.MATRIX),
        /** Q, k and v of all heads, one after the other. */
        QKV(Kind.MATRIX),
        /** For each key head its queries, then its k and its v. */
        QKV_BY_HEAD(Kind.MATRIX),
        /** Over each head's queries. */
        Q_NORM(Kind.HEAD_NORM),
        K_NORM(Kind.HEAD_NORM),
        /** Over each head's queries, with weights for each head. */
        Q_NORM_BY_HEAD(Kind.HEAD_NORM),
        K_NORM_BY_HEAD(Kind.HEAD_NORM),
        /** Over the queries of all heads together. */
        Q_NORM_WHOLE(Kind.HEAD_NORM),
        K_NORM_WHOLE(Kind.HEAD_NORM),
        O(Kind.MATRIX),
        /** Over what attention adds to the stream. */
        ATTENTION_OUT_NORM(Kind.NORM),
        /** Absent where both blocks of a layer read the same normed stream. */
        MLP_NORM(Kind.NORM),
        MLP_GATE(Kind.MATRIX),
        MLP_IN(Kind.MATRIX),
        /** Gate, then in. */
        MLP_GATE_IN(Kind.MATRIX),
        MLP_OUT(Kind.MATRIX),
        /** Over what the MLP adds to the stream. */
        MLP_OUT_NORM(Kind.NORM),
        FINAL_NORM(Kind.NORM),
        /** From the model's width to that of the embeddings. */
        EMBEDDING_OUT(Kind.MATRIX),
        UNEMBEDDING(Kind.TABLE);

        /** What a part is. */
        public enum Kind {
            /** Rows of the model's width. */
            TABLE,
            NORM,
            /** Over heads. */
            HEAD_NORM,
            MATRIX
        }

        private final Kind kind;

        Part(Kind kind) {
            this.kind = kind;
        }

        public Kind kind() {
            return kind;
        }
    }

    /**
     * What a checkpoint calls a part.
     *
     * @param stem without the family's prefix and without {@code .weight}, {@code {l}} standing for the layer and {@code {h}}, where each head has
     *     a tensor of its own, for the head
     * @param there whether the models have it
     * @param bias whether it has a bias; a norm's follows from its kind
     */
    public record Place(String stem, Flag there, Flag bias) {
        boolean perLayer() {
            return stem.contains("{l}");
        }

        boolean perHead() {
            return stem.contains("{h}");
        }

        String name(int layer, int head) {
            return stem.replace("{l}", Integer.toString(layer)).replace("{h}", Integer.toString(head));
        }
    }

    /** The name of a part's weight, without the family's prefix. */
    public String weight(Part part, int layer) {
        return weight(part, layer, 0);
    }

    /** The name of one head's weight, where each has a tensor of its own. */
    public String weight(Part part, int layer, int head) {
        return parts.get(part).name(layer, head) + ".weight";
    }

    public boolean perHead(Part part) {
        return parts.get(part).perHead();
    }

    /** The name of a part's bias. */
    public String bias(Part part, int layer) {
        return parts.get(part).name(layer, 0) + ".bias";
    }

    public boolean has(Part part) {
        return parts.containsKey(part);
    }

    /** Whether the MLP's hidden layer is a product of two. */
    public boolean gated() {
        return has(Part.MLP_GATE) || has(Part.MLP_GATE_IN);
    }
}
