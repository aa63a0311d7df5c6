"""Writes the tiny models of the test fixtures as GGUF files, by the rules of llama.cpp's convert_hf_to_gguf.py.

    pip install gguf==0.19.0 safetensors
    python tools/gguf/make_models.py interpreter/src/test/resources

Matrices are bfloat16, with the lower bits cut off, so that a file has less than 200 kB; norms and biases are float32. A test cuts the folder's own
weights off in the same way and asks for the same logits. Names and metadata follow llama.cpp's gguf-py, which writes the files.
"""

import json
import pathlib
import sys

import gguf
import numpy as np
from gguf import GGMLQuantizationType as T

# The fixture's folder, llama.cpp's name of the architecture, and the model type by which gguf names its tensors.
MODELS = [
    ("families/llama-llama3", "llama"),
    ("families/llama-linear", "llama"),
    ("families/llama-yarn", "llama"),
    ("fixtures/mistral", "llama"),
    ("fixtures/qwen2", "qwen2"),
    ("families/qwen3", "qwen3"),
    ("families/gemma", "gemma"),
    ("fixtures/gemma2", "gemma2"),
    ("families/gemma3_text", "gemma3"),
    ("families/phi", "phi2"),
    ("families/phi3", "phi3"),
    ("families/phi3-longrope", "phi3"),
    ("families/olmo2", "olmo2"),
    ("families/stablelm", "stablelm"),
    ("families/stablelm-parallel", "stablelm"),
    ("fixtures/gpt2", "gpt2"),
    ("fixtures/gpt_neox", "gptneox"),
    ("families/bloom", "bloom"),
]


def safetensors(path: pathlib.Path) -> dict[str, np.ndarray]:
    data = path.read_bytes()
    length = int.from_bytes(data[:8], "little")
    tensors = {}
    for name, entry in json.loads(data[8 : 8 + length]).items():
        if name == "__metadata__":
            continue
        begin, end = entry["data_offsets"]
        assert entry["dtype"] == "F32", entry
        numbers = np.frombuffer(data[8 + length + begin : 8 + length + end], dtype=np.float32)
        tensors[name] = numbers.reshape(entry["shape"])
    return tensors


def cut(weights: np.ndarray) -> np.ndarray:
    """The numbers that bfloat16 has, nearer to zero."""
    return (np.ascontiguousarray(weights).view(np.uint32) & np.uint32(0xFFFF0000)).view(np.float32)


def paired(weights: np.ndarray, heads: int) -> np.ndarray:
    """LlamaModel.permute."""
    return weights.reshape(heads, 2, weights.shape[0] // heads // 2, *weights.shape[1:]).swapaxes(1, 2).reshape(weights.shape)


def one_after_the_other(weights: np.ndarray, heads: int) -> np.ndarray:
    """GPTNeoXModel and BloomModel: from q, k and v of each head to q of all heads, then k, then v."""
    by_head = weights.reshape(heads, 3, weights.shape[0] // heads // 3, *weights.shape[1:])
    return np.concatenate([by_head[:, port].reshape(-1, *weights.shape[1:]) for port in range(3)])


class Model:
    def __init__(self, folder: pathlib.Path, arch: str):
        self.config = json.loads((folder / "config.json").read_text())
        self.tensors = {name: cut(weights) for name, weights in safetensors(folder / "model.safetensors").items()}
        self.arch = arch

    def get(self, *names, default=None):
        for name in names:
            if self.config.get(name) is not None:
                return self.config[name]
        return default

    @property
    def heads(self) -> int:
        return self.get("num_attention_heads", "n_head")

    @property
    def kv_heads(self) -> int:
        return self.get("num_key_value_heads", default=self.heads)

    @property
    def width(self) -> int:
        return self.get("hidden_size", "n_embd", "n_embed")

    @property
    def head_dim(self) -> int:
        return self.get("head_dim", default=self.width // self.heads)

    @property
    def layers(self) -> int:
        return self.get("num_hidden_layers", "n_layer")

    @property
    def positions(self) -> int:
        return self.get("max_position_embeddings", "n_positions", "seq_length", default=2048)

    def metadata(self, w: gguf.GGUFWriter) -> None:
        arch = self.arch
        w.add_context_length(self.positions)
        w.add_embedding_length(self.width)
        w.add_block_count(self.layers)
        w.add_feed_forward_length(self.get("intermediate_size", "n_inner", default=4 * self.width))
        w.add_head_count(self.heads)
        if arch not in ("gpt2", "gptneox"):
            w.add_head_count_kv(self.kv_heads)
        if self.get("rms_norm_eps") is not None:
            w.add_layer_norm_rms_eps(self.get("rms_norm_eps"))
        else:
            w.add_layer_norm_eps(self.get("layer_norm_epsilon", "layer_norm_eps"))
        if arch not in ("gpt2", "bloom"):
            self.rotary(w)
        if arch in ("gemma", "gemma2", "gemma3", "qwen3") or self.get("head_dim") is not None:
            w.add_key_length(self.head_dim)
            w.add_value_length(self.head_dim)
        if arch in ("gptneox", "stablelm"):
            w.add_parallel_residual(self.get("use_parallel_residual", default=arch == "gptneox"))
        if arch in ("gemma2", "gemma3", "phi3") and self.get("sliding_window"):
            w.add_sliding_window(self.get("sliding_window"))
        if arch == "gemma3":
            w.add_sliding_window_pattern(self.get("sliding_window_pattern"))
        if arch == "gemma2":
            w.add_attn_logit_softcapping(self.get("attn_logit_softcapping"))
            w.add_final_logit_softcapping(self.get("final_logit_softcapping"))
        w.add_file_type(gguf.LlamaFileType.MOSTLY_BF16)

    def rotary(self, w: gguf.GGUFWriter) -> None:
        part = self.get("partial_rotary_factor", "rotary_pct", default=1.0)
        dimensions = int(part * self.head_dim)
        w.add_rope_dimension_count(dimensions)
        base = self.get("rope_theta", "rotary_emb_base", default=10000.0)
        w.add_rope_freq_base(base)
        scaling = self.get("rope_scaling", default={})
        kind = scaling.get("rope_type", scaling.get("type"))
        if kind in ("linear", "yarn"):
            w.add_rope_scaling_type(gguf.RopeScalingType(kind))
            w.add_rope_scaling_factor(scaling["factor"])
            if kind == "yarn":
                w.add_rope_scaling_orig_ctx_len(
                    scaling.get("original_max_position_embeddings", self.positions)
                )
                w.add_rope_scaling_yarn_beta_fast(scaling["beta_fast"])
                w.add_rope_scaling_yarn_beta_slow(scaling["beta_slow"])
        elif kind == "llama3":
            factors = []
            for frequency in base ** -(np.arange(0, dimensions, 2) / dimensions):
                wave = 2 * np.pi / frequency
                length, low, high = (
                    scaling["original_max_position_embeddings"],
                    scaling["low_freq_factor"],
                    scaling["high_freq_factor"],
                )
                if wave < length / high:
                    factors.append(1.0)
                elif wave > length / low:
                    factors.append(scaling["factor"])
                else:
                    smooth = (length / wave - low) / (high - low)
                    factors.append(1 / ((1 - smooth) / scaling["factor"] + smooth))
            w.add_tensor("rope_freqs.weight", np.array(factors, dtype=np.float32))
        elif kind in ("longrope", "su"):
            original = self.get("original_max_position_embeddings")
            w.add_rope_scaling_type(gguf.RopeScalingType.LONGROPE)
            w.add_rope_scaling_orig_ctx_len(original)
            stretch = self.positions / original
            w.add_rope_scaling_attn_factors(np.sqrt(1 + np.log(stretch) / np.log(original)) if stretch > 1 else 1.0)
            w.add_tensor("rope_factors_long.weight", np.array(scaling["long_factor"], dtype=np.float32))
            w.add_tensor("rope_factors_short.weight", np.array(scaling["short_factor"], dtype=np.float32))
        else:
            assert kind in (None, "default", "dynamic"), kind

    def changed(self, name: str, weights: np.ndarray) -> np.ndarray:
        arch = self.arch
        if arch == "llama" and ".q_proj." in name:
            return paired(weights, self.heads)
        if arch == "llama" and ".k_proj." in name:
            return paired(weights, self.kv_heads)
        if arch.startswith("gemma") and name.endswith("norm.weight"):
            return weights + np.float32(1)
        if arch == "gpt2" and name.endswith((".c_attn.weight", ".c_proj.weight", ".c_fc.weight")):
            return weights.T
        if "query_key_value" in name:
            return one_after_the_other(weights, self.heads)
        return weights

    def write(self, out: pathlib.Path) -> None:
        w = gguf.GGUFWriter(out, self.arch)
        self.metadata(w)
        names = gguf.get_tensor_name_map(
            next(key for key, value in gguf.MODEL_ARCH_NAMES.items() if value == self.arch), self.layers
        )
        skipped = (".attention.bias", ".masked_bias", ".rotary_emb.inv_freq", ".attn.bias")
        for name, weights in self.tensors.items():
            if name.endswith(skipped):
                continue
            if name == "lm_head.weight" and self.get("tie_word_embeddings"):
                continue
            known = name.removeprefix("transformer.") if self.arch == "bloom" else name
            new = names.get_name(known, try_suffixes=(".weight", ".bias"))
            assert new is not None, name
            numbers = np.ascontiguousarray(self.changed(name, weights))
            if numbers.ndim == 1:
                w.add_tensor(new, numbers)
            else:
                w.add_tensor(new, gguf.quantize(numbers, T.BF16), raw_dtype=T.BF16)
        w.write_header_to_file()
        w.write_kv_data_to_file()
        w.write_tensors_to_file()
        w.close()


def main() -> None:
    resources = pathlib.Path(sys.argv[1])
    for folder, arch in MODELS:
        out = resources / "gguf" / "models" / (folder.split("/")[1] + ".gguf")
        out.parent.mkdir(parents=True, exist_ok=True)
        Model(resources / folder, arch).write(out)
        print(f"{out}: {out.stat().st_size} bytes")


if __name__ == "__main__":
    main()
