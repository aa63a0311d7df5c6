package io.circuitscript.model;

import io.circuitscript.model.Family.Part;
import io.circuitscript.model.Family.Setting;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What llama.cpp calls the models of a family and how it keeps them. The names of tensors and of metadata are the same for all: those are here too.
 *
 * @param name {@code general.architecture} of a file's metadata
 * @param family the {@code model_type} that config.json has
 * @param activation of every MLP, which no file says
 * @param pairedRows whether rows of query and key matrices lie so that numbers which are turned together are neighbours
 * @param scaledByWidth the number of layers of the model whose attention scores are divided by the root of its width for each head, and not of
 *     the head's own: no file says that either
 */
record GgufArchitecture(String name, String family, String activation, boolean pairedRows, OptionalInt scaledByWidth) {

    private GgufArchitecture(String name, String family, String activation) {
        this(name, family, activation, false, OptionalInt.empty());
    }

    private GgufArchitecture withPairedRows() {
        return new GgufArchitecture(name, family, activation, true, scaledByWidth);
    }

    private GgufArchitecture scaledByWidthAt(int layers) {
        return new GgufArchitecture(name, family, activation, pairedRows, OptionalInt.of(layers));
    }

    /** In the order that a message lists them. */
    static final List<GgufArchitecture> ALL = List.of(
            new GgufArchitecture("llama", "llama", "silu").withPairedRows(),
            new GgufArchitecture("qwen2", "qwen2", "silu"),
            new GgufArchitecture("qwen3", "qwen3", "silu"),
            new GgufArchitecture("gemma", "gemma", "gelu_pytorch_tanh"),
            new GgufArchitecture("gemma2", "gemma2", "gelu_pytorch_tanh").scaledByWidthAt(46),
            new GgufArchitecture("gemma3", "gemma3_text", "gelu_pytorch_tanh").scaledByWidthAt(62),
            new GgufArchitecture("phi2", "phi", "gelu_new"),
            new GgufArchitecture("phi3", "phi3", "silu"),
            new GgufArchitecture("olmo2", "olmo2", "silu"),
            new GgufArchitecture("stablelm", "stablelm", "silu"),
            new GgufArchitecture("gpt2", "gpt2", "gelu_new"),
            new GgufArchitecture("gptneox", "gpt_neox", "gelu"),
            new GgufArchitecture("bloom", "bloom", "gelu_new"));

    static Optional<GgufArchitecture> named(String name) {
        return ALL.stream().filter(it -> it.name().equals(name)).findFirst();
    }

    /** Where the metadata has a setting, after the architecture's name. Those that are absent are in no file. */
    static final Map<Setting, String> KEYS = Map.ofEntries(
            Map.entry(Setting.LAYERS, "block_count"),
            Map.entry(Setting.HEADS, "attention.head_count"),
            Map.entry(Setting.KV_HEADS, "attention.head_count_kv"),
            Map.entry(Setting.D_MODEL, "embedding_length"),
            Map.entry(Setting.D_HEAD, "attention.key_length"),
            Map.entry(Setting.D_MLP, "feed_forward_length"),
            Map.entry(Setting.D_VOCAB, "vocab_size"),
            Map.entry(Setting.POSITIONS, "context_length"),
            Map.entry(Setting.ROPE_BASE, "rope.freq_base"),
            Map.entry(Setting.LOCAL_ROPE_BASE, "rope.freq_base_swa"),
            Map.entry(Setting.ROPE_DIMENSIONS, "rope.dimension_count"),
            Map.entry(Setting.QUERY_SCALAR, "attention.query_scalar"),
            Map.entry(Setting.SCORE_CAP, "attn_logit_softcapping"),
            Map.entry(Setting.LOGIT_CAP, "final_logit_softcapping"),
            Map.entry(Setting.WINDOW, "attention.sliding_window"),
            Map.entry(Setting.WINDOW_PATTERN, "attention.sliding_window_pattern"));

    /** What a part's tensors are called, without {@code .weight} and {@code .bias}. */
    static final Map<Part, String> STEMS = Map.ofEntries(
            Map.entry(Part.TOKENS, "token_embd"),
            Map.entry(Part.POSITIONS, "position_embd"),
            Map.entry(Part.EMBEDDING_NORM, "token_embd_norm"),
            Map.entry(Part.ATTENTION_NORM, "blk.{l}.attn_norm"),
            Map.entry(Part.Q, "blk.{l}.attn_q"),
            Map.entry(Part.K, "blk.{l}.attn_k"),
            Map.entry(Part.V, "blk.{l}.attn_v"),
            Map.entry(Part.QKV, "blk.{l}.attn_qkv"),
            Map.entry(Part.Q_NORM, "blk.{l}.attn_q_norm"),
            Map.entry(Part.K_NORM, "blk.{l}.attn_k_norm"),
            Map.entry(Part.Q_NORM_WHOLE, "blk.{l}.attn_q_norm"),
            Map.entry(Part.K_NORM_WHOLE, "blk.{l}.attn_k_norm"),
            Map.entry(Part.O, "blk.{l}.attn_output"),
            Map.entry(Part.ATTENTION_OUT_NORM, "blk.{l}.post_attention_norm"),
            Map.entry(Part.MLP_NORM, "blk.{l}.ffn_norm"),
            Map.entry(Part.MLP_GATE, "blk.{l}.ffn_gate"),
            Map.entry(Part.MLP_IN, "blk.{l}.ffn_up"),
            Map.entry(Part.MLP_GATE_IN, "blk.{l}.ffn_up"),
            Map.entry(Part.MLP_OUT, "blk.{l}.ffn_down"),
            Map.entry(Part.MLP_OUT_NORM, "blk.{l}.post_ffw_norm"),
            Map.entry(Part.FINAL_NORM, "output_norm"),
            Map.entry(Part.UNEMBEDDING, "output"));
}
