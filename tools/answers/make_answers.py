"""Makes answers.json of interpreter/src/test/resources/answers: metrics over answers of several tokens, and over several answers, by transformers in float64.

    venv/bin/python make_answers.py ../../interpreter/src/test/resources/fixtures ../../interpreter/src/test/resources/answers

Every answer is read in a text of its own: the prompt with all but the last of the answer's tokens behind it, clean and corrupted alike. Nothing is
shared between answers, nothing is padded, one text runs at a time. What a node is comes from ../fixtures/reference.py.
"""
import ast, csv, json, sys
from pathlib import Path

import torch
import transformers

sys.path.insert(0, str(Path(__file__).parent.parent / "fixtures"))
from reference import Reference, name, wide  # noqa: E402

MODELS = {"gpt2": True, "qwen2": False, "gemma2": True}  # whether a beginning-of-sequence token stands in front
SAMPLE, KEPT, STEPS = 23, 3, 3  # every so many edges are ablated by themselves, and kept in the circuit; steps of EAP-IG


class Row:
    """An example: its answers by column, as token ids, and the texts to read them in."""

    def __init__(self, cells, tokenizer, bos):
        ids = lambda text: tokenizer.encode(text, add_special_tokens=False)
        self.prompts = [bos + ids(cells[side]) for side in ("clean", "corrupted")]
        self.answers = {column: [ids(cells[column])] for column in ("correct", "incorrect")}
        for column in ("answers", "wrong"):
            self.answers[column] = [[item] if isinstance(item, int) else ids(item) for item in ast.literal_eval(cells[column])]

    def value(self, metric, read):
        """read: (clean text, corrupted text) -> the logits of the clean one in some run, [pos, vocabulary]"""
        def logprob(answer):
            logits = read(*[prompt + answer[:-1] for prompt in self.prompts])[-len(answer):]
            return logits.log_softmax(-1)[range(len(answer)), answer].sum()
        return metric({column: torch.stack([logprob(answer) for answer in answers]) for column, answers in self.answers.items()
                       if column in metric.columns})


def logprob_diff(l):
    return l["correct"][0] - l["incorrect"][0]


def answers_diff(l):
    return l["answers"].exp().sum().log() - l["wrong"].exp().sum().log()


logprob_diff.columns, answers_diff.columns = ("correct", "incorrect"), ("answers", "wrong")


def plain(reference, rows, metric, side):
    return [row.value(metric, lambda *texts: reference.run(texts[side]).every).item() for row in rows]


def evaluate(reference, rows, metric, keep, carried):
    """carried: (corrupted text, its length) -> what ablated edges carry, [source, pos, dModel]"""
    return [row.value(metric, lambda clean, corrupted: reference.run(clean, keep, carried(corrupted)).every).item() for row in rows]


def means(reference, rows, metric):
    """Over every example's distinct beginnings of its clean texts: what sources give at the end of each; and the same for each length of them."""
    total, count, by_length = 0, 0, {}
    for row in rows:
        seen = {}
        row.value(metric, lambda clean, corrupted: seen.update({tuple(clean): reference.run(clean)}) or seen[tuple(clean)].every)
        ends = {text[: n + 1]: run.sources[:, n] for text, run in seen.items() for n in range(len(text))}
        for beginning, sources in ends.items():
            total, count = total + sources, count + 1
            s, c = by_length.get(len(beginning), (0, 0))
            by_length[len(beginning)] = s + sources, c + 1
    longest = torch.stack([by_length[n][0] / by_length[n][1] for n in sorted(by_length)], 1)
    return (lambda text: (total / count)[:, None].expand(-1, len(text), -1)), (lambda text: longest[:, : len(text)])


def attribute(reference, rows, metric, steps):
    scores = dict.fromkeys(reference.graph.edges(), 0.0)
    for row in rows:
        for k in range(max(steps, 1)):
            runs = []

            def read(clean, corrupted):
                with torch.no_grad():
                    ablated, before = reference.run(corrupted).sources, reference.run(clean).sources
                embedding = ablated[0] + k / steps * (before[0] - ablated[0]) if steps else None
                runs.append((reference.run(clean, embedding=embedding, gradients=True), ablated - before))
                return runs[-1][0].every

            value = row.value(metric, read)
            for run, difference in runs:
                leaves = {**run.deltas, **run.inner}
                gradients = torch.autograd.grad(value, list(leaves.values()), allow_unused=True, retain_graph=True)
                of = {key: torch.zeros_like(leaf) if g is None else g for (key, leaf), g in zip(leaves.items(), gradients)}
                for u, v in scores:
                    layer = int(u[1:].split(".")[0]) if u[0] == "a" else None
                    gradient = of[v, layer] if layer is not None and reference.posts[layer] is not None else of[v]
                    scores[u, v] -= (difference[reference.graph.number[u]] * gradient).sum().item() / max(steps, 1) / len(rows)
    return list(scores.values())


def exact(reference, rows, metric, edges):
    clean, drops = plain(reference, rows, metric, 0), {}
    patched = lambda text: reference.run(text).sources
    for u, v in edges:
        keep = reference.all_kept()
        keep[v][reference.graph.number[u]] = False
        drops[name((u, v))] = (sum(clean) - sum(evaluate(reference, rows, metric, keep, patched))) / len(rows)
    return drops


def expected(reference, rows, metric):
    edges = reference.graph.edges()
    chosen = [edge for i, edge in enumerate(edges) if i % KEPT]
    keep = {slot: torch.zeros(len(reference.graph.sources), dtype=torch.bool) for slot in reference.graph.slots}
    for u, v in chosen:
        keep[v][reference.graph.number[u]] = True
    with torch.no_grad():
        patched = lambda text: reference.run(text).sources
        mean, positional = means(reference, rows, metric)
        carried = {"patching": patched, "zero": lambda text: patched(text) * 0, "mean": mean, "mean-positional": positional}
        circuits = {word: evaluate(reference, rows, metric, keep, of) for word, of in carried.items()}
        found = {"baseline": plain(reference, rows, metric, 0), "corrupted": plain(reference, rows, metric, 1), "circuit": circuits,
                 "exact": exact(reference, rows, metric, edges[::SAMPLE])}
    return found | {"eap": attribute(reference, rows, metric, 0), f"eap-ig/{STEPS}": attribute(reference, rows, metric, STEPS)}


def main(fixtures, folder):
    with open(Path(folder) / "answers.csv", newline="") as file:
        cells = list(csv.DictReader(file))
    result = {"dropped": f"every {KEPT}rd edge, from the first on"}
    for model, begins in MODELS.items():
        tokenizer = transformers.AutoTokenizer.from_pretrained(Path(fixtures) / model)
        rows = [Row(it, tokenizer, tokenizer.encode("<|endoftext|>", add_special_tokens=False) if begins else []) for it in cells]
        with wide():
            reference = Reference(Path(fixtures) / model)
            result[model] = {metric.__name__: expected(reference, rows, metric) for metric in (logprob_diff, answers_diff)}
        print(model)
    (Path(folder) / "answers.json").write_text(json.dumps(result, separators=(",", ":")) + "\n")


main(*sys.argv[1:])
