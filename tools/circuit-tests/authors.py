"""What the program of Shi et al. 2024 (blei-lab/circuitry) makes of the metrics in case.jsonl.

    authors.py CIRCUITRY case.jsonl circuit-tests.json

CIRCUITRY is a checkout of github.com/blei-lab/circuitry at ec9850b. Its five test functions run as they are. They get a task that looks the
metric of each row up, instead of one that runs a model, so that TransformerLens is not needed.
"""

import json
import random
import sys
import types
from itertools import cycle

import torch

DIGITS = 6
EPSILON = 0.1
QUANTILE = 0.9


def stub(name, **fields):
    module = types.ModuleType(name)
    module.__dict__.update(fields)
    module.__getattr__ = lambda attribute: type(attribute, (), {})  # whatever is imported from it
    sys.modules[name] = module
    return module


def authors(folder):
    """The authors' test functions and their distance of metrics."""
    sys.path.insert(0, folder)
    stub("transformer_lens")
    stub("circuitry.circuit.edge_level_masked_transformer", __path__=[])
    package = stub("circuitry.mechanistic_interpretability", __path__=[folder + "/circuitry/mechanistic_interpretability"])
    from circuitry.mechanistic_interpretability.base_task import BaseTask

    package.BaseTask = BaseTask
    import circuitry.hypothesis_testing as tests

    return tests, BaseTask.eval_metric


class Edge:
    is_placeholder = False

    def __init__(self, name, present):
        self.src_node, self.dst_node, self.present = name, name, present


class Circuit:
    """A circuit of which nothing is known but its metrics, and those of what is made of it."""

    def __init__(self, values, rest=None, without=None, edges=(), lookup=None, drawn=(), inflated=()):
        self.values, self.rest, self.without = values, rest, without
        self.edges, self.edge_lookup = edges, lookup
        self.drawn, self.inflated = cycle(drawn), cycle(inflated)

    def __len__(self):
        return len(self.edges)

    def sample_circuit(self, size):
        return next(self.drawn)

    def sample_inflated(self, size):
        return next(self.inflated)

    def get_present_edges(self):
        return self.edges

    def remove_edge(self, source, destination):
        return self.without[source]


class Task:
    name = "case"

    def __init__(self, model, circuit, distance):
        self.complete_circuit, self.canonical_circuit, self.eval_metric = model, circuit, distance

    def score_and_logits(self, circuit, invert=False):
        return circuit.rest if invert else circuit.values, None


def main(folder, case, out):
    torch.set_num_threads(1)
    torch.set_default_dtype(torch.float64)
    rows = {}
    for line in open(case, encoding="utf-8"):
        row = json.loads(line)
        rows.setdefault(row["kind"], []).append([round(value, DIGITS) for value in row["values"]])
    of = {kind: [torch.tensor(values, dtype=torch.float64) for values in rows[kind]] for kind in rows}

    tests, distance = authors(folder)
    single = [f"e{i}" for i in range(len(of["single"]))]
    without = {name: Circuit(values) for name, values in zip(single, of["single"])}
    random_circuits = [Circuit(values, rest) for values, rest in zip(of["random"], of["random rest"])]
    inflated = [
        Circuit(values, without={"new": Circuit(less)}, edges=[Edge("new", True)])
        for values, less in zip(of["with"], of["without"])
    ]
    circuit = Circuit(
        of["circuit"][0],
        of["rest"][0],
        without,
        [Edge(name, True) for name in single],
        {"new": {"new": Edge("new", False)}},
        random_circuits,
        inflated,
    )
    task = Task(Circuit(of["model"][0]), circuit, staticmethod(distance).__func__)
    counts = dict(n_random_circuits=len(random_circuits), quantile=QUANTILE)

    sufficiency = tests.sufficiency_test(task, **counts)
    necessity = tests.partial_necessity_test(task, **counts)
    minimality = tests.minimality_test(task, n_random_circuits=len(inflated), quantile=QUANTILE)
    torch.manual_seed(0)
    random.seed(0)
    independence = tests.non_independence_test(task, n_permutations=2000)
    equivalence = tests.non_equivalence_test(task, epsilon=EPSILON)
    # The share of rows that the paper's statistic is made of; the program passes the mean difference of the metrics instead.
    n = len(of["model"][0])
    share = ((of["circuit"][0] - of["model"][0]) > 0).double().mean().item()
    from circuitry.hypothesis_testing.non_equivalence import _compute_pval

    result = {
        "circuitry": "ec9850b",
        "epsilon": EPSILON,
        "quantile": QUANTILE,
        "equivalence": {
            "share": share,
            "p_value": _compute_pval(n, EPSILON, share),
            "all_p_values": [_compute_pval(n, EPSILON, k / n) for k in range(n + 1)],
            "program_difference": equivalence["empirical_difference"],
            "program_p_value": equivalence["p_value"],
        },
        "independence": {"hsic": independence["hisc-statistic"], "p_value": independence["p_value"], "permutations": 2000},
        "minimality": {
            "effects": minimality["candidate_edge_knockout_metrics"].tolist(),
            "random_effects": minimality["random_inflated_knockout_metrics"].tolist(),
            "shares": [float(share) for share in minimality["empirical_quantiles"]],
            "p_values": [it.pvalue for it in minimality["p_values"]],
        },
        "sufficiency": {
            "distance": sufficiency["candidate_circuit_metric"],
            "random_distances": sufficiency["random_circuit_metrics"],
            "share": float(sufficiency["empirical_quantile"]),
            "p_value": float(sufficiency["p_value"]),
        },
        "partial-necessity": {
            "distance": necessity["candidate_circuit_metric"],
            "random_distances": necessity["random_circuit_metrics"],
            "share": float(necessity["empirical_quantile"]),
            "p_value": float(necessity["p_value"].pvalue),
        },
        "values": rows,
    }
    with open(out, "w", encoding="utf-8") as file:
        lines = [f" {json.dumps(key)}: {json.dumps(value)}" for key, value in result.items()]
        file.write("{\n" + ",\n".join(lines) + "\n}\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
