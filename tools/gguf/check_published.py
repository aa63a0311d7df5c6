"""Holds pre-tokenizers.json to the vocabularies that llama.cpp publishes, and to the ids of the original tokenizers beside them.

    python check_published.py FOLDER    # with ggml-vocab-*.gguf, .gguf.inp and .gguf.out
"""

import json
import re
import sys
from pathlib import Path

import gguf
from tokenizers import Tokenizer

TABLE = Path(__file__).parents[2] / "interpreter/src/main/resources/io/circuitscript/model/tokenizer/pre-tokenizers.json"
NAMES = ["falcon", "deepseek-llm", "deepseek-coder", "command-r", "mpt", "refact", "starcoder", "gpt-2", "llama-bpe", "qwen2"]
BETWEEN = "\n__ggml_vocab_test__\n"


def tokenizer(reader, parts):
    tokens, types, merges = (reader.fields["tokenizer.ggml." + key].contents() for key in ("tokens", "token_type", "merges"))
    padding = [kind == 5 and re.fullmatch(r"\[PAD\d+\]", token) for token, kind in zip(tokens, types)]
    flags = dict(single_word=False, lstrip=False, rstrip=False, normalized=False)
    return Tokenizer.from_str(json.dumps({
        "version": "1.0", "truncation": None, "padding": None, "post_processor": None,
        "normalizer": parts.get("normalizer"), "pre_tokenizer": parts["pre_tokenizer"],
        "decoder": {"type": "ByteLevel", "add_prefix_space": False, "trim_offsets": True, "use_regex": True},
        "added_tokens": [dict(id=id, content=token, special=types[id] != 4, **flags) for id, token in enumerate(tokens) if types[id] in (2, 3, 4)],
        "model": {
            "type": "BPE", "dropout": None, "unk_token": None, "continuing_subword_prefix": None, "end_of_word_suffix": None, "fuse_unk": False,
            "byte_fallback": False, "ignore_merges": parts.get("ignore_merges", False),
            "vocab": {token: id for id, token in enumerate(tokens) if token and not padding[id]}, "merges": merges,
        },
    }))


def main(folder):
    table = {name: row for row in json.loads(TABLE.read_text()) for name in row["names"]}
    for name in NAMES:
        path = folder / f"ggml-vocab-{name}.gguf"
        reader = gguf.GGUFReader(path)
        ours = tokenizer(reader, table[reader.fields["tokenizer.ggml.pre"].contents()])
        texts = path.with_suffix(".gguf.inp").open(newline="").read().split(BETWEEN)
        lines = path.with_suffix(".gguf.out").read_text().split("\n")
        wrong = [text for text, line in zip(texts, lines) if ours.encode(text, add_special_tokens=False).ids != [int(id) for id in line.split()]]
        print(name, len(texts), "texts,", len(wrong), "differ", wrong[:3])


if __name__ == "__main__":
    main(Path(sys.argv[1]))
