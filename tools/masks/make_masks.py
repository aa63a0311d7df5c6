"""Learned masks of tiny models, in PyTorch alone: the numbers that `LearnedMasksTest` compares with.

The two models are written out here, in float64, with an input of its own for each head's query, key and value, each MLP and the logits:
the sum over earlier sources u of m_u * out_u + (1 - m_u) * ablated_u, and what belongs to no source. Gradients are PyTorch's autograd, steps are
torch.optim.AdamW's, the learning rate is LambdaLR's. Nothing is shared with the program that is tested.

    python make_masks.py FIXTURES OUT.json
"""
import csv, json, math, sys
from pathlib import Path

import torch
import torch.nn.functional as F
from safetensors.torch import load_file
from tokenizers import Tokenizer

torch.set_num_threads(1)
torch.set_default_dtype(torch.float64)

SEED = 7
STEPS = 20


class SplitMix:
    """Steele, Lea and Flood's SplitMix64; the draw of any number at once."""

    WORD = (1 << 64) - 1

    def __init__(self, seed):
        self.seed = seed

    def uniform(self, number):
        z = (self.seed + (number + 1) * 0x9E3779B97F4A7C15) & self.WORD
        z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & self.WORD
        z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & self.WORD
        z ^= z >> 31
        return ((z >> 12) + 0.5) * 2.0**-52

    def uniforms(self, first, count):
        return torch.tensor([self.uniform(first + i) for i in range(count)])


class Model:
    """What both families have in common: nodes, edges, and the mixing."""

    def __init__(self, folder):
        config = json.loads((folder / "config.json").read_text())
        self.config = config
        self.w = {name: tensor.double() for name, tensor in load_file(folder / "model.safetensors").items()}
        self.tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self.setup(config)
        self.sources = ["input"]
        self.slots = []  # (name, how many sources come before)
        for layer in range(self.layers):
            heads = [f"a{layer}.h{h}" for h in range(self.heads)]
            for port in "qkv":
                self.slots += [(f"{head}<{port}>", len(self.sources)) for head in heads]
            self.sources += heads
            self.slots.append((f"m{layer}", len(self.sources)))
            self.sources.append(f"m{layer}")
        self.slots.append(("logits", len(self.sources)))
        # In the order of sources, and for each of slots.
        self.edges = [(u, v) for u in range(len(self.sources)) for v, (_, before) in enumerate(self.slots) if u < before]

    def edge_names(self):
        return [f"{self.sources[u]}->{self.slots[v][0]}" for u, v in self.edges]

    def tokens(self, text):
        ids = self.tokenizer.encode(text, add_special_tokens=False).ids
        bos = self.config["bos_token_id"]
        return torch.tensor(ids if ids[0] == bos else [bos] + ids)

    def matrix(self, values):
        """A number for each edge, [.., edge] -> [.., source, slot]."""
        u, v = torch.tensor(self.edges).T
        whole = torch.zeros(*values.shape[:-1], len(self.sources), len(self.slots))
        return whole.index_put((*[torch.arange(n).view(-1, 1) for n in values.shape[:-1]], u, v), values)

    def run(self, ids, mask=None, ablated=None):
        """The logits after the last token, and what each source gave. mask [source, slot], ablated [source][pos, dModel]"""
        n = len(ids)
        out = [self.embedding(ids)]
        constant = self.positions(n)

        def read(slot):
            before = self.slots[slot][1]
            total = constant
            for u in range(before):
                if mask is None:
                    total = total + out[u]
                else:
                    total = total + mask[u, slot] * out[u] + (1 - mask[u, slot]) * ablated[u]
            return total

        slot = 0
        for layer in range(self.layers):
            q = [read(slot + h) for h in range(self.heads)]
            k = [read(slot + self.heads + h) for h in range(self.heads)]
            v = [read(slot + 2 * self.heads + h) for h in range(self.heads)]
            given, always = self.attention(layer, q, k, v)
            out += given
            constant = constant + always
            out.append(self.mlp(layer, read(slot + 3 * self.heads)))
            slot += 3 * self.heads + 1
        return self.unembed(read(slot)[-1]), out


def causal(scores):
    n = scores.shape[-1]
    return scores.masked_fill(torch.ones(n, n).triu(1).bool(), -math.inf).softmax(-1)


class Gpt2(Model):
    def setup(self, config):
        self.layers, self.heads = config["n_layer"], config["n_head"]
        self.d_head = config["n_embd"] // self.heads

    def at(self, name):
        return self.w[name] if name in self.w else self.w["transformer." + name]

    def unit(self, x):
        return F.layer_norm(x, x.shape[-1:], eps=self.config["layer_norm_epsilon"])

    def norm(self, name, x):
        return self.unit(x) * self.at(name + ".weight") + self.at(name + ".bias")

    def embedding(self, ids):
        return self.at("wte.weight")[ids]

    def positions(self, n):
        return self.at("wpe.weight")[:n]

    def attention(self, layer, q, k, v):
        name = f"h.{layer}"
        w = self.at(name + ".attn.c_attn.weight").chunk(3, -1)
        b = self.at(name + ".attn.c_attn.bias").chunk(3, -1)
        w_o = self.at(name + ".attn.c_proj.weight")
        shift = self.at(name + ".ln_1.bias")
        given = []
        for h in range(self.heads):
            part = slice(h * self.d_head, (h + 1) * self.d_head)
            queries = self.norm(name + ".ln_1", q[h]) @ w[0][:, part] + b[0][part]
            keys = self.norm(name + ".ln_1", k[h]) @ w[1][:, part] + b[1][part]
            # What values have whatever the stream belongs to no head.
            values = (self.unit(v[h]) * self.at(name + ".ln_1.weight")) @ w[2][:, part]
            z = causal(queries @ keys.T / math.sqrt(self.d_head)) @ values
            given.append(z @ w_o[part])
        return given, (shift @ w[2] + b[2]) @ w_o + self.at(name + ".attn.c_proj.bias")

    def mlp(self, layer, x):
        name = f"h.{layer}.mlp"
        hidden = self.norm(f"h.{layer}.ln_2", x) @ self.at(name + ".c_fc.weight") + self.at(name + ".c_fc.bias")
        return F.gelu(hidden, approximate="tanh") @ self.at(name + ".c_proj.weight") + self.at(name + ".c_proj.bias")

    def unembed(self, x):
        table = self.w["lm_head.weight"] if "lm_head.weight" in self.w else self.at("wte.weight")
        return self.norm("ln_f", x) @ table.T


class Llama(Model):
    def setup(self, config):
        self.layers, self.heads = config["num_hidden_layers"], config["num_attention_heads"]
        self.d_head = config["head_dim"]
        self.group = self.heads // config["num_key_value_heads"]

    def norm(self, name, x):
        scale = torch.rsqrt(x.square().mean(-1, keepdim=True) + self.config["rms_norm_eps"])
        return x * scale * self.w[name + ".weight"]

    def embedding(self, ids):
        return self.w["model.embed_tokens.weight"][ids]

    def positions(self, n):
        return torch.zeros(n, self.config["hidden_size"])

    def turned(self, x):
        half = self.d_head // 2
        speeds = self.config["rope_theta"] ** (-torch.arange(half) / half)
        angles = torch.arange(len(x)).double()[:, None] * speeds
        first, second = x[:, :half], x[:, half:]
        return torch.cat(
            [first * angles.cos() - second * angles.sin(), second * angles.cos() + first * angles.sin()], -1)

    def attention(self, layer, q, k, v):
        name = f"model.layers.{layer}."
        given = []
        for h in range(self.heads):
            own = slice(h * self.d_head, (h + 1) * self.d_head)
            shared = slice(h // self.group * self.d_head, (h // self.group + 1) * self.d_head)
            weight = {p: self.w[name + f"self_attn.{p}_proj.weight"] for p in "qkvo"}
            queries = self.turned(self.norm(name + "input_layernorm", q[h]) @ weight["q"][own].T)
            keys = self.turned(self.norm(name + "input_layernorm", k[h]) @ weight["k"][shared].T)
            values = self.norm(name + "input_layernorm", v[h]) @ weight["v"][shared].T
            z = causal(queries @ keys.T / math.sqrt(self.d_head)) @ values
            given.append(z @ weight["o"][:, own].T)
        return given, 0.0

    def mlp(self, layer, x):
        name = f"model.layers.{layer}."
        x = self.norm(name + "post_attention_layernorm", x)
        weight = {p: self.w[name + f"mlp.{p}_proj.weight"] for p in ("gate", "up", "down")}
        return (F.silu(x @ weight["gate"].T) * (x @ weight["up"].T)) @ weight["down"].T

    def unembed(self, x):
        return self.norm("model.norm", x) @ self.w["lm_head.weight"].T


class Task:
    """Rows, with the model's own predictions and what ablated edges carry: the corrupted run, or nothing."""

    def __init__(self, model, file, ablation):
        self.model = model
        self.rows = []
        with open(file) as text, torch.no_grad():
            for row in csv.DictReader(text):
                clean, corrupted = model.tokens(row["clean"]), model.tokens(row["corrupted"])
                logits, given = model.run(clean)
                carried = model.run(corrupted)[1] if ablation == "patching" else [torch.zeros_like(it) for it in given]
                self.rows.append((clean, logits.log_softmax(-1), carried))

    def divergence(self, row, mask):
        clean, whole, carried = self.rows[row]
        found = self.model.run(clean, mask, carried)[0].log_softmax(-1)
        return (whole.exp() * (whole - found)).sum()


def given_masks(task):
    """The loss and its gradient at masks that are drawn: the same for all rows."""
    values = SplitMix(SEED).uniforms(0, len(task.model.edges)).requires_grad_()
    loss = sum(task.divergence(row, task.model.matrix(values)) for row in range(len(task.rows))) / len(task.rows)
    loss.backward()
    return {"loss": loss.item(), "gradient": values.grad.tolist()}


def edge_pruning(task, sparsity):
    edges, chance = len(task.model.edges), SplitMix(SEED)
    temperature, left, right, rate = 2 / 3, -0.1, 1.1, 0.8
    start = []
    for i in range(edges):
        a, b = chance.uniform(STEPS * edges + 2 * i), chance.uniform(STEPS * edges + 2 * i + 1)
        start.append(10 + 0.01 * math.sqrt(-2 * math.log(a)) * math.cos(2 * math.pi * b))
    alpha = torch.tensor(start, requires_grad=True)
    first, second = torch.zeros((), requires_grad=True), torch.zeros((), requires_grad=True)
    # Weights decay by hand: what PyTorch's AdamW takes away is rate * decay of a value, and the number of steps is not the authors'.
    optimizer = torch.optim.AdamW(
        [{"params": [alpha]}, {"params": [first, second], "maximize": True}], lr=rate, weight_decay=0)
    rises = STEPS / 15

    def factor(step):
        return step / rises if step < rises else (STEPS - step) / (STEPS - rises)

    schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, factor)
    losses = []
    for step in range(STEPS):
        u = chance.uniforms(step * edges, edges)
        s = torch.sigmoid((torch.log(u) - torch.log(1 - u) + alpha) / temperature)
        z = F.hardtanh((right - left) * s + left, 0, 1)
        mask = task.model.matrix(z)
        loss = sum(task.divergence(row, mask) for row in range(len(task.rows))) / len(task.rows)
        beyond = 1 - z.mean() - sparsity * min(1, step / (STEPS * 2500 / 3000))
        optimizer.zero_grad()
        (loss + first * beyond + second * beyond**2).backward()
        with torch.no_grad():
            for value in (alpha, first, second):
                value *= (1 - 0.01 * rate * factor(step)) ** (3000 / STEPS)
        optimizer.step()
        schedule.step()
        losses.append(loss.item())
    return {"losses": losses, "scores": torch.sigmoid(0.8 * alpha.detach() / temperature).tolist()}


def ugs(task, cost, rate, steps):
    edges, chance, rows = len(task.model.edges), SplitMix(SEED), len(task.rows)
    rounds = max(1, 60 // rows)
    a = torch.ones(edges, requires_grad=True)
    optimizer = torch.optim.Adam([a], lr=rate, betas=(0.9, 0.995))
    losses = []
    for step in range(steps):
        kept = a.sigmoid()
        total, reached = torch.zeros(edges), torch.zeros(edges)
        loss = 0.0
        for round in range(rounds):
            for row in range(rows):
                u = chance.uniforms((((step << 16) + round) * rows + row) * edges, edges)
                with torch.no_grad():
                    window = kept * (1 - kept)
                    values = (1 - ((u - kept) / window + 0.5)).clamp(0, 1)
                values.requires_grad_()
                one = task.divergence(row, task.model.matrix(values))
                one.backward()
                inside = (values > 0) & (values < 1)
                total += torch.where(inside, values.grad, 0)
                reached += inside
                loss += one.item()
        estimate = torch.where(reached > 0, total / reached.clamp(min=1), 0)
        optimizer.zero_grad()
        ((estimate * kept).sum() + cost * kept.sum()).backward()
        optimizer.step()
        losses.append(loss / (rounds * rows))
    return {"losses": losses, "scores": a.sigmoid().tolist()}


def main(fixtures, out):
    result = {"made_with": f"torch {torch.__version__}", "seed": SEED, "steps": STEPS, "cases": []}
    for kind, name, ablation, steps in ((Gpt2, "gpt2", "patching", STEPS), (Llama, "llama", "zero", 5)):
        task = Task(kind(fixtures / name), fixtures / "greater-than.csv", ablation)
        # 0.05 and 0.01 are the authors' rates at that cost, without and with patching, in 3,000 steps; 0.5 is the largest that there is.
        result["cases"].append({
            "model": name,
            "with": ablation,
            "edges": task.model.edge_names(),
            "given": given_masks(task),
            "edge-pruning": edge_pruning(task, 0.9),
            "ugs": ugs(task, 1e-3, 0.5, steps),
        })
        print(name, result["cases"][-1]["edge-pruning"]["losses"][-1], result["cases"][-1]["ugs"]["losses"])
    out.write_text(json.dumps(result) + "\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
