"""Sequential ACDC (Conmy et al. 2023) on transformers, in float64: one run of the whole circuit for each edge. README.md says how it is used."""
import csv, json, sys
from pathlib import Path

import torch, transformers
from transformers.models.llama.modeling_llama import apply_rotary_pos_emb

RESOURCES = Path(__file__).parents[2] / "interpreter/src/test/resources/fixtures"
PARTS = {  # of a model: layers, embedding, last norm; of a layer: attention, its norm, MLP, its norm; the norms after attention and MLP
    "gpt2": ("transformer.h", "transformer.wte", "transformer.ln_f", "attn", "ln_1", "mlp", "ln_2", None, None),
    "llama": ("model.layers", "model.embed_tokens", "model.norm", "self_attn", "input_layernorm", "mlp", "post_attention_layernorm", None, None),
    "gpt_neox": ("gpt_neox.layers", "gpt_neox.embed_in", "gpt_neox.final_layer_norm", "attention", "input_layernorm", "mlp",
                 "post_attention_layernorm", None, None),
    "gemma2": ("model.layers", "model.embed_tokens", "model.norm", "self_attn", "input_layernorm", "mlp", "pre_feedforward_layernorm",
               "post_attention_layernorm", "post_feedforward_layernorm")}


class Circuits:
    """A model of transformers whose every head has a query, a key and a value input of its own, summed from what earlier nodes give."""

    def __init__(self, folder):
        self.hf = transformers.AutoModelForCausalLM.from_pretrained(folder, attn_implementation="eager").double().eval()
        self.config, self.kind = self.hf.config, self.hf.config.model_type
        self.names = PARTS[self.kind]
        self.layers, self.embedding, self.final = (self.hf.get_submodule(name) for name in self.names[:3])
        self.heads, self.d = self.config.num_attention_heads, self.config.hidden_size
        self.d_head = getattr(self.config, "head_dim", None) or self.d // self.heads
        self.kv = getattr(self.config, "num_key_value_heads", self.heads)
        self.parallel = getattr(self.config, "use_parallel_residual", False)
        if rotary := next((m for n, m in self.hf.named_modules() if n.endswith("rotary_emb")), None):
            turned = 2 * len(rotary.inv_freq)
            rotary.inv_freq = self.config.rope_theta ** -(torch.arange(0, turned, 2, dtype=torch.float64) / turned)  # not rounded to float32

    def module(self, layer, at):
        return layer.get_submodule(self.names[at]) if self.names[at] else torch.nn.Identity()

    def edges(self):
        """(source, slot) in ACDC's order: from the last to the first. Sources: i, a0.0 …, m0, …; slots: the same with q, k, v; logits."""
        sources, slots = ["i"], []
        for l in range(len(self.layers)):
            before = list(sources)
            heads = [f"a{l}.h{h}" for h in range(self.heads)]
            slots += [(f"{head}<{port}>", before) for port in "qkv" for head in heads]
            slots.append((f"m{l}", before if self.parallel else before + heads))
            sources += heads + [f"m{l}"]
        slots.append(("logits", sources))
        return [(source, slot) for slot, before in reversed(slots) for source in reversed(before)]

    def qkv(self, attention, x):
        """[.., d] → q, k, v, [.., head, d_head] each."""
        if self.kind == "gpt2":
            return attention.c_attn(x).unflatten(-1, (3, self.heads, -1)).unbind(-3)
        if self.kind == "gpt_neox":
            return attention.query_key_value(x).unflatten(-1, (self.heads, 3, -1)).unbind(-2)
        k, v = (p(x).unflatten(-1, (self.kv, -1)).repeat_interleave(self.heads // self.kv, -2) for p in (attention.k_proj, attention.v_proj))
        return attention.q_proj(x).unflatten(-1, (self.heads, -1)), k, v

    def mixed(self, attention, q, k, v):
        """[row, pos, head, d_head] each → what heads mix, alike."""
        length = q.shape[1]
        if self.kind != "gpt2":
            inner = self.hf.gpt_neox if self.kind == "gpt_neox" else self.hf.model
            cos, sin = inner.rotary_emb(q.new_zeros(1), torch.arange(length)[None])
            turned = cos.shape[-1]
            a, b = apply_rotary_pos_emb(q[..., :turned].transpose(1, 2), k[..., :turned].transpose(1, 2), cos, sin)
            q, k = (torch.cat([x.transpose(1, 2), y[..., turned:]], -1) for x, y in ((a, q), (b, k)))
        scores = torch.einsum("bqhd,bkhd->bhqk", q, k) * (getattr(self.config, "query_pre_attn_scalar", self.d_head) ** -0.5)
        if cap := getattr(self.config, "attn_logit_softcapping", None):
            scores = cap * torch.tanh(scores / cap)
        distance = torch.arange(length)[:, None] - torch.arange(length)
        hidden = (distance < 0) | (distance >= (getattr(attention, "sliding_window", None) or length))
        return torch.einsum("bhqk,bkhd->bqhd", scores.masked_fill(hidden, -torch.inf).softmax(-1), v)

    def run(self, ids, kept=None, ablated=None):
        """Log-probabilities after the last token of each row, and what each source gives. kept: edges that carry this run's values; None: all."""
        scale = self.d ** 0.5 if self.kind == "gemma2" else 1
        given = {"i": self.embedding(ids) * scale}
        start = self.hf.transformer.wpe.weight[: ids.shape[1]] if self.kind == "gpt2" else 0
        constants = []  # of each layer's attention: biases, which belong to no node
        carried = lambda source, slot: given[source] if kept is None or (source, slot) in kept else ablated[source]

        def stream(slot, layers, heads_of=None):
            x = start + carried("i", slot)
            for l in range(layers):
                x = x + attention_out(l, slot) + carried(f"m{l}", slot)
            return x if heads_of is None else x + attention_out(heads_of, slot)

        def attention_out(l, slot):
            total = sum(carried(f"a{l}.h{h}", slot) for h in range(self.heads)) + constants[l]
            return self.module(self.layers[l], 7)(total)

        for l, layer in enumerate(self.layers):
            attention, norm = self.module(layer, 3), self.module(layer, 4)
            ports = []
            for at, port in enumerate("qkv"):
                inputs = [norm(stream(f"a{l}.h{h}<{port}>", l)) for h in range(self.heads)]
                ports.append(torch.stack([self.qkv(attention, x)[at][..., h, :] for h, x in enumerate(inputs)], -2))
            # What a value is whatever the stream, its bias and the norm's through W_V, belongs to no node.
            norm_bias = getattr(norm, "bias", None)
            constant = self.qkv(attention, self.embedding.weight.new_zeros(1, self.d) if norm_bias is None else norm_bias[None])[2]
            z = self.mixed(attention, *ports[:2], ports[2] - constant)
            out = next(m for n, m in attention.named_modules() if n in ("c_proj", "o_proj", "dense"))
            w = (out.weight if self.kind == "gpt2" else out.weight.T).view(self.heads, self.d_head, self.d)
            constants.append(torch.einsum("hd,hdm->m", constant[0], w) + (0 if getattr(out, "bias", None) is None else out.bias))
            for h in range(self.heads):
                given[f"a{l}.h{h}"] = z[:, :, h] @ w[h]
            x = stream(f"m{l}", l, None if self.parallel else l)
            given[f"m{l}"] = self.module(layer, 8)(self.module(layer, 5)(self.module(layer, 6)(x)))
        logits = self.hf.get_output_embeddings()(self.final(stream("logits", len(self.layers))[:, -1]))
        if cap := getattr(self.config, "final_logit_softcapping", None):
            logits = cap * torch.tanh(logits / cap)
        return logits.log_softmax(-1), given


def acdc(model, groups, threshold, by, zero=False):
    """The edges that are left. groups: for rows of one length each, clean ids and corrupted ids [row, pos], and what a metric reads [row, 2]."""
    whole = [model.run(clean)[0] for clean, _, _ in groups]
    ablated = [model.run(corrupted)[1] for _, corrupted, _ in groups]
    if zero:
        ablated = [{source: torch.zeros_like(x) for source, x in given.items()} for given in ablated]
    edges = model.edges()

    def worse(kept):  # a mean over the rows; less is better
        found = [model.run(clean, kept, carried)[0] for (clean, _, _), carried in zip(groups, ablated)]
        return torch.cat([by(p, q, read) for p, q, (_, _, read) in zip(whole, found, groups)]).mean().item()

    kept, margins = set(edges), []
    value = worse(kept)
    for edge in edges:
        new = worse(kept - {edge})
        margins.append(abs(new - value - threshold))
        if new - value < threshold:
            kept.remove(edge)
            value = new
    return [f"{a}->{b}".replace("i->", "input->") for a, b in edges if (a, b) in kept], min(margins), value


BY = {"kl": lambda p, q, read: (p.exp() * (p - q)).sum(-1),
      "metric": lambda p, q, read: (q.gather(-1, read[:, 1:]) - q.gather(-1, read[:, :1]))[:, 0]}


def read(folder, task, count):
    """The first rows of a task, those of one length together."""
    tokenizer = transformers.PreTrainedTokenizerFast(tokenizer_file=str(folder / "tokenizer.json"))
    start = tokenizer.convert_tokens_to_ids("<|endoftext|>")
    ids = lambda text: [start] + tokenizer.encode(text, add_special_tokens=False)
    groups = {}
    for row in list(csv.DictReader(open(RESOURCES / f"{task}.csv")))[:count]:
        answers = [ids(row[name])[1] if name in row else 0 for name in ("correct", "incorrect")]
        groups.setdefault(len(ids(row["clean"])), []).append((ids(row["clean"]), ids(row["corrupted"]), answers))
    return [[torch.tensor(column) for column in zip(*rows)] for rows in groups.values()]


if __name__ == "__main__":
    torch.set_num_threads(1)
    torch.set_grad_enabled(False)
    models = {family: Circuits(RESOURCES / family) for family in sys.argv[2:]}
    torch.Tensor.float, torch.float, torch.float32 = torch.Tensor.double, torch.float64, torch.float64  # norms and angles name float32
    result = []
    cases = [("greater-than", "kl", "patching", t) for t in (0.0003, 0.003, 0.03)] + [("ioi", "metric", "patching", 0.01), ("ioi", "kl", "zero", 0.003)]
    for family, model in models.items():
        for task, by, ablation, threshold in cases:
            kept, margin, value = acdc(model, read(RESOURCES / family, task, 4), threshold, BY[by], ablation == "zero")
            print(family, task, by, ablation, threshold, f"{len(kept)} of {len(model.edges())}, nearest decision {margin:.1e}", flush=True)
            result.append(dict(family=family, task=task, rows=4, by=by, ablation=ablation, threshold=threshold, value=value, edges=kept))
            Path(sys.argv[1]).write_text("[\n" + ",\n".join(json.dumps(case) for case in result) + "\n]\n")
