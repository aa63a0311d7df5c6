"""Makes positions.json of interpreter/src/test/resources/positions: circuits whose edges are kept at some positions only, by transformers in float64.

    venv/bin/python make_positions.py ../../interpreter/src/test/resources ../../stdlib/src/main/resources/io/circuitscript/stdlib/models/demo

An edge at a span gives its target what its source gives in this same run at the positions of the span, and what the source gives ablated elsewhere. One
text runs at a time, every answer in a text of its own, nothing is padded or shared. What a node is comes from ../fixtures/reference.py.
"""
import csv, json, random, sys
from pathlib import Path

import torch
import transformers

sys.path.insert(0, str(Path(__file__).parent.parent / "fixtures"))
from reference import Reference, name, wide  # noqa: E402

ROWS, SPANS = 6, ["a", "b", "c", "answer"]  # a token of the text is in a, b or c by chance, and what follows the text in answer
SHARES = [0.03, 0.1, 0.3, 0.6, 0.9, 0.97]  # of the elements that a circuit keeps
EXACT = 14  # so many elements are ablated alone


class Row:
    """An example: its clean and its corrupted tokens, its answers' tokens, and the span of each position of the text."""

    def __init__(self, cells, tokenizer, draws):
        ids = lambda text: tokenizer.encode(text, add_special_tokens=False)
        self.clean, self.corrupted = ([tokenizer.bos_token_id] + ids(cells[side]) for side in ("clean", "corrupted"))
        self.answers = [ids(cells[column]) for column in ("correct", "incorrect")]
        self.spans = [draws.randrange(3) for _ in self.clean]

    def value(self, read):
        """log P(correct) - log P(incorrect). read: (clean text, corrupted text, span of each position) -> logits [pos, vocabulary]"""
        found = []
        for answer in self.answers:
            more = answer[:-1]
            logits = read(self.clean + more, self.corrupted + more, self.spans + [3] * len(more))[-len(answer):]
            found.append(logits.log_softmax(-1)[range(len(answer)), answer].sum().item())
        return found[0] - found[1]


class Elements:
    """The edges slot by slot, within a slot source by source, each at span after span."""

    def __init__(self, graph):
        self.graph = graph
        self.all = [(u, v, s) for u, v in graph.edges() for s in range(len(SPANS))]

    def kept(self, chosen, spans):
        """slot -> [source, pos]: whether an element is kept there. chosen: [element] of bool; spans: [pos]"""
        at = {v: torch.zeros(len(self.graph.sources), len(SPANS), dtype=torch.bool) for v in self.graph.slots}
        for keep, (u, v, s) in zip(chosen, self.all):
            at[v][self.graph.number[u], s] = keep
        return {v: table[:, spans] for v, table in at.items()}


def mean(reference, rows):
    """What each source gives on the clean texts with their answers, each distinct beginning of an example's once. [source, dModel]"""
    total, count = 0, 0
    for row in rows:
        ends = {}
        for answer in row.answers:
            text = row.clean + answer[:-1]
            run = reference.run(text)
            ends.update({tuple(text[: n + 1]): run.sources[:, n] for n in range(len(text))})
        total, count = total + sum(ends.values()), count + len(ends)
    return total / count


def evaluate(reference, rows, elements, chosen, ablated):
    """ablated: corrupted text -> what an ablated edge carries, [source, pos, dModel]"""
    return [row.value(lambda clean, corrupted, spans: reference.run(clean, elements.kept(chosen, spans), ablated(corrupted)).every) for row in rows]


def expected(reference, rows, draws):
    elements = Elements(reference.graph)
    average = mean(reference, rows)
    ablations = {"patching": lambda text: reference.run(text).sources, "zero": lambda text: torch.zeros_like(reference.run(text).sources),
                 "mean": lambda text: average[:, None].expand(-1, len(text), -1)}
    circuits = []
    for share in SHARES:
        chosen = [draws.random() < share for _ in elements.all]
        bits = sum(1 << i for i, keep in enumerate(chosen) if keep)
        circuits.append({"elements": f"{bits:x}"} | {word: evaluate(reference, rows, elements, chosen, of) for word, of in ablations.items()})
    clean = [row.value(lambda text, *_: reference.run(text).every) for row in rows]
    exact = {}
    into_logits = [i for i, (_, v, _) in enumerate(elements.all) if v == "logits"]
    for i in draws.sample(range(len(elements.all)), EXACT) + draws.sample(into_logits, EXACT // 3):
        u, v, s = elements.all[i]
        chosen = [i != j for j in range(len(elements.all))]
        exact[f"{name((u, v))}@{SPANS[s]}"] = {
            word: (sum(clean) - sum(evaluate(reference, rows, elements, chosen, of))) / len(rows) for word, of in ablations.items()}
    return {"rows": [row.spans for row in rows], "circuits": circuits, "exact": exact}


def main(resources, demo):
    resources = Path(resources)
    with open(resources / "answers" / "answers.csv", newline="") as file:
        cells = list(csv.DictReader(file))[:ROWS]
    result = {"order": "slot by slot, within a slot source by source, within an edge span by span; bit 0 is the first", "spans": SPANS}
    for folder in (resources / "fixtures" / "gpt2", resources / "fixtures" / "llama", Path(demo)):
        draws = random.Random(folder.name)
        tokenizer = transformers.AutoTokenizer.from_pretrained(folder)
        with wide(), torch.no_grad():
            rows = [Row(it, tokenizer, draws) for it in cells]
            result[folder.name] = expected(Reference(folder), rows, draws)
        print(folder.name)
    (resources / "positions" / "positions.json").write_text(json.dumps(result, separators=(",", ":")) + "\n")


torch.set_num_threads(1)
main(*sys.argv[1:])
