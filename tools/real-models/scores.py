"""What EAP-IG says of the real model: the program that makes scores.json.

    python scores.py FOLDER --eap-ig EAP-IG/src --rows ROWS.csv --out scores.json

FOLDER is the one that reference.py writes. EAP-IG runs on TransformerLens in float64, one row at a time: its batch mean is divided by the batch
size once more. A program on transformers alone (fixtures/reference.py) scores the same edges; where the two differ by more than 1e-9 of the
largest score, nothing is written. The file has the edges with the largest scores.
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
    """What a file's rows are in tokens. A token that the model takes as the beginning stands in front, as TransformerLens puts it there."""

    def __init__(self, folder, file):
        self.tokenizer = transformers.AutoTokenizer.from_pretrained(folder)
        rows = list(csv.DictReader(open(file)))
        self.texts = [(row["clean"], row["corrupted"]) for row in rows]
        self.answers = [(self.one(row["correct"]), self.one(row["incorrect"])) for row in rows]
        self.pairs = [((self.ids(clean), self.ids(corrupted)), answers) for (clean, corrupted), answers in zip(self.texts, self.answers)]

    def one(self, text):
        (token,) = self.tokenizer(text).input_ids
        return token

    def ids(self, text):
        return [self.tokenizer.bos_token_id] + self.tokenizer(text).input_ids


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
    loader = DataLoader([(clean, corrupted, answers) for (clean, corrupted), answers in zip(rows.texts, rows.answers)], batch_size=1,
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
        rows = Rows(args.folder, args.rows)
        tables, baseline = eap_ig(args.eap_ig, args.folder, rows)
        own = reference.Reference(args.folder)
        off = {}
        for key, (_, steps) in METHODS.items():
            scores = {reference.name(edge): score for edge, score in own.attribute(rows.pairs, logit_diff, steps or 0).items()}
            assert scores.keys() == tables[key].keys()
            off[key] = max(abs(scores[edge] - score) for edge, score in tables[key].items()) / max(map(abs, scores.values()))
            print(key, "transformers alone is", off[key], "of the largest off", file=sys.stderr)
            assert off[key] < 1e-9
    written = dict(made_with="EAP-IG 795f560 on transformer-lens 2.15.4, float64, batches of one row", transformers_alone_off=off, baseline=baseline)
    for key, table in tables.items():
        largest = sorted(table, key=lambda edge: -abs(table[edge]))[:LARGEST]
        written[key] = {edge: table[edge] for edge in largest}
    Path(args.out).write_text(json.dumps(written, indent=0) + "\n")


if __name__ == "__main__":
    main()
