"""Makes circuits.json of interpreter/src/test/resources/tests-of-circuits: random circuits, minimization and completeness on the bundled model, in numpy and float64.

    venv/bin/python make_circuits.py ../../stdlib/src/main/resources/io/circuitscript/stdlib/models/demo ../../interpreter/src/test/resources/tests-of-circuits

The model is run one text at a time, one node after the other, in the plainest way: what a node reads by a slot is the sum of what every source before it
gives along that edge, be it in this run or ablated. Nothing is shared between circuits, and minimization tries one edge after the other. Only the
tokenizer is transformers'; `check` compares the whole model with transformers' own.
"""
import csv, json, sys
from pathlib import Path

import numpy as np
import safetensors.numpy
import transformers


def norm(x, weight, bias):
    centred = x - x.mean(-1, keepdims=True)
    return centred / np.sqrt((centred**2).mean(-1, keepdims=True) + 1e-5) * weight + bias


def softmax(x):
    e = np.exp(x - x.max(-1, keepdims=True))
    return e / e.sum(-1, keepdims=True)


class Demo:
    """A GPT-2 taken apart into nodes: input, heads, MLPs, logits."""

    def __init__(self, folder):
        self.w = {name.removeprefix("transformer."): value.astype(np.float64) for name, value in safetensors.numpy.load_file(folder / "model.safetensors").items()}
        config = json.loads((folder / "config.json").read_text())
        self.layers, self.heads, self.width = config["n_layer"], config["n_head"], config["n_embd"]
        self.size = self.width // self.heads
        self.sources = ["input"]
        self.slots = []  # (name, node, how many sources come before it)
        for layer in range(self.layers):
            before = len(self.sources)
            heads = [f"a{layer}.h{head}" for head in range(self.heads)]
            self.slots += [(f"{head}<{port}>", head, before) for port in "qkv" for head in heads]
            self.sources += heads
            self.slots.append((f"m{layer}", f"m{layer}", len(self.sources)))
            self.sources.append(f"m{layer}")
        self.slots.append(("logits", "logits", len(self.sources)))
        self.edges = [f"{source}->{slot}" for source in self.sources for slot, _, before in self.slots if source in self.sources[:before]]

    def run(self, ids, carried=None, kept=None):
        """What every source gives, and the logits after the last token. Along an edge that is not kept a node reads what is carried."""
        w, given = self.w, {}

        def read(slot, before, bias):
            x = w["wpe.weight"][: len(ids)] + bias
            for source in self.sources[:before]:
                x = x + (given[source] if kept is None or f"{source}->{slot}" in kept else carried[source])
            return x

        given["input"] = w["wte.weight"][ids]
        bias, before = np.zeros(self.width), 1  # what attention adds whatever it reads: no node's, never ablated
        causal = np.tril(np.ones((len(ids), len(ids)))) > 0
        for layer in range(self.layers):
            at = f"h.{layer}."
            W = w[at + "attn.c_attn.weight"].reshape(self.width, 3, self.heads, self.size)
            b = w[at + "attn.c_attn.bias"].reshape(3, self.heads, self.size)
            shift = w[at + "ln_1.bias"]
            out = w[at + "attn.c_proj.weight"].reshape(self.heads, self.size, self.width)
            for head in range(self.heads):
                name = f"a{layer}.h{head}"
                q, k, v = (norm(read(f"{name}<{port}>", before, bias), w[at + "ln_1.weight"], shift if port != "v" else 0) @ W[:, i, head] for i, port in enumerate("qkv"))
                q, k = q + b[0, head], k + b[1, head]
                pattern = softmax(np.where(causal, q @ k.T / np.sqrt(self.size), -np.inf))
                given[name] = pattern @ v @ out[head]
            # A value has the norm's bias and its own whatever is read; as weights sum to one, so has what attention adds.
            bias = bias + w[at + "attn.c_proj.bias"] + np.einsum("hs,hsd->d", b[2] + np.einsum("d,dhs->hs", shift, W[:, 2]), out)
            x = norm(read(f"m{layer}", before + self.heads, bias), w[at + "ln_2.weight"], w[at + "ln_2.bias"])
            x = x @ w[at + "mlp.c_fc.weight"] + w[at + "mlp.c_fc.bias"]
            x = 0.5 * x * (1 + np.tanh(np.sqrt(2 / np.pi) * (x + 0.044715 * x**3)))
            given[f"m{layer}"] = x @ w[at + "mlp.c_proj.weight"] + w[at + "mlp.c_proj.bias"]
            before += self.heads + 1
        x = norm(read("logits", before, bias)[-1], w["ln_f.weight"], w["ln_f.bias"])
        return given, x @ w["wte.weight"].T

    def pruned(self, kept):
        """To a fixed point, without the edges of nodes that nothing leads to or that lead nowhere."""
        kept = set(kept)
        while True:
            starts = {edge.split("->")[0] for edge in kept}
            ends = {edge.split("->")[1].split("<")[0] for edge in kept}
            rest = {edge for edge in kept if edge.split("->")[0] in ends | {"input"} and edge.split("->")[1].split("<")[0] in starts | {"logits"}}
            if rest == kept:
                return kept
            kept = rest


class Task:
    """Greater-than: the probability of later years minus that of others."""

    def __init__(self, demo, tokenizer, rows, ablation):
        self.demo = demo
        self.years = [tokenizer.encode(f"{year:02}", add_special_tokens=False)[0] for year in range(100)]
        self.rows = []
        for row in rows:
            clean, corrupted = ([tokenizer.bos_token_id] + tokenizer.encode(row[side], add_special_tokens=False) for side in ("clean", "corrupted"))
            given, _ = demo.run(corrupted)
            carried = given if ablation == "patching" else {source: np.zeros_like(value) for source, value in given.items()}
            self.rows.append((clean, int(row["start_year"]), carried))
        self.model = self.mean(demo.edges)
        self.empty = self.mean([])

    def values(self, circuit):
        kept = self.demo.pruned(circuit)
        values = []
        for clean, year, carried in self.rows:
            p = softmax(self.demo.run(clean, carried, kept)[1])[self.years]
            values.append(p[year + 1 :].sum() - p[: year + 1].sum())
        return values

    def mean(self, circuit):
        return float(np.mean(self.values(circuit)))

    def faithfulness(self, circuit):
        return (self.mean(circuit) - self.empty) / (self.model - self.empty)


def minimized(task, circuit, scores, tolerance):
    """One edge after the other, the weakest first; of equally weak ones the later."""
    left, trials = set(task.demo.pruned(circuit)), []
    before = task.faithfulness(left)
    edges = task.demo.edges
    for edge in sorted(circuit, key=lambda it: (abs(scores[it]), -edges.index(it))):
        if edge not in left:
            continue
        without = task.demo.pruned(left - {edge})
        faithfulness = task.faithfulness(without)
        removed = bool(faithfulness >= before - tolerance)
        trials.append({"edge": edge, "faithfulness": faithfulness, "removed": removed})
        if removed:
            left = without
    return {"tolerance": tolerance, "before": before, "edges": sorted(left), "trials": trials}


def leaving(demo, nodes):
    return {edge for edge in demo.edges if edge.split("->")[0] in nodes}


def complete(task, circuit, nodes):
    demo = task.demo
    return {"nodes": nodes, "circuit": task.mean(set(circuit) - leaving(demo, nodes)), "model": task.mean(set(demo.edges) - leaving(demo, nodes))}


def check(demo, folder, tokenizer):
    model = transformers.AutoModelForCausalLM.from_pretrained(folder, torch_dtype="float64", attn_implementation="eager")
    import torch

    ids = [tokenizer.bos_token_id] + tokenizer.encode("The war lasted from the year 1741 to the year 17", add_special_tokens=False)
    with torch.no_grad():
        theirs = model(torch.tensor([ids])).logits[0, -1].numpy()
    worst = np.abs(demo.run(ids)[1] - theirs).max()
    assert worst < 1e-9, worst
    print("logits off by", worst)


def main(folder, out):
    demo = Demo(folder)
    tokenizer = transformers.AutoTokenizer.from_pretrained(folder)
    check(demo, folder, tokenizer)
    rows = list(csv.DictReader((out / "greater-than.csv").open()))
    chance = np.random.default_rng(24)
    made = {}
    for ablation in ("patching", "zero"):
        task = Task(demo, tokenizer, rows, ablation)
        scores = {edge: task.model - task.mean(set(demo.edges) - {edge}) for edge in demo.edges}
        circuit = sorted(demo.edges, key=lambda edge: -abs(scores[edge]))[:50]
        heads = [f"a{layer}.h{head}" for layer in range(demo.layers) for head in range(demo.heads)]
        touched = {end.split("<")[0] for edge in demo.pruned(circuit) for end in edge.split("->")} - {"input", "logits"}
        subsets = [sorted(touched)] + [sorted(node for node in touched if chance.random() < 0.5) for _ in range(6)]
        random = [sorted(chance.choice(demo.edges, size, replace=False).tolist()) for size in (120, 240, 240, 360, 440)]
        made[ablation] = {
            "model": task.model,
            "empty": task.empty,
            "circuit": sorted(circuit),
            "scores": {edge: scores[edge] for edge in sorted(circuit)},
            "minimize": [minimized(task, circuit, scores, tolerance) for tolerance in (0, 0.01, 0.2)],
            "complete": [complete(task, circuit, nodes) for nodes in subsets],
            "random": [{"edges": edges, "values": task.values(edges)} for edges in random],
        }
        print(ablation, [(len(it["edges"]), len(it["trials"]), it["before"]) for it in made[ablation]["minimize"]], [it["values"][0] for it in made[ablation]["random"]])
    lines = [f" {json.dumps(ablation)}: {{\n" + ",\n".join(f"  {json.dumps(key)}: {json.dumps(value)}" for key, value in of.items()) + "\n }" for ablation, of in made.items()]
    (out / "circuits.json").write_text("{\n" + ",\n".join(lines) + "\n}\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
