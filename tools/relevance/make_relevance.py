"""Makes relevance.json of interpreter/src/test/resources/relevance: scores by RelP and by AtP*, by transformers in float64.

    venv/bin/python make_relevance.py ../../interpreter/src/test/resources OUT           # all; some minutes
    venv/bin/python make_relevance.py ../../interpreter/src/test/resources OUT gemma2    # the others stay as OUT has them

What a node and a slot are comes from ../fixtures/reference.py, which gives every slot an input of its own. RelP: modules of transformers are given other
ways back, and PyTorch differentiates. AtP*: for every edge into a query or a key the model runs again, up to that layer's attention, with the source's
contribution replaced in that slot alone, and the change of the probabilities is multiplied by their gradient. Of a score of attention, which follows
from one query and one key, those of one replaced key are a column; each takes part in a softmax with the other columns of the plain run. For GradDrop the model runs once more for every layer, with what the layer adds to the stream detached. One text at a time, nothing is shared.
"""
import csv, json, sys
from pathlib import Path

import torch
import transformers

sys.path.insert(0, str(Path(__file__).parent.parent / "fixtures"))
from reference import Reference, at, wide  # noqa: E402

FIXTURES = ("gpt2", "llama", "gpt_neox", "gemma2", "qwen2", "mistral")
FAMILIES = ("qwen3", "olmo2", "opt", "bloom")
ROWS = 3
OTHER_ABLATIONS = {"gpt2": ("zero", "mean"), "gemma2": ("zero",)}
SOFTMAX = torch.nn.functional.softmax


class Norms:
    """Every norm of a model with its scale as a constant: what it is at the input, or, once kept, what it was at an earlier one."""

    def __init__(self, model):
        self.found = [(name, module) for name, module in model.named_modules() if "Norm" in type(module).__name__]
        self.kept, self.keeps, self.frozen = {}, False, False

    def __enter__(self):
        for name, module in self.found:
            module.forward = lambda x, name=name, module=module: self.norm(name, module, x)
        return self

    def __exit__(self, *_):
        for _, module in self.found:
            del module.forward

    def norm(self, name, module, x):
        centred = x - x.mean(-1, keepdim=True) if isinstance(module, torch.nn.LayerNorm) else x
        eps = module.variance_epsilon if hasattr(module, "variance_epsilon") else module.eps
        scale = (centred.pow(2).mean(-1, keepdim=True) + eps).rsqrt().detach()
        of_heads = "q_norm" in name or "k_norm" in name
        if self.keeps:  # all slots of a layer read one stream in a plain run
            self.kept[name] = scale if of_heads else scale.reshape(-1, scale.shape[-2], 1)[0]
        if self.frozen:
            scale = self.kept[name]
        weight = 1 + module.weight if type(module).__name__.startswith("Gemma") else module.weight
        bias = getattr(module, "bias", None)
        return centred * scale * weight + (0 if bias is None else bias)


class Identity(torch.nn.Module):
    """x · (f(x) / x), the quotient held; where x is 0, as in a stream of zeros, f's derivative is its limit."""

    def __init__(self, function):
        super().__init__()
        self.function = function

    def forward(self, x):
        zero = torch.zeros(1, requires_grad=True)
        with torch.enable_grad():
            limit, = torch.autograd.grad(self.function(zero).sum(), zero)
        return x * torch.where(x == 0, limit, self.function(x) / x).detach()


def relevance_activations(model):
    for module in model.modules():
        for name in ("act", "act_fn", "activation_fn", "gelu_impl"):
            function = getattr(module, name, None)
            if isinstance(function, torch.nn.Module):
                setattr(module, name, Identity(function))
        if hasattr(module, "gate_proj"):
            module.down_proj.register_forward_pre_hook(lambda _, args: (args[0] / 2 + (args[0] / 2).detach(),))


class Enough(Exception):
    pass


class Patterns:
    """Attention's probabilities, layer after layer. leaves: whether a zero is added to each, by which to differentiate; last: stop there"""

    def __init__(self, leaves=False, held=False, last=None):
        self.leaves, self.held, self.last = leaves, held, last
        self.scores, self.found, self.zeros = [], [], []

    def __enter__(self):
        torch.nn.functional.softmax = self.softmax
        return self

    def __exit__(self, kind, *_):
        torch.nn.functional.softmax = SOFTMAX
        return kind is Enough

    def softmax(self, x, *args, **kwargs):
        p = SOFTMAX(x, *args, **kwargs)
        self.scores.append(x.detach()[0])  # [head, query, key]
        self.found.append(p.detach()[0])
        if self.last == len(self.found) - 1:
            raise Enough
        if self.held:
            return p.detach()
        if not self.leaves:
            return p
        self.zeros.append(torch.zeros_like(p, requires_grad=True))
        return p + self.zeros[-1]


class Patched(Reference):
    """A reference whose slots may have one source's contribution replaced, and whose layers may be detached from what reads them."""

    bump, dropped = None, None

    def stream(self, run, slot, kept, ablated):
        if self.dropped is not None:
            of_layer = [name.startswith((f"a{self.dropped}.", f"m{self.dropped}")) for name in self.graph.sources]
            run.sources = torch.where(torch.tensor(of_layer)[:, None, None], run.sources.detach(), run.sources)
        if self.bump is not None and self.bump[0] == slot:
            _, source, change = self.bump
            layer = self.inside(source)
            if layer is None:
                run.deltas[slot] = change
            else:
                run.inner[slot, layer] = change
        return super().stream(run, slot, kept, ablated)

    def inside(self, source):
        """The layer of a head whose output goes through a norm with its neighbours'; else None."""
        layer = int(source[1:].split(".")[0]) if source[0] == "a" else None
        return layer if layer is not None and self.posts[layer] is not None else None


def carried(reference, pairs, word):
    """For each pair what ablated edges carry, [source, pos, dModel]"""
    with torch.no_grad():
        if word == "patching":
            return [reference.run(corrupted).sources for (_, corrupted), _ in pairs]
        clean = [reference.run(ids).sources for (ids, _), _ in pairs]
        if word == "zero":
            return [it * 0 for it in clean]
        mean = torch.cat(clean, 1).mean(1, keepdim=True)
        return [mean.expand(-1, it.shape[1], -1) for it in clean]


def linear(reference, run, value, difference, leaves):
    """Σ difference · gradient for every edge, and the gradients at further leaves"""
    all_leaves = list(run.deltas.values()) + list(run.inner.values()) + leaves
    found = torch.autograd.grad(value, all_leaves, allow_unused=True)
    found = [torch.zeros_like(leaf) if g is None else g for leaf, g in zip(all_leaves, found)]
    of = dict(zip(list(run.deltas) + list(run.inner), found))
    scores = {}
    for u, v in reference.graph.edges():
        layer = reference.inside(u)
        gradient = of[v] if layer is None else of[v, layer]
        scores[u, v] = (difference[reference.graph.number[u]] * gradient).sum().item()
    return scores, found[len(found) - len(leaves):]


def relp(reference, pairs, metric, word, held):
    scores = dict.fromkeys(reference.graph.edges(), 0.0)
    for ((clean, _), row), ablated in zip(pairs, carried(reference, pairs, word)):
        with Patterns(held=held):
            run = reference.run(clean, gradients=True)
        found, _ = linear(reference, run, metric(run.logits, row), ablated - run.sources.detach(), [])
        for edge, score in found.items():
            scores[edge] -= score / len(pairs)
    return list(scores.values())


def pattern_changes(reference, norms, clean, difference):
    """For each edge into a query or key, how much its replacement changes the probabilities of its head, summed over the replaced positions."""
    norms.keeps = True
    with norms, torch.no_grad(), Patterns() as plain:
        reference.run(clean, gradients=True)
    norms.keeps, norms.frozen = False, True
    changes = {}
    with norms, torch.no_grad():
        for u, v in reference.graph.edges():
            if v[-3:] not in ("<q>", "<k>"):
                continue
            layer, head = (int(part) for part in v[1:-3].split(".h"))
            reference.bump = v, u, difference[reference.graph.number[u]]
            with Patterns(last=layer) as moved:
                reference.run(clean, gradients=True)
            reference.bump = None
            before, after = plain.scores[layer][head], moved.scores[layer][head]
            if v.endswith("<q>"):
                replaced = [after]  # a row follows from one query alone, so that all can be replaced at once
            else:
                replaced = [torch.where(torch.arange(len(clean)) == t, after, before) for t in range(len(clean))]
            total = sum(it.softmax(-1) - before.softmax(-1) for it in replaced)
            changes[u, v] = total
    norms.frozen = False
    return changes


def atp(reference, norms, pairs, metric, word):
    """Scores with their signs, and with GradDrop."""
    signed, dropped = (dict.fromkeys(reference.graph.edges(), 0.0) for _ in range(2))
    layers = reference.graph.layers
    for ((clean, _), row), ablated in zip(pairs, carried(reference, pairs, word)):
        with torch.no_grad():
            difference = ablated - reference.run(clean).sources
        changes = pattern_changes(reference, norms, clean, difference)
        for drop in [None, *range(layers)]:
            reference.dropped = drop
            with Patterns(leaves=True) as patterns:
                run = reference.run(clean, gradients=True)
            reference.dropped = None
            found, at_patterns = linear(reference, run, metric(run.logits, row), difference, patterns.zeros)
            for (u, v), change in changes.items():
                layer, head = (int(part) for part in v[1:-3].split(".h"))
                found[u, v] = (change * at_patterns[layer][0, head]).sum().item()
            for edge, score in found.items():
                if drop is None:
                    signed[edge] -= score / len(pairs)
                else:
                    dropped[edge] += abs(score) / (layers - 1) / len(pairs)
    return list(signed.values()), list(dropped.values())


def logit_diff(logits, row):
    return logits[row[0]] - logits[row[1]]


def main(resources, out, *models):
    with open(Path(resources) / "fixtures/ioi.csv", newline="") as file:
        cells = list(csv.DictReader(file))[:ROWS]
    result = json.loads(Path(out).read_text()) if models else {"rows": ROWS}
    for model in models or FIXTURES + FAMILIES:
        folder = Path(resources) / ("fixtures" if model in FIXTURES else "families") / model
        tokenizer = transformers.AutoTokenizer.from_pretrained(folder)
        ids = lambda text: tokenizer.encode(text, add_special_tokens=False)
        bos = [tokenizer.bos_token_id] if tokenizer.bos_token_id is not None else []
        pairs = [([bos + ids(it["clean"]), bos + ids(it["corrupted"])], (ids(it["correct"])[0], ids(it["incorrect"])[0])) for it in cells]
        with wide():
            reference = Patched(folder)
            norms = Norms(reference.model)
            found = {"baseline": [logit_diff(reference.run(clean).logits, row).item() for (clean, _), row in pairs]}
            for word in ("patching", *OTHER_ABLATIONS.get(model, ())):
                signed, dropped = atp(reference, norms, pairs, logit_diff, word)
                found |= {f"atp*/graddrop=false/{word}": signed, f"atp*/{word}": dropped}
            relevance_activations(reference.model)
            with norms:
                for word in ("patching", *OTHER_ABLATIONS.get(model, ())):
                    found[f"relp/{word}"] = relp(reference, pairs, logit_diff, word, False)
                    found[f"relp/attention=fixed/{word}"] = relp(reference, pairs, logit_diff, word, True)
        result[model] = {key: [float(f"{x:.12g}") for x in values] for key, values in found.items()}
        Path(out).write_text(json.dumps(result, separators=(",", ":")) + "\n")
        print(model, flush=True)


main(*sys.argv[1:])
