package io.circuitscript.model;

import static io.circuitscript.model.Family.Setting.ACTIVATION;
import static io.circuitscript.model.Family.Setting.D_MLP;
import static io.circuitscript.model.Family.Setting.KV_HEADS;
import static io.circuitscript.model.Family.Setting.NORM_EPSILON;
import static io.circuitscript.model.Family.Setting.ROPE_BASE;

import io.circuitscript.model.Family.Flag;
import io.circuitscript.model.Family.Key;
import io.circuitscript.model.Family.Norm;
import io.circuitscript.model.Family.Part;
import io.circuitscript.model.Family.Setting;
import java.util.Map;

/** Falcon in its forms, all of one {@code model_type}: settings of config.json tell them apart. */
final class FalconFamilies {
    /** Falcon 40B and 180B: key heads are shared by groups, and attention and MLP have a norm each. */
    private static final Family FALCON_TWO_NORMS = FamilyDraft.usual("falcon", "transformer.")
            .norm(Norm.LAYER_NORM)
            .parallel(Flag.ALWAYS)
            .setting(KV_HEADS, "num_kv_heads")
            .setting(D_MLP, "ffn_hidden_size")
            .setting(Setting.POSITIONS, Key.of("max_position_embeddings").or("2048"))
            .setting(NORM_EPSILON, Key.of("layer_norm_epsilon").or("1e-5"))
            .setting(ACTIVATION, Key.of("activation").or("gelu"))
            .setting(ROPE_BASE, Key.of("rope_theta").or("10000"))
            .refuse("alibi", false, "attention would fall with distance by numbers of Falcon's own")
            .refuse("parallel_attn", true, "the new decoder architecture has parallel blocks alone")
            .part(Part.TOKENS, "word_embeddings")
            .part(Part.ATTENTION_NORM, "h.{l}.ln_attn")
            .part(Part.QKV_BY_HEAD, "h.{l}.self_attention.query_key_value", Flag.of("bias", false))
            .part(Part.O, "h.{l}.self_attention.dense", Flag.of("bias", false))
            .part(Part.MLP_NORM, "h.{l}.ln_mlp")
            .part(Part.MLP_IN, "h.{l}.mlp.dense_h_to_4h", Flag.of("bias", false))
            .part(Part.MLP_OUT, "h.{l}.mlp.dense_4h_to_h", Flag.of("bias", false))
            .part(Part.FINAL_NORM, "ln_f")
            .part(Part.UNEMBEDDING, "lm_head")
            .family();

    /** Falcon 2 11B: as before with one norm for both. */
    private static final Family FALCON_ONE_NORM = new FamilyDraft("falcon", FALCON_TWO_NORMS)
            .without(Part.MLP_NORM)
            .part(Part.ATTENTION_NORM, "h.{l}.input_layernorm")
            .family();

    private static final Family FALCON_GROUPED = new FamilyDraft("falcon", FALCON_TWO_NORMS)
            .choice("num_ln_in_parallel_attn", "2", Map.of("1", FALCON_ONE_NORM))
            .family();

    /** The old architecture with keys and values for each head. */
    private static final Family FALCON_EVERY_HEAD = new FamilyDraft("falcon", FALCON_TWO_NORMS)
            .without(KV_HEADS)
            .withoutRefused("parallel_attn")
            .parallel(Flag.of("parallel_attn", true))
            .refuse("num_ln_in_parallel_attn", "1", "the old decoder architecture has one norm for both blocks")
            .part(Part.ATTENTION_NORM, "h.{l}.input_layernorm")
            .part(Part.MLP_NORM, "h.{l}.post_attention_layernorm", Flag.unless("parallel_attn", true), Flag.NEVER)
            .family();

    /** Falcon 7B: one key head for all queries, and one norm for both blocks. The others by what their files say. */
    static final Family FALCON = new FamilyDraft("falcon", FALCON_EVERY_HEAD)
            .setting(KV_HEADS, Key.fixed("1"))
            .choice("new_decoder_architecture", "false", Map.of("true", FALCON_GROUPED))
            .choice("multi_query", "true", Map.of("false", FALCON_EVERY_HEAD))
            .family();

    private FalconFamilies() {}
}
