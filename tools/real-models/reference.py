"""What transformers says of the real model: the program that makes expected.json, and a folder that other programs can load.

    python reference.py FILE.gguf OUT.json [--folder FOLDER]

transformers dequantizes the file itself, with llama.cpp's package `gguf`. It runs in float64 throughout (fixtures/reference.py says how), so what
differs from these numbers by more than rounding is wrong. The tokenizer is put together here from the file's vocabulary and merges and the
pre-tokenizers of SmolLM2's own tokenizer.json: each digit by itself, then GPT-2's pattern.
"""
import argparse
import json
import sys
from pathlib import Path

import numpy
import torch
from gguf import GGUFReader
from tokenizers import AddedToken, Tokenizer, decoders, models, pre_tokenizers
from transformers import AutoModelForCausalLM, PreTrainedTokenizerFast

sys.path.insert(0, str(Path(__file__).parent.parent / "fixtures"))
import reference as fixtures

HERE = Path(__file__).parent
TOP = 5
CONTROL = 3  # a token's type in GGUF: never split, never part of a text's words


def tokenizer_of(file):
    fields = GGUFReader(file).fields

    def values(key):
        return fields[key].contents()

    tokens, types = values("tokenizer.ggml.tokens"), values("tokenizer.ggml.token_type")
    assert values("tokenizer.ggml.model") == "gpt2" and values("tokenizer.ggml.pre") == "smollm"
    merges = [tuple(merge.split(" ")) for merge in values("tokenizer.ggml.merges")]
    tokenizer = Tokenizer(models.BPE(vocab={token: i for i, token in enumerate(tokens)}, merges=merges))
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence([pre_tokenizers.Digits(individual_digits=True),
                                                       pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=True)])
    tokenizer.decoder = decoders.ByteLevel()
    tokenizer.add_special_tokens([AddedToken(token, special=True, normalized=False) for token, kind in zip(tokens, types) if kind == CONTROL])
    return PreTrainedTokenizerFast(tokenizer_object=tokenizer, bos_token=tokens[values("tokenizer.ggml.bos_token_id")],
                                   eos_token=tokens[values("tokenizer.ggml.eos_token_id")])


def model_of(file, dtype):
    return AutoModelForCausalLM.from_pretrained(str(Path(file).parent), gguf_file=Path(file).name, dtype=dtype).eval()


def log_probabilities(model, ids):
    """Of every token of the vocabulary after a text. [dVocab]"""
    with torch.no_grad():
        return torch.log_softmax(model(torch.tensor([ids])).logits[0, -1], -1)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file")
    parser.add_argument("out")
    parser.add_argument("--folder", help="write the dequantized model there too, as Hugging Face's tools do")
    args = parser.parse_args()
    texts = json.loads((HERE / "prompts.json").read_text())
    tokenizer = tokenizer_of(args.file)
    torch.set_num_threads(1)
    narrow = model_of(args.file, torch.float32)
    # The file has 1e-5 as the nearest 32-bit number. The model's own config.json says 1e-5: the difference changes scores by 1e-11 of the largest.
    narrow.config.rms_norm_eps = float(str(numpy.float32(narrow.config.rms_norm_eps)))
    if args.folder:
        narrow.save_pretrained(args.folder)
        tokenizer.save_pretrained(args.folder)
    all_ids = [tokenizer(text)["input_ids"] for text in texts]
    float32 = [log_probabilities(narrow, ids) for ids in all_ids]
    prompts, off = [], 0.
    with fixtures.wide():
        wide = type(narrow)(narrow.config).double().eval()  # made within: its rotary angles are in float64 too
        wide.load_state_dict(narrow.state_dict())
        for text, ids, rough in zip(texts, all_ids, float32):
            values, tokens = log_probabilities(wide, ids).topk(TOP)
            off = max(off, (rough[tokens] - values).abs().max().item())
            prompts.append({"text": text, "ids": ids, "top": tokens.tolist(), "logprobs": values.tolist()})
    lines = ",\n".join("  " + json.dumps(prompt, ensure_ascii=False) for prompt in prompts)
    Path(args.out).write_text(f'{{"transformers_float32_off": {off:.1e}, "prompts": [\n{lines}\n]}}\n')
    print(f"{len(prompts)} prompts; float32 is {off:.1e} off")


if __name__ == "__main__":
    main()
