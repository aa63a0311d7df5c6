"""Optimal ablation (Li and Janson 2024) in plain PyTorch, float64: the reference for `with=optimal`.

    python3 optimal.py ../../interpreter/src/test/resources/fixtures    # writes optimal.json of gpt2, llama and gpt_neox
    python3 optimal.py --demo 50                                         # how near Adam comes to a long L-BFGS run

A transformer written out slot by slot, without fused operations. Every source has a constant: `input` and MLPs a vector [dModel], a head a vector [dHead]
that goes through its part of W_O, as in the authors' program. An ablated edge carries it at every position.
"""
import csv
import json
import math
import sys
from pathlib import Path

import torch
from safetensors.torch import load_file
from tokenizers import Tokenizer

torch.set_default_dtype(torch.float64)
torch.set_num_threads(1)


class Model:
    def __init__(self, folder):
        c = self.c = json.loads((folder / "config.json").read_text())
        self.family = c["model_type"]
        w = {name: tensor.double() for name, tensor in load_file(folder / "model.safetensors").items()}
        w = {name.removeprefix("transformer.").removeprefix("model.").removeprefix("gpt_neox."): tensor for name, tensor in w.items()}
        self.w = w
        self.layers = c.get("n_layer") or c["num_hidden_layers"]
        self.heads = c.get("n_head") or c["num_attention_heads"]
        self.d = c.get("n_embd") or c["hidden_size"]
        self.dh = self.d // self.heads
        self.parallel = self.family == "gpt_neox"
        self.eps = c.get("layer_norm_epsilon") or c.get("layer_norm_eps") or c.get("rms_norm_eps")
        self.parts = [getattr(self, "_" + self.family)(layer) for layer in range(self.layers)]
        # What the attention adds whatever it reads, the biases of its values and of the norm before them, is no head's: it goes with the output's bias.
        names = {"gpt2": "h.%d.ln_1.bias", "gpt_neox": "layers.%d.input_layernorm.bias", "llama": ""}
        self.shift = [w[names[self.family] % layer] if names[self.family] else torch.zeros(self.d) for layer in range(self.layers)]
        self.embedding = w[{"gpt2": "wte", "llama": "embed_tokens", "gpt_neox": "embed_in"}[self.family] + ".weight"]
        self.unembedding = w.get("lm_head.weight", w.get("embed_out.weight", self.embedding))
        self.final = self._norm({"gpt2": "ln_f", "llama": "norm", "gpt_neox": "final_layer_norm"}[self.family])
        self.tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self.sources = 1 + self.layers * (self.heads + 1)
        self.slots = self.layers * (3 * self.heads + 1) + 1

    def _norm(self, name):
        weight, bias = self.w[name + ".weight"], self.w.get(name + ".bias")

        def norm(x):
            if bias is None:
                return x / (x.square().mean(-1, keepdim=True) + self.eps).sqrt() * weight
            x = x - x.mean(-1, keepdim=True)
            return x / (x.square().mean(-1, keepdim=True) + self.eps).sqrt() * weight + bias
        return norm

    def _per_head(self, matrix):  # [heads * dHead, dModel] -> [head, dHead, dModel]
        return matrix.reshape(-1, self.dh, matrix.shape[-1])

    def _gpt2(self, l):
        w, at = self.w, f"h.{l}."
        q, k, v = (self._per_head(m) for m in w[at + "attn.c_attn.weight"].T.split(self.d))
        bq, bk, bv = (b.reshape(self.heads, self.dh) for b in w[at + "attn.c_attn.bias"].split(self.d))
        o = w[at + "attn.c_proj.weight"].reshape(self.heads, self.dh, self.d)
        bv = bv + torch.einsum("m,hdm->hd", w[at + "ln_1.bias"], v)
        bo = w[at + "attn.c_proj.bias"] + torch.einsum("hd,hdm->m", bv, o)

        def mlp(x):
            h = x @ w[at + "mlp.c_fc.weight"] + w[at + "mlp.c_fc.bias"]
            h = h / 2 * (1 + torch.tanh(math.sqrt(2 / math.pi) * (h + 0.044715 * h**3)))
            return h @ w[at + "mlp.c_proj.weight"] + w[at + "mlp.c_proj.bias"]
        return q, k, v, bq, bk, o, bo, self._norm(at + "ln_1"), self._norm(at + "ln_2"), mlp

    def _gpt_neox(self, l):
        w, at = self.w, f"layers.{l}."
        qkv = w[at + "attention.query_key_value.weight"].reshape(self.heads, 3, self.dh, self.d)
        b = w[at + "attention.query_key_value.bias"].reshape(self.heads, 3, self.dh)
        o = w[at + "attention.dense.weight"].T.reshape(self.heads, self.dh, self.d)
        bv = b[:, 2] + torch.einsum("m,hdm->hd", w[at + "input_layernorm.bias"], qkv[:, 2])
        bo = w[at + "attention.dense.bias"] + torch.einsum("hd,hdm->m", bv, o)

        def mlp(x):
            h = x @ w[at + "mlp.dense_h_to_4h.weight"].T + w[at + "mlp.dense_h_to_4h.bias"]
            h = h / 2 * (1 + torch.erf(h / math.sqrt(2)))
            return h @ w[at + "mlp.dense_4h_to_h.weight"].T + w[at + "mlp.dense_4h_to_h.bias"]
        return (qkv[:, 0], qkv[:, 1], qkv[:, 2], b[:, 0], b[:, 1], o, bo,
                self._norm(at + "input_layernorm"), self._norm(at + "post_attention_layernorm"), mlp)

    def _llama(self, l):
        w, at = self.w, f"layers.{l}."
        group = self.heads // self.c["num_key_value_heads"]
        q = self._per_head(w[at + "self_attn.q_proj.weight"])
        k = self._per_head(w[at + "self_attn.k_proj.weight"]).repeat_interleave(group, 0)
        v = self._per_head(w[at + "self_attn.v_proj.weight"]).repeat_interleave(group, 0)
        o = w[at + "self_attn.o_proj.weight"].T.reshape(self.heads, self.dh, self.d)
        none = torch.zeros(self.heads, self.dh)

        def mlp(x):
            gate = x @ w[at + "mlp.gate_proj.weight"].T
            return (gate * torch.sigmoid(gate) * (x @ w[at + "mlp.up_proj.weight"].T)) @ w[at + "mlp.down_proj.weight"].T
        return (q, k, v, none, none, o, torch.zeros(self.d),
                self._norm(at + "input_layernorm"), self._norm(at + "post_attention_layernorm"), mlp)

    def turn(self, x):  # rotary positions of [batch, pos, dHead]
        if self.family == "gpt2":
            return x
        dims = int(self.dh * self.c.get("partial_rotary_factor", self.c.get("rotary_pct", 1)))
        base = self.c.get("rope_theta") or self.c["rotary_emb_base"]
        angle = torch.arange(x.shape[1])[:, None] / base ** (torch.arange(0, dims, 2) / dims)
        cos, sin = angle.cos(), angle.sin()
        a, b, rest = x[..., : dims // 2], x[..., dims // 2: dims], x[..., dims:]
        return torch.cat([a * cos - b * sin, b * cos + a * sin, rest], -1)

    # ---- names

    def source(self, name):
        if name == "input":
            return 0
        if name[0] == "m":
            return 1 + int(name[1:]) * (self.heads + 1) + self.heads
        layer, head = name[1:].split(".h")
        return 1 + int(layer) * (self.heads + 1) + int(head)

    def slot(self, name):
        if name == "logits":
            return self.slots - 1
        if name[0] == "m":
            return int(name[1:]) * (3 * self.heads + 1) + 3 * self.heads
        node, port = name[:-1].split("<")
        layer, head = node[1:].split(".h")
        return int(layer) * (3 * self.heads + 1) + "qkv".index(port) * self.heads + int(head)

    def keep(self, edges):
        keep = torch.zeros(self.sources, self.slots)
        for edge in edges:
            source, slot = edge.split("->")
            keep[self.source(source), self.slot(slot)] = 1
        return keep

    # ---- constants: one list of tensors, a vector for each source

    def outputs(self, constants):
        out = []
        for u, c in enumerate(constants):
            if u == 0 or (u - 1) % (self.heads + 1) == self.heads:
                out.append(c)
            else:
                layer, head = divmod(u - 1, self.heads + 1)
                out.append(c @ self.parts[layer][5][head])
        return out

    def run(self, ids, keep=None, constants=None):
        """Logits after the last position, and what every source gives (heads before W_O). Where keep is 0, an edge carries its constant."""
        batch, length = ids.shape
        fixed = self.outputs(constants) if constants else None
        given, raw = [], []
        base = self.w["wpe.weight"][:length] if self.family == "gpt2" else torch.zeros(length, self.d)

        def read(slot):
            x = base.expand(batch, -1, -1)
            for u, out in enumerate(given):
                x = x + (out if keep is None else keep[u, slot] * out + (1 - keep[u, slot]) * fixed[u])
            return x

        def give(out, of=None):
            given.append(out)
            raw.append(out if of is None else of)

        give(self.embedding[ids])
        for layer, (q, k, v, bq, bk, o, bo, norm1, norm2, mlp) in enumerate(self.parts):
            first = layer * (3 * self.heads + 1)
            heads = []
            for h in range(self.heads):
                x = [norm1(read(first + port * self.heads + h)) for port in range(3)]
                query, key = self.turn(x[0] @ q[h].T + bq[h]), self.turn(x[1] @ k[h].T + bk[h])
                scores = query @ key.transpose(1, 2) / math.sqrt(self.dh)
                scores = scores.masked_fill(torch.ones(length, length).triu(1).bool(), -math.inf)
                values = (x[2] - self.shift[layer]) @ v[h].T
                heads.append(scores.softmax(-1) @ values)
            before = norm2(read(first + 3 * self.heads)) if self.parallel else None
            for h, z in enumerate(heads):
                give(z @ o[h], z)
            base = base + bo
            give(mlp(before if self.parallel else norm2(read(first + 3 * self.heads))))
        return self.final(read(self.slots - 1)[:, -1]) @ self.unembedding.T, raw


class Task:
    def __init__(self, model, file, rows=None):
        self.model = model
        bos = [model.tokenizer.token_to_id("<|endoftext|>")]
        with open(file) as lines:
            texts = [row["clean"] for row in csv.DictReader(lines)][:rows]
        ids = [bos + model.tokenizer.encode(text, add_special_tokens=False).ids for text in texts]
        lengths = sorted({len(row) for row in ids})
        self.groups = [torch.tensor([row for row in ids if len(row) == length]) for length in lengths]
        self.size = len(ids)
        self.clean = []
        total, count = None, 0
        with torch.no_grad():
            for group in self.groups:
                logits, raw = model.run(group)
                self.clean.append(logits.log_softmax(-1))
                sums = [out.sum((0, 1)) for out in raw]
                total = sums if total is None else [a + b for a, b in zip(total, sums)]
                count += group.numel()
        self.means = [sums / count for sums in total]

    def loss(self, keep, constants):
        """KL(model || ablated), a mean over the rows."""
        total = 0
        for group, clean in zip(self.groups, self.clean):
            now = self.model.run(group, keep, constants)[0].log_softmax(-1)
            total = total + (clean.exp() * (clean - now)).sum()
        return total / self.size

    def leaves(self):
        return [mean.clone().requires_grad_() for mean in self.means]


def adam(loss, leaves, steps, rate):
    """As PyTorch's, the rate falling linearly to zero. Gives the losses before each step and after the last."""
    optimizer = torch.optim.Adam(leaves, lr=rate, betas=(0.9, 0.999), eps=1e-8)
    losses = []
    for step in range(steps + 1):
        optimizer.zero_grad()
        now = loss(leaves)
        losses.append(now.item())
        if step == steps:
            return losses
        now.backward()
        for group in optimizer.param_groups:
            group["lr"] = rate * (steps - step) / steps
        optimizer.step()


def lbfgs(loss, leaves, steps):
    optimizer = torch.optim.LBFGS(leaves, max_iter=steps, history_size=50, line_search_fn="strong_wolfe", tolerance_grad=1e-10, tolerance_change=1e-14)

    def closure():
        optimizer.zero_grad()
        now = loss(leaves)
        now.backward()
        return now
    optimizer.step(closure)
    with torch.no_grad():
        return loss(leaves).item()


def flat(tensors):
    return torch.cat([tensor.detach().flatten() for tensor in tensors]).tolist()


def alone(model, source):
    keep = torch.ones(model.sources, model.slots)
    keep[source] = 0
    return keep


def fixtures(folder):
    steps, rate = 12, 1e-2
    for family in ["gpt2", "llama", "gpt_neox"]:
        model = Model(folder / family)
        task = Task(model, folder / "greater-than.csv")
        expected = json.loads((folder / family / "expected.json").read_text())["greater-than"]["circuits"]
        result = {"rows": task.size, "steps": steps, "rate": rate, "means": flat(task.means), "circuits": {}}
        for name in [name for name in expected if name.startswith("greedy") or name == "empty" or name.startswith("all but")]:
            keep = model.keep(expected[name]["edges"])
            leaves = task.leaves()
            start = task.loss(keep, leaves)
            gradient = torch.autograd.grad(start, leaves, allow_unused=True)
            gradient = [torch.zeros_like(leaf) if g is None else g for leaf, g in zip(leaves, gradient)]
            leaves = task.leaves()
            losses = adam(lambda at: task.loss(keep, at), leaves, steps, rate)
            result["circuits"][name] = {"loss": start.item(), "gradient": flat(gradient), "losses": losses}
        losses, gradients, ends = [], [], []
        for source in range(model.sources):
            keep, leaves = alone(model, source), task.leaves()
            start = task.loss(keep, leaves)
            gradients.append(torch.autograd.grad(start, leaves[source])[0])
            losses.append(start.item())
            leaves = task.leaves()
            ends.append(adam(lambda at: task.loss(keep, at), leaves, steps, rate))
        result["alone"] = {"loss": losses, "gradient": flat(gradients), "losses": torch.tensor(ends).mean(0).tolist()}
        (folder / family / "optimal.json").write_text(json.dumps(result) + "\n")
        print(family, task.size, "rows", {name: (table["loss"], table["losses"][-1]) for name, table in result["circuits"].items()})


def demo(rows, circuit):
    here = Path(__file__).resolve().parents[2]
    model = Model(here / "stdlib/src/main/resources/io/circuitscript/stdlib/models/demo")
    task = Task(model, here / "examples/greater-than.csv", rows)
    edges = json.loads(Path(circuit).read_text())["edges"] if circuit else {}
    keep = model.keep([name for name, edge in edges.items() if edge["in_graph"]])
    with torch.no_grad():
        print("mean      ", task.loss(keep, task.means).item())
    for steps, rate in [(100, 1e-2), (200, 1e-2), (100, 3e-2), (200, 3e-2)]:
        losses = adam(lambda at: task.loss(keep, at), task.leaves(), steps, rate)
        print(f"Adam {steps:4d} steps at {rate}: {losses[-1]}, smallest {min(losses)}", flush=True)
    print("L-BFGS    ", lbfgs(lambda at: task.loss(keep, at), task.leaves(), 500))


if __name__ == "__main__":
    if sys.argv[1] == "--demo":
        demo(int(sys.argv[2]), sys.argv[3] if len(sys.argv) > 3 else None)
    else:
        fixtures(Path(sys.argv[1]))
