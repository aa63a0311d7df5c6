package io.circuitscript.model;

import static io.circuitscript.model.Family.Setting.ACTIVATION;
import static io.circuitscript.model.Family.Setting.D_HEAD;
import static io.circuitscript.model.Family.Setting.D_MLP;
import static io.circuitscript.model.Family.Setting.D_MODEL;
import static io.circuitscript.model.Family.Setting.D_VOCAB;
import static io.circuitscript.model.Family.Setting.HEADS;
import static io.circuitscript.model.Family.Setting.KV_HEADS;
import static io.circuitscript.model.Family.Setting.LAYERS;
import static io.circuitscript.model.Family.Setting.LOGIT_CAP;
import static io.circuitscript.model.Family.Setting.NORM_EPSILON;
import static io.circuitscript.model.Family.Setting.QUERY_SCALAR;
import static io.circuitscript.model.Family.Setting.ROPE_BASE;
import static io.circuitscript.model.Family.Setting.ROPE_FRACTION;
import static io.circuitscript.model.Family.Setting.SCORE_CAP;
import static io.circuitscript.model.Family.Setting.WINDOW;
import static io.circuitscript.model.Family.Setting.WINDOW_FROM;

import io.circuitscript.model.Family.Flag;
import io.circuitscript.model.Family.Key;
import io.circuitscript.model.Family.Norm;
import io.circuitscript.model.Family.Part;
import io.circuitscript.model.Family.Positions;
import io.circuitscript.model.Family.Setting;
import io.circuitscript.model.Family.Windows;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Every family that is computed, as data. */
public final class Families {
    public static final Family GPT2 = new FamilyDraft("gpt2", "transformer.")
            .norm(Norm.LAYER_NORM)
            .positions(Positions.LEARNED)
            .inputFirst()
            .setting(LAYERS, "n_layer")
            .setting(HEADS, "n_head")
            .setting(D_MODEL, "n_embd")
            .setting(D_MLP, "n_inner")
            .setting(D_VOCAB, "vocab_size")
            .setting(Setting.POSITIONS, "n_positions")
            .setting(NORM_EPSILON, "layer_norm_epsilon")
            .setting(ACTIVATION, "activation_function")
            .refuse("scale_attn_weights", true, "attention scores would not be divided by the square root of the head's width")
            .refuse("scale_attn_by_inverse_layer_idx", false, "attention scores would be divided by the layer's number")
            .refuse("add_cross_attention", false, "every layer would attend to an encoder too")
            .part(Part.TOKENS, "wte")
            .part(Part.POSITIONS, "wpe")
            .part(Part.ATTENTION_NORM, "h.{l}.ln_1")
            .part(Part.QKV, "h.{l}.attn.c_attn", Flag.ALWAYS)
            .part(Part.O, "h.{l}.attn.c_proj", Flag.ALWAYS)
            .part(Part.MLP_NORM, "h.{l}.ln_2")
            .part(Part.MLP_IN, "h.{l}.mlp.c_fc", Flag.ALWAYS)
            .part(Part.MLP_OUT, "h.{l}.mlp.c_proj", Flag.ALWAYS)
            .part(Part.FINAL_NORM, "ln_f")
            .part(Part.UNEMBEDDING, "lm_head")
            .family();

    public static final Family GPT_NEOX = named("gpt_neox", "gpt_neox.")
            .norm(Norm.LAYER_NORM)
            .parallel(Flag.of("use_parallel_residual", true))
            .tied(false)
            .setting(NORM_EPSILON, "layer_norm_eps")
            .setting(ROPE_BASE, Key.of("rope_theta", "rotary_emb_base").or("10000"))
            .setting(ROPE_FRACTION, Key.of("partial_rotary_factor", "rotary_pct").or("0.25"))
            .part(Part.TOKENS, "embed_in")
            .part(Part.ATTENTION_NORM, "layers.{l}.input_layernorm")
            .part(Part.QKV_BY_HEAD, "layers.{l}.attention.query_key_value", Flag.of("attention_bias", true))
            .part(Part.O, "layers.{l}.attention.dense", Flag.of("attention_bias", true))
            .part(Part.MLP_NORM, "layers.{l}.post_attention_layernorm")
            .part(Part.MLP_IN, "layers.{l}.mlp.dense_h_to_4h", Flag.ALWAYS)
            .part(Part.MLP_OUT, "layers.{l}.mlp.dense_4h_to_h", Flag.ALWAYS)
            .part(Part.FINAL_NORM, "final_layer_norm")
            .part(Part.UNEMBEDDING, "embed_out")
            .family();

    public static final Family LLAMA = named("llama", "model.")
            .tied(false)
            .setting(KV_HEADS, "num_key_value_heads")
            .setting(D_HEAD, "head_dim")
            .setting(NORM_EPSILON, "rms_norm_eps")
            .setting(ROPE_BASE, Key.of("rope_theta").or("10000"))
            .part(Part.TOKENS, "embed_tokens")
            .part(Part.ATTENTION_NORM, "layers.{l}.input_layernorm")
            .part(Part.Q, "layers.{l}.self_attn.q_proj", Flag.of("attention_bias", false))
            .part(Part.K, "layers.{l}.self_attn.k_proj", Flag.of("attention_bias", false))
            .part(Part.V, "layers.{l}.self_attn.v_proj", Flag.of("attention_bias", false))
            .part(Part.O, "layers.{l}.self_attn.o_proj", Flag.of("attention_bias", false))
            .part(Part.MLP_NORM, "layers.{l}.post_attention_layernorm")
            .part(Part.MLP_GATE, "layers.{l}.mlp.gate_proj", Flag.of("mlp_bias", false))
            .part(Part.MLP_IN, "layers.{l}.mlp.up_proj", Flag.of("mlp_bias", false))
            .part(Part.MLP_OUT, "layers.{l}.mlp.down_proj", Flag.of("mlp_bias", false))
            .part(Part.FINAL_NORM, "norm")
            .part(Part.UNEMBEDDING, "lm_head")
            .family();

    public static final Family MISTRAL = new FamilyDraft("mistral", LLAMA)
            .windows(Windows.EVERY_LAYER)
            .setting(WINDOW, "sliding_window")
            .part(Part.Q, "layers.{l}.self_attn.q_proj")
            .part(Part.K, "layers.{l}.self_attn.k_proj")
            .part(Part.V, "layers.{l}.self_attn.v_proj")
            .part(Part.O, "layers.{l}.self_attn.o_proj")
            .part(Part.MLP_GATE, "layers.{l}.mlp.gate_proj")
            .part(Part.MLP_IN, "layers.{l}.mlp.up_proj")
            .part(Part.MLP_OUT, "layers.{l}.mlp.down_proj")
            .family();

    public static final Family QWEN2 = new FamilyDraft("qwen2", MISTRAL)
            .windows(Windows.FROM_A_LAYER)
            .setting(WINDOW_FROM, "max_window_layers")
            .part(Part.Q, "layers.{l}.self_attn.q_proj", Flag.ALWAYS)
            .part(Part.K, "layers.{l}.self_attn.k_proj", Flag.ALWAYS)
            .part(Part.V, "layers.{l}.self_attn.v_proj", Flag.ALWAYS)
            .family();

    public static final Family GEMMA2 = new FamilyDraft("gemma2", LLAMA)
            .norm(Norm.RMS_PLUS_ONE)
            .tied(true)
            .scaledEmbedding()
            .windows(Windows.EVERY_OTHER_LAYER)
            .setting(WINDOW, "sliding_window")
            .setting(ACTIVATION, Key.of("hidden_activation").or("gelu_pytorch_tanh"))
            .setting(QUERY_SCALAR, "query_pre_attn_scalar")
            .setting(SCORE_CAP, "attn_logit_softcapping")
            .setting(LOGIT_CAP, "final_logit_softcapping")
            .part(Part.ATTENTION_OUT_NORM, "layers.{l}.post_attention_layernorm")
            .part(Part.MLP_NORM, "layers.{l}.pre_feedforward_layernorm")
            .part(Part.MLP_OUT_NORM, "layers.{l}.post_feedforward_layernorm")
            .family();

    /** In the order that a message lists them. */
    public static final List<Family> ALL = List.of(GPT2, GPT_NEOX, LLAMA, MISTRAL, QWEN2, GEMMA2);

    /** Types whose MLPs are mixtures of experts, which no single node stands for. */
    static final Set<String> EXPERTS = Set.of(
            "mixtral", "qwen2_moe", "qwen3_moe", "qwen3_next", "olmoe", "phimoe", "dbrx", "deepseek_v2", "deepseek_v3", "gpt_oss", "jamba",
            "granitemoe", "llama4", "llama4_text", "minimax", "glm4_moe", "ernie4_5_moe", "hunyuan_v1_moe", "switch_transformers");

    private Families() {}

    static Optional<Family> named(String modelType) {
        return ALL.stream().filter(family -> family.name().equals(modelType)).findFirst();
    }

    /** A family whose config.json has the names that most have. */
    private static FamilyDraft named(String name, String prefix) {
        return new FamilyDraft(name, prefix)
                .setting(LAYERS, "num_hidden_layers")
                .setting(HEADS, "num_attention_heads")
                .setting(D_MODEL, "hidden_size")
                .setting(D_MLP, "intermediate_size")
                .setting(D_VOCAB, "vocab_size")
                .setting(Setting.POSITIONS, "max_position_embeddings")
                .setting(ACTIVATION, "hidden_act");
    }
}
