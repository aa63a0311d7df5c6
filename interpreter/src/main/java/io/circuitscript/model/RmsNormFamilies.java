package io.circuitscript.model;

import static io.circuitscript.model.Family.Setting.ACTIVATION;
import static io.circuitscript.model.Family.Setting.BLOCK_SCALE;
import static io.circuitscript.model.Family.Setting.D_HEAD;
import static io.circuitscript.model.Family.Setting.EMBEDDING_SCALE;
import static io.circuitscript.model.Family.Setting.KV_HEADS;
import static io.circuitscript.model.Family.Setting.LOCAL_ROPE_BASE;
import static io.circuitscript.model.Family.Setting.LOGIT_CAP;
import static io.circuitscript.model.Family.Setting.LOGIT_DIVISOR;
import static io.circuitscript.model.Family.Setting.NORM_EPSILON;
import static io.circuitscript.model.Family.Setting.OLDER_ACTIVATION;
import static io.circuitscript.model.Family.Setting.QUERY_SCALAR;
import static io.circuitscript.model.Family.Setting.ROPE_BASE;
import static io.circuitscript.model.Family.Setting.ROPE_FRACTION;
import static io.circuitscript.model.Family.Setting.SCORE_CAP;
import static io.circuitscript.model.Family.Setting.SCORE_SCALE;
import static io.circuitscript.model.Family.Setting.UNTURNED_INTERVAL;
import static io.circuitscript.model.Family.Setting.WINDOW;
import static io.circuitscript.model.Family.Setting.WINDOW_FROM;
import static io.circuitscript.model.Family.Setting.WINDOW_PATTERN;

import io.circuitscript.model.Family.Flag;
import io.circuitscript.model.Family.Key;
import io.circuitscript.model.Family.Norm;
import io.circuitscript.model.Family.Part;
import io.circuitscript.model.Family.Positions;
import io.circuitscript.model.Family.Turned;
import io.circuitscript.model.Family.Windows;
import java.util.List;

/** The families whose norms divide by the root mean square: Llama and its kin. */
final class RmsNormFamilies {
    static final Family LLAMA = FamilyDraft.usual("llama", "model.")
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

    static final Family MISTRAL = new FamilyDraft("mistral", LLAMA)
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

    static final Family QWEN2 = new FamilyDraft("qwen2", MISTRAL)
            .windows(Windows.FROM_A_LAYER)
            .setting(WINDOW_FROM, "max_window_layers")
            .part(Part.Q, "layers.{l}.self_attn.q_proj", Flag.ALWAYS)
            .part(Part.K, "layers.{l}.self_attn.k_proj", Flag.ALWAYS)
            .part(Part.V, "layers.{l}.self_attn.v_proj", Flag.ALWAYS)
            .family();

    /** Each head's queries and keys are normed before they are turned. */
    static final Family QWEN3 = new FamilyDraft("qwen3", LLAMA)
            .windows(Windows.FROM_A_LAYER)
            .setting(WINDOW, "sliding_window")
            .setting(WINDOW_FROM, "max_window_layers")
            .setting(D_HEAD, Key.of("head_dim").or("128"))
            .part(Part.Q_NORM, "layers.{l}.self_attn.q_norm")
            .part(Part.K_NORM, "layers.{l}.self_attn.k_norm")
            .part(Part.MLP_GATE, "layers.{l}.mlp.gate_proj")
            .part(Part.MLP_IN, "layers.{l}.mlp.up_proj")
            .part(Part.MLP_OUT, "layers.{l}.mlp.down_proj")
            .family();

    /** One matrix for queries, keys and values, and one for gate and input of the MLP. */
    static final Family PHI3 = new FamilyDraft("phi3", MISTRAL)
            .setting(ROPE_FRACTION, Key.of("partial_rotary_factor").or("1"))
            .without(Part.Q, Part.K, Part.V, Part.MLP_GATE, Part.MLP_IN)
            .part(Part.QKV, "layers.{l}.self_attn.qkv_proj")
            .part(Part.MLP_GATE_IN, "layers.{l}.mlp.gate_up_proj")
            .family();

    /** Norms multiply by one plus their weight; embeddings are scaled. */
    static final Family GEMMA = new FamilyDraft("gemma", LLAMA)
            .norm(Norm.RMS_PLUS_ONE)
            .tied(true)
            .scaledEmbedding()
            .setting(ACTIVATION, "hidden_activation")
            .setting(OLDER_ACTIVATION, Key.of("hidden_act").or("gelu_pytorch_tanh"))
            .setting(D_HEAD, Key.of("head_dim").or("256"))
            .family();

    static final Family GEMMA2 = new FamilyDraft("gemma2", GEMMA)
            .setting(ACTIVATION, Key.of("hidden_activation").or("gelu_pytorch_tanh"))
            .without(OLDER_ACTIVATION)
            .windows(Windows.EVERY_OTHER_LAYER)
            .setting(WINDOW, "sliding_window")
            .setting(QUERY_SCALAR, "query_pre_attn_scalar")
            .setting(SCORE_CAP, "attn_logit_softcapping")
            .setting(LOGIT_CAP, "final_logit_softcapping")
            .part(Part.ATTENTION_OUT_NORM, "layers.{l}.post_attention_layernorm")
            .part(Part.MLP_NORM, "layers.{l}.pre_feedforward_layernorm")
            .part(Part.MLP_OUT_NORM, "layers.{l}.post_feedforward_layernorm")
            .family();

    /** Norms before and after each block, and on queries and keys; layers with a window turn by a base of their own, never stretched. */
    static final Family GEMMA3_TEXT = new FamilyDraft("gemma3_text", GEMMA2)
            .windows(Windows.ALL_BUT_EVERY_NTH)
            .setting(
                    WINDOW_PATTERN,
                    Key.of("sliding_window_pattern", "_sliding_window_pattern").or("6"))
            .setting(ROPE_BASE, Key.of("rope_theta").or("1000000"))
            .setting(LOCAL_ROPE_BASE, Key.of("rope_local_base_freq").or("10000"))
            .refuse("use_bidirectional_attention", false, "a position would see those after it")
            .part(Part.Q_NORM, "layers.{l}.self_attn.q_norm")
            .part(Part.K_NORM, "layers.{l}.self_attn.k_norm")
            .family();

    /** No norm before a block, one after it; queries and keys of all heads are normed together. */
    static final Family OLMO2 = new FamilyDraft("olmo2", LLAMA)
            .without(Part.ATTENTION_NORM, Part.MLP_NORM)
            .part(Part.Q_NORM_WHOLE, "layers.{l}.self_attn.q_norm")
            .part(Part.K_NORM_WHOLE, "layers.{l}.self_attn.k_norm")
            .part(Part.ATTENTION_OUT_NORM, "layers.{l}.post_attention_layernorm")
            .part(Part.MLP_GATE, "layers.{l}.mlp.gate_proj")
            .part(Part.MLP_IN, "layers.{l}.mlp.up_proj")
            .part(Part.MLP_OUT, "layers.{l}.mlp.down_proj")
            .part(Part.MLP_OUT_NORM, "layers.{l}.post_feedforward_layernorm")
            .family();

    /** As OLMo 2; three of four layers have a window, and turn without the stretching of the others. */
    static final Family OLMO3 = new FamilyDraft("olmo3", OLMO2)
            .windows(Windows.ALL_BUT_EVERY_NTH)
            .setting(WINDOW, Key.of("sliding_window").or("4096"))
            .setting(WINDOW_PATTERN, Key.fixed("4"))
            .setting(
                    LOCAL_ROPE_BASE,
                    Key.of("rope_local_base_freq", "rope_theta").or("10000"))
            .family();

    /** As Llama, with multipliers of embeddings, blocks, attention scores and logits. */
    static final Family GRANITE = new FamilyDraft("granite", LLAMA)
            .setting(EMBEDDING_SCALE, "embedding_multiplier")
            .setting(BLOCK_SCALE, "residual_multiplier")
            .setting(SCORE_SCALE, Key.of("attention_multiplier").or("1"))
            .setting(LOGIT_DIVISOR, "logits_scaling")
            .family();

    /** As Llama; every fourth layer turns neither queries nor keys. */
    static final Family SMOLLM3 = new FamilyDraft("smollm3", LLAMA)
            .tied(true)
            .windows(Windows.UNTURNED_LAYERS)
            .turned(Turned.BY_NO_ROPE_LAYERS)
            .setting(WINDOW, "sliding_window")
            .setting(UNTURNED_INTERVAL, Key.of("no_rope_layer_interval").or("4"))
            .setting(ROPE_BASE, Key.of("rope_theta").or("2000000"))
            .family();

    /** Norms before and after each block; neighbours are turned, a part of each head. */
    static final Family GLM4 = new FamilyDraft("glm4", LLAMA)
            .positions(Positions.ROTARY_PAIRS)
            .setting(D_HEAD, Key.of("head_dim").or("128"))
            .setting(ROPE_FRACTION, Key.of("partial_rotary_factor").or("0.5"))
            .without(Part.MLP_GATE, Part.MLP_IN)
            .part(Part.Q, "layers.{l}.self_attn.q_proj", Flag.of("attention_bias", true))
            .part(Part.K, "layers.{l}.self_attn.k_proj", Flag.of("attention_bias", true))
            .part(Part.V, "layers.{l}.self_attn.v_proj", Flag.of("attention_bias", true))
            .part(Part.O, "layers.{l}.self_attn.o_proj")
            .part(Part.ATTENTION_OUT_NORM, "layers.{l}.post_self_attn_layernorm")
            .part(Part.MLP_GATE_IN, "layers.{l}.mlp.gate_up_proj")
            .part(Part.MLP_OUT, "layers.{l}.mlp.down_proj")
            .part(Part.MLP_OUT_NORM, "layers.{l}.post_mlp_layernorm")
            .family();

    /** In the order that a message lists them. */
    static final List<Family> ALL = List.of(
            LLAMA, MISTRAL, QWEN2, QWEN3, PHI3, GEMMA, GEMMA2, GEMMA3_TEXT, OLMO2, OLMO3, GRANITE, SMOLLM3, GLM4);

    private RmsNormFamilies() {}
}
