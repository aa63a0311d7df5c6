"""What EAP-IG says of the real model: the program that makes scores.json.

    python scores.py FOLDER --eap-ig EAP-IG/src --rows ROWS.csv --out scores.json

FOLDER is the one that reference.py writes. EAP-IG runs on TransformerLens in float64, one row at a time: its batch mean is divided by the batch
size once more. The file has the edges with the largest scores. It takes 5 GB of memory.
"""
import argparse
import csv
import json
import sys
from pathlib import Path

import torch
import transformers

sys.path.insert(0, str(Path(__file__).parent.parent / "fixtures"))
import peer
import reference

METHODS = {"eap": ("EAP", None), "eap-ig/2": ("EAP-IG-inputs", 2)}
LARGEST = 300


class Rows:
    """The texts of a file's rows, and their answers as tokens. TransformerLens puts the token that begins a text in front."""

    def __init__(self, folder, file):
        self.tokenizer = transformers.AutoTokenizer.from_pretrained(folder)
        rows = list(csv.DictReader(open(file)))
        self.texts = [(row["clean"], row["corrupted"]) for row in rows]
        self.answers = [(self.one(row["correct"]), self.one(row["incorrect"])) for row in rows]
        self.pairs = list(zip(self.texts, self.answers))

    def one(self, text):
        (token,) = self.tokenizer(text).input_ids
        return token


def logit_diff(logits, answers):
    return logits[answers[0]] - logits[answers[1]]


def eap_ig(source, folder, rows):
    """method → edge → score, and the metric of each row on clean texts."""
    config = transformers.AutoConfig.from_pretrained(folder)
    settings = dict(rotary_base=int(config.rope_theta), eps=config.rms_norm_eps, default_prepend_bos=True)
    model = peer.Peer(source, folder, settings, rows).model
    from eap.attribute import attribute
    from eap.evaluate import evaluate_baseline
    from eap.graph import Graph
    from torch.utils.data import DataLoader
    loader = DataLoader([(clean, corrupted, answers) for (clean, corrupted), answers in rows.pairs], batch_size=1,
                        collate_fn=lambda batch: tuple(map(list, zip(*batch))))

    def each(logits, _, lengths, answers):
        return torch.stack([logit_diff(logits[i, lengths[i] - 1], pair) for i, pair in enumerate(answers)])

    baseline = evaluate_baseline(model, loader, each, quiet=True).tolist()
    tables = {}
    for key, (name, steps) in METHODS.items():
        graph = Graph.from_model(model)
        with torch.enable_grad():
            attribute(model, graph, loader, lambda *args: -each(*args).mean(), method=name, ig_steps=steps, quiet=True)
        tables[key] = {edge: it.score.item() for edge, it in graph.edges.items()}
        print(key, len(tables[key]), "edges", file=sys.stderr)
    return tables, baseline


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder")
    parser.add_argument("--eap-ig", required=True)
    parser.add_argument("--rows", required=True)
    parser.add_argument("--out", required=True)
    args = parser.parse_args()
    torch.set_num_threads(1)
    with reference.wide():
        tables, baseline = eap_ig(args.eap_ig, args.folder, Rows(args.folder, args.rows))
    written = dict(made_with="EAP-IG 795f560 on transformer-lens 2.15.4, float64, batches of one row", baseline=baseline)
    for key, table in tables.items():
        largest = sorted(table, key=lambda edge: -abs(table[edge]))[:LARGEST]
        written[key] = {edge: table[edge] for edge in largest}
    Path(args.out).write_text(json.dumps(written, indent=0) + "\n")


if __name__ == "__main__":
    main()
