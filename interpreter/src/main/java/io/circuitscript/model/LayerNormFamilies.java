package io.circuitscript.model;

import static io.circuitscript.model.Family.Setting.ACTIVATION;
import static io.circuitscript.model.Family.Setting.D_EMBEDDING;
import static io.circuitscript.model.Family.Setting.D_HEAD;
import static io.circuitscript.model.Family.Setting.D_MLP;
import static io.circuitscript.model.Family.Setting.D_MODEL;
import static io.circuitscript.model.Family.Setting.D_VOCAB;
import static io.circuitscript.model.Family.Setting.HEADS;
import static io.circuitscript.model.Family.Setting.KV_HEADS;
import static io.circuitscript.model.Family.Setting.LAYERS;
import static io.circuitscript.model.Family.Setting.LOGIT_SCALE;
import static io.circuitscript.model.Family.Setting.NORM_EPSILON;
import static io.circuitscript.model.Family.Setting.POSITION_OFFSET;
import static io.circuitscript.model.Family.Setting.QUERY_SCALAR;
import static io.circuitscript.model.Family.Setting.ROPE_BASE;
import static io.circuitscript.model.Family.Setting.ROPE_DIMENSIONS;
import static io.circuitscript.model.Family.Setting.ROPE_FRACTION;
import static io.circuitscript.model.Family.Setting.SCORE_SCALE;
import static io.circuitscript.model.Family.Setting.WINDOW;
import static io.circuitscript.model.Family.Setting.WINDOW_PATTERN;

import io.circuitscript.model.Family.Flag;
import io.circuitscript.model.Family.Key;
import io.circuitscript.model.Family.Norm;
import io.circuitscript.model.Family.Part;
import io.circuitscript.model.Family.Positions;
import io.circuitscript.model.Family.Setting;
import io.circuitscript.model.Family.Turned;
import io.circuitscript.model.Family.Windows;
import java.util.List;

/** The families whose norms are LayerNorms: GPT-2 and its kin. */
final class LayerNormFamilies {
    static final Family GPT2 = new FamilyDraft("gpt2", "transformer.")
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
            .scoresByLayer(Flag.of("scale_attn_by_inverse_layer_idx", false))
            .refuse(
                    "scale_attn_weights",
                    true,
                    "attention scores would not be divided by the square root of the head's width")
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

    /** Attention scores are not divided; every other layer sees a few positions only. */
    static final Family GPT_NEO = new FamilyDraft("gpt_neo", "transformer.")
            .norm(Norm.LAYER_NORM)
            .positions(Positions.LEARNED)
            .windows(Windows.BY_ATTENTION_TYPES)
            .setting(LAYERS, "num_layers")
            .setting(HEADS, "num_heads")
            .setting(D_MODEL, "hidden_size")
            .setting(D_MLP, "intermediate_size")
            .setting(D_VOCAB, "vocab_size")
            .setting(Setting.POSITIONS, "max_position_embeddings")
            .setting(NORM_EPSILON, Key.of("layer_norm_epsilon").or("1e-5"))
            .setting(ACTIVATION, Key.of("activation_function").or("gelu_new"))
            .setting(QUERY_SCALAR, Key.fixed("1"))
            .setting(WINDOW, Key.of("window_size").or("256"))
            .part(Part.TOKENS, "wte")
            .part(Part.POSITIONS, "wpe")
            .part(Part.ATTENTION_NORM, "h.{l}.ln_1")
            .part(Part.Q, "h.{l}.attn.attention.q_proj")
            .part(Part.K, "h.{l}.attn.attention.k_proj")
            .part(Part.V, "h.{l}.attn.attention.v_proj")
            .part(Part.O, "h.{l}.attn.attention.out_proj", Flag.ALWAYS)
            .part(Part.MLP_NORM, "h.{l}.ln_2")
            .part(Part.MLP_IN, "h.{l}.mlp.c_fc", Flag.ALWAYS)
            .part(Part.MLP_OUT, "h.{l}.mlp.c_proj", Flag.ALWAYS)
            .part(Part.FINAL_NORM, "ln_f")
            .part(Part.UNEMBEDDING, "lm_head")
            .family();

    /** Attention and MLP read one normed stream; the logits have a bias. */
    static final Family GPTJ = new FamilyDraft("gptj", "transformer.")
            .norm(Norm.LAYER_NORM)
            .positions(Positions.ROTARY_PAIRS)
            .parallel(Flag.ALWAYS)
            .tied(false)
            .setting(LAYERS, "n_layer")
            .setting(HEADS, "n_head")
            .setting(D_MODEL, "n_embd")
            .setting(D_MLP, "n_inner")
            .setting(D_VOCAB, "vocab_size")
            .setting(Setting.POSITIONS, "n_positions")
            .setting(NORM_EPSILON, Key.of("layer_norm_epsilon").or("1e-5"))
            .setting(ACTIVATION, Key.of("activation_function").or("gelu_new"))
            .setting(ROPE_BASE, Key.fixed("10000"))
            .setting(ROPE_DIMENSIONS, "rotary_dim")
            .part(Part.TOKENS, "wte")
            .part(Part.ATTENTION_NORM, "h.{l}.ln_1")
            .part(Part.Q, "h.{l}.attn.q_proj")
            .part(Part.K, "h.{l}.attn.k_proj")
            .part(Part.V, "h.{l}.attn.v_proj")
            .part(Part.O, "h.{l}.attn.out_proj")
            .part(Part.MLP_IN, "h.{l}.mlp.fc_in", Flag.ALWAYS)
            .part(Part.MLP_OUT, "h.{l}.mlp.fc_out", Flag.ALWAYS)
            .part(Part.FINAL_NORM, "ln_f")
            .part(Part.UNEMBEDDING, "lm_head", Flag.ALWAYS)
            .family();

    static final Family GPT_NEOX = FamilyDraft.usual("gpt_neox", "gpt_neox.")
            .norm(Norm.LAYER_NORM)
            .parallel(Flag.of("use_parallel_residual", true))
            .tied(false)
            .setting(NORM_EPSILON, "layer_norm_eps")
            .setting(ROPE_BASE, Key.of("rope_theta", "rotary_emb_base").or("10000"))
            .setting(
                    ROPE_FRACTION, Key.of("partial_rotary_factor", "rotary_pct").or("0.25"))
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

    /** The table of positions begins with two rows that no token uses. */
    static final Family OPT = FamilyDraft.usual("opt", "model.decoder.")
            .norm(Norm.LAYER_NORM)
            .positions(Positions.LEARNED)
            .setting(D_EMBEDDING, "word_embed_proj_dim")
            .setting(D_MLP, "ffn_dim")
            .setting(NORM_EPSILON, Key.fixed("1e-5"))
            .setting(ACTIVATION, Key.of("activation_function").or("relu"))
            .setting(POSITION_OFFSET, Key.fixed("2"))
            .refuse(
                    "do_layer_norm_before",
                    true,
                    "each norm would come after a block was added, and the stream would not be a sum of what the nodes give")
            .refuse("_remove_final_layer_norm", false, "there would be no norm before the logits")
            .refuse("layer_norm_elementwise_affine", true, "norms would have no weights")
            .part(Part.TOKENS, "embed_tokens")
            .part(Part.EMBEDDING_IN, "project_in")
            .part(Part.POSITIONS, "embed_positions")
            .part(Part.ATTENTION_NORM, "layers.{l}.self_attn_layer_norm")
            .part(Part.Q, "layers.{l}.self_attn.q_proj", Flag.of("enable_bias", true))
            .part(Part.K, "layers.{l}.self_attn.k_proj", Flag.of("enable_bias", true))
            .part(Part.V, "layers.{l}.self_attn.v_proj", Flag.of("enable_bias", true))
            .part(Part.O, "layers.{l}.self_attn.out_proj", Flag.of("enable_bias", true))
            .part(Part.MLP_NORM, "layers.{l}.final_layer_norm")
            .part(Part.MLP_IN, "layers.{l}.fc1", Flag.of("enable_bias", true))
            .part(Part.MLP_OUT, "layers.{l}.fc2", Flag.of("enable_bias", true))
            .part(Part.FINAL_NORM, "final_layer_norm")
            .part(Part.EMBEDDING_OUT, "project_out")
            .part(Part.UNEMBEDDING, "lm_head")
            .family();

    /** No table and no turning: attention falls with distance. A norm follows the embedding. */
    static final Family BLOOM = new FamilyDraft("bloom", "transformer.")
            .norm(Norm.LAYER_NORM)
            .positions(Positions.ALIBI)
            .setting(LAYERS, Key.of("n_layer", "num_hidden_layers"))
            .setting(HEADS, Key.of("n_head", "num_attention_heads"))
            .setting(D_MODEL, Key.of("n_embed", "hidden_size"))
            .setting(D_VOCAB, "vocab_size")
            .setting(Setting.POSITIONS, Key.of("seq_length").or("2048"))
            .setting(NORM_EPSILON, Key.of("layer_norm_epsilon").or("1e-5"))
            .setting(ACTIVATION, Key.fixed("gelu_new"))
            .refuse("apply_residual_connection_post_layernorm", false, "blocks would add to the normed stream")
            .part(Part.TOKENS, "word_embeddings")
            .part(Part.EMBEDDING_NORM, "word_embeddings_layernorm")
            .part(Part.ATTENTION_NORM, "h.{l}.input_layernorm")
            .part(Part.QKV_BY_HEAD, "h.{l}.self_attention.query_key_value", Flag.ALWAYS)
            .part(Part.O, "h.{l}.self_attention.dense", Flag.ALWAYS)
            .part(Part.MLP_NORM, "h.{l}.post_attention_layernorm")
            .part(Part.MLP_IN, "h.{l}.mlp.dense_h_to_4h", Flag.ALWAYS)
            .part(Part.MLP_OUT, "h.{l}.mlp.dense_4h_to_h", Flag.ALWAYS)
            .part(Part.FINAL_NORM, "ln_f")
            .part(Part.UNEMBEDDING, "lm_head")
            .family();

    /** Attention and MLP read one normed stream; a part of each head is turned; the logits have a bias. */
    static final Family PHI = FamilyDraft.usual("phi", "model.")
            .norm(Norm.LAYER_NORM)
            .parallel(Flag.ALWAYS)
            .tied(false)
            .setting(KV_HEADS, "num_key_value_heads")
            .setting(NORM_EPSILON, Key.of("layer_norm_eps").or("1e-5"))
            .setting(ROPE_BASE, Key.of("rope_theta").or("10000"))
            .setting(ROPE_FRACTION, Key.of("partial_rotary_factor").or("0.5"))
            .part(Part.TOKENS, "embed_tokens")
            .part(Part.ATTENTION_NORM, "layers.{l}.input_layernorm")
            .part(Part.Q, "layers.{l}.self_attn.q_proj", Flag.ALWAYS)
            .part(Part.K, "layers.{l}.self_attn.k_proj", Flag.ALWAYS)
            .part(Part.V, "layers.{l}.self_attn.v_proj", Flag.ALWAYS)
            .part(Part.Q_NORM, "layers.{l}.self_attn.q_layernorm", Flag.of("qk_layernorm", false), Flag.ALWAYS)
            .part(Part.K_NORM, "layers.{l}.self_attn.k_layernorm", Flag.of("qk_layernorm", false), Flag.ALWAYS)
            .part(Part.O, "layers.{l}.self_attn.dense", Flag.ALWAYS)
            .part(Part.MLP_IN, "layers.{l}.mlp.fc1", Flag.ALWAYS)
            .part(Part.MLP_OUT, "layers.{l}.mlp.fc2", Flag.ALWAYS)
            .part(Part.FINAL_NORM, "final_layernorm")
            .part(Part.UNEMBEDDING, "lm_head", Flag.ALWAYS)
            .family();

    /** Like Llama, but with LayerNorms and a part of each head turned; the large ones are parallel, with one norm for both blocks. */
    static final Family STABLELM = FamilyDraft.usual("stablelm", "model.")
            .norm(Norm.LAYER_NORM)
            .parallel(Flag.of("use_parallel_residual", false))
            .tied(false)
            .setting(KV_HEADS, "num_key_value_heads")
            .setting(NORM_EPSILON, Key.of("layer_norm_eps", "norm_eps").or("1e-5"))
            .setting(ROPE_BASE, Key.of("rope_theta").or("10000"))
            .setting(ROPE_FRACTION, Key.of("partial_rotary_factor", "rope_pct").or("0.25"))
            .part(Part.TOKENS, "embed_tokens")
            .part(Part.ATTENTION_NORM, "layers.{l}.input_layernorm")
            .part(Part.Q, "layers.{l}.self_attn.q_proj", Flag.of("use_qkv_bias", false))
            .part(Part.K, "layers.{l}.self_attn.k_proj", Flag.of("use_qkv_bias", false))
            .part(Part.V, "layers.{l}.self_attn.v_proj", Flag.of("use_qkv_bias", false))
            .part(
                    Part.Q_NORM_BY_HEAD,
                    "layers.{l}.self_attn.q_layernorm.norms.{h}",
                    Flag.of("qk_layernorm", false),
                    Flag.NEVER)
            .part(
                    Part.K_NORM_BY_HEAD,
                    "layers.{l}.self_attn.k_layernorm.norms.{h}",
                    Flag.of("qk_layernorm", false),
                    Flag.NEVER)
            .part(Part.O, "layers.{l}.self_attn.o_proj")
            .part(
                    Part.MLP_NORM,
                    "layers.{l}.post_attention_layernorm",
                    Flag.unless("use_parallel_residual", false),
                    Flag.NEVER)
            .part(Part.MLP_GATE, "layers.{l}.mlp.gate_proj")
            .part(Part.MLP_IN, "layers.{l}.mlp.up_proj")
            .part(Part.MLP_OUT, "layers.{l}.mlp.down_proj")
            .part(Part.FINAL_NORM, "norm")
            .part(Part.UNEMBEDDING, "lm_head")
            .family();

    /** Norms without biases; attention and MLP read one normed stream; neighbours are turned; logits are scaled. */
    static final Family COHERE = FamilyDraft.usual("cohere", "model.")
            .norm(Norm.LAYER_NORM_UNBIASED)
            .positions(Positions.ROTARY_PAIRS)
            .parallel(Flag.ALWAYS)
            .tied(true)
            .setting(KV_HEADS, "num_key_value_heads")
            .setting(D_HEAD, "head_dim")
            .setting(NORM_EPSILON, Key.of("layer_norm_eps").or("1e-5"))
            .setting(ACTIVATION, Key.of("hidden_act").or("silu"))
            .setting(LOGIT_SCALE, Key.of("logit_scale").or("0.0625"))
            .setting(ROPE_BASE, Key.of("rope_theta").or("10000"))
            .part(Part.TOKENS, "embed_tokens")
            .part(Part.ATTENTION_NORM, "layers.{l}.input_layernorm")
            .part(Part.Q, "layers.{l}.self_attn.q_proj", Flag.of("attention_bias", false))
            .part(Part.K, "layers.{l}.self_attn.k_proj", Flag.of("attention_bias", false))
            .part(Part.V, "layers.{l}.self_attn.v_proj", Flag.of("attention_bias", false))
            .part(Part.Q_NORM_BY_HEAD, "layers.{l}.self_attn.q_norm", Flag.of("use_qk_norm", false), Flag.NEVER)
            .part(Part.K_NORM_BY_HEAD, "layers.{l}.self_attn.k_norm", Flag.of("use_qk_norm", false), Flag.NEVER)
            .part(Part.O, "layers.{l}.self_attn.o_proj", Flag.of("attention_bias", false))
            .part(Part.MLP_GATE, "layers.{l}.mlp.gate_proj")
            .part(Part.MLP_IN, "layers.{l}.mlp.up_proj")
            .part(Part.MLP_OUT, "layers.{l}.mlp.down_proj")
            .part(Part.FINAL_NORM, "norm")
            .part(Part.UNEMBEDDING, "lm_head")
            .family();

    /** Layers with a window turn queries and keys; the others know positions by nothing but what is seen. */
    static final Family COHERE2 = new FamilyDraft("cohere2", COHERE)
            .windows(Windows.ALL_BUT_EVERY_NTH)
            .turned(Turned.LAYERS_WITH_A_WINDOW)
            .setting(WINDOW, Key.of("sliding_window").or("4096"))
            .setting(
                    WINDOW_PATTERN,
                    Key.of("sliding_window_pattern", "_sliding_window_pattern").or("4"))
            .without(Part.Q_NORM_BY_HEAD, Part.K_NORM_BY_HEAD)
            .family();

    /** Like Mistral, but with LayerNorms, biases everywhere and an MLP without a gate. */
    static final Family STARCODER2 = FamilyDraft.usual("starcoder2", "model.")
            .norm(Norm.LAYER_NORM)
            .windows(Windows.EVERY_LAYER)
            .setting(KV_HEADS, "num_key_value_heads")
            .setting(D_HEAD, "head_dim")
            .setting(NORM_EPSILON, Key.of("norm_epsilon").or("1e-5"))
            .setting(ACTIVATION, Key.of("hidden_act").or("gelu_pytorch_tanh"))
            .setting(ROPE_BASE, Key.of("rope_theta").or("10000"))
            .setting(WINDOW, "sliding_window")
            .part(Part.TOKENS, "embed_tokens")
            .part(Part.ATTENTION_NORM, "layers.{l}.input_layernorm")
            .part(Part.Q, "layers.{l}.self_attn.q_proj", Flag.of("use_bias", true))
            .part(Part.K, "layers.{l}.self_attn.k_proj", Flag.of("use_bias", true))
            .part(Part.V, "layers.{l}.self_attn.v_proj", Flag.of("use_bias", true))
            .part(Part.O, "layers.{l}.self_attn.o_proj", Flag.of("use_bias", true))
            .part(Part.MLP_NORM, "layers.{l}.post_attention_layernorm")
            .part(Part.MLP_IN, "layers.{l}.mlp.c_fc", Flag.of("use_bias", true))
            .part(Part.MLP_OUT, "layers.{l}.mlp.c_proj", Flag.of("use_bias", true))
            .part(Part.FINAL_NORM, "norm")
            .part(Part.UNEMBEDDING, "lm_head")
            .family();

    /** ALiBi, as BLOOM; no bias anywhere. */
    static final Family MPT = new FamilyDraft("mpt", "transformer.")
            .norm(Norm.LAYER_NORM_UNBIASED)
            .positions(Positions.ALIBI)
            .setting(LAYERS, "n_layers")
            .setting(HEADS, "n_heads")
            .setting(D_MODEL, "d_model")
            .setting(D_VOCAB, "vocab_size")
            .setting(Setting.POSITIONS, Key.of("max_seq_len").or("2048"))
            .setting(NORM_EPSILON, Key.of("layer_norm_epsilon").or("1e-5"))
            .setting(ACTIVATION, Key.fixed("gelu"))
            .setting(SCORE_SCALE, "attn_config.softmax_scale")
            .refuse("logit_scale", "null", "programs differ in whether logits are scaled")
            .refuse("expansion_ratio", "4", "the MLP would have another width")
            .refuse("attn_config.alibi", true, "positions would be learned")
            .refuse("attn_config.alibi_bias_max", "8", "attention would fall with distance by other numbers")
            .refuse("attn_config.clip_qkv", "null", "queries, keys and values would be clipped")
            .refuse("attn_config.qk_ln", false, "queries and keys would be normed")
            .refuse("attn_config.prefix_lm", false, "a position would see those after it")
            .part(Part.TOKENS, "wte")
            .part(Part.ATTENTION_NORM, "blocks.{l}.norm_1")
            .part(Part.QKV, "blocks.{l}.attn.Wqkv")
            .part(Part.O, "blocks.{l}.attn.out_proj")
            .part(Part.MLP_NORM, "blocks.{l}.norm_2")
            .part(Part.MLP_IN, "blocks.{l}.ffn.up_proj")
            .part(Part.MLP_OUT, "blocks.{l}.ffn.down_proj")
            .part(Part.FINAL_NORM, "norm_f")
            .part(Part.UNEMBEDDING, "lm_head")
            .family();

    /** In the order that a message lists them. */
    static final List<Family> ALL = List.of(
            GPT2,
            GPT_NEO,
            GPTJ,
            GPT_NEOX,
            OPT,
            BLOOM,
            PHI,
            STABLELM,
            COHERE,
            COHERE2,
            STARCODER2,
            FalconFamilies.FALCON,
            MPT);

    private LayerNormFamilies() {}
}
