"""Makes interpreter/src/test/resources/gguf/tokenizers.zip: small tokenizers as GGUF files, and what others make of 1,000 strings with them.

Byte-level BPE is computed here, with the expressions of llama.cpp's table or of the families' own tokenizer.json in the module `regex`; SentencePiece
models by the module `sentencepiece`. Of each string's ids the first four digits of a hash are kept. Where SentencePiece has several best ways to cut a string,
all of them are.

    pip install gguf==0.19.0 sentencepiece==0.2.1 regex tokenizers
    python make_tokenizers.py OUT.zip
"""

import hashlib
import io
import json
import os
import sys
import tempfile
import unicodedata
import zipfile

import gguf
import regex
import sentencepiece
from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers

from tokenizer_strings import SAMPLES, strings

CONTRACTIONS = "(?i:'s|'t|'re|'ve|'m|'ll|'d)"
GPT2 = r"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+"
LLAMA3 = CONTRACTIONS + r"|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
QWEN2 = LLAMA3.replace("{1,3}", "")
UPPER, LOWER = r"[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]", r"[\p{Ll}\p{Lm}\p{Lo}\p{M}]"


def cased(after, digits):
    before = r"[^\r\n\p{L}\p{N}]?"
    return rf"{before}{UPPER}*{LOWER}+{after}|{before}{UPPER}+{LOWER}*{after}|{digits}| ?[^\s\p{{L}}\p{{N}}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+"


GPT4O = cased(CONTRACTIONS + "?", r"\p{N}{1,3}")
PUNCTUATION = r"[\p{P}!-/:-@\[-`{-~]+"
BLOOM = " ?[^(\\s|[.,!?…。，、।۔،])]+"
HAN = "[一-龥ࠀ-一가-퟿]+"
DEEPSEEK_LETTERS = (  # cased letters
    r"\s?["
    "A-Za-z\u00b5\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u01ba\u01bc-\u01bf\u01c4-\u0293\u0295-\u02af\u0370-\u0373\u0376\u0377\u037b-\u037d\u037f"
    "\u0386\u0388-\u038a\u038c\u038e-\u03a1\u03a3-\u03f5\u03f7-\u0481\u048a-\u052f\u0531-\u0556\u10a0-\u10c5\u13a0-\u13f5\u13f8-\u13fd"
    "\u1c90-\u1cba\u1cbd-\u1cbf\u1d00-\u1d2b\u1d6b-\u1d77\u1d79-\u1d9a\u1e00-\u1f15\u1f18-\u1f1d\u1f20-\u1f45\u1f48-\u1f4d\u1f50-\u1f57"
    "\u1f59\u1f5b\u1f5d\u1f5f-\u1f7d\u1f80-\u1fb4\u1fb6-\u1fbc\u1fbe\u1fc2-\u1fc4\u1fc6-\u1fcc\u1fd0-\u1fd3\u1fd6-\u1fdb\u1fe0-\u1fec\u1ff2"
    "-\u1ff4\u1ff6-\u1ffc\u2102\u2107\u210a-\u2113\u2115\u2119-\u211d\u2124\u2126\u2128\u212a-\u212d\u212f-\u2134\u2139\u213c-\u213f\u2145"
    "-\u2149\u214e\u2183\u2184\u2c00-\u2c7b\u2c7e-\u2ce4\u2ceb-\u2cee\u2cf2\u2cf3\ua640-\ua66d\ua680-\ua69b\ua722-\ua76f\ua771-\ua787\ua78b"
    "-\ua78e\uab70-\uabbf\ufb00-\ufb06\ufb13-\ufb17\uff21-\uff3a\uff41-\uff5a\U00010400-\U0001044f\U000104b0-\U000104d3\U000104d8-\U000104fb"
    "\U00010c80-\U00010cb2\U00010cc0-\U00010cf2\U000118a0-\U000118df\U0001e900-\U0001e943"
    r"]+"
)
DEEPSEEK_V3 = (
    "[!\"#$%&'()*+,\\-./:;<=>?@\\[\\\\\\]^_`{|}~][A-Za-z]+|[^\r\n\\p{L}\\p{P}\\p{S}]?[\\p{L}\\p{M}]+| ?[\\p{P}\\p{S}]+[\r\n]*"
    "|\\s*[\r\n]+|\\s+(?!\\S)|\\s+"
)

# name: (expressions, each of which cuts what those before have left, whether texts are put into NFC, whether whole words that are tokens stay)
FAMILIES = {
    "gpt-2": ([GPT2], False, False),
    "olmo": ([GPT2], True, False),
    "smollm": ([r"\p{N}", GPT2], False, False),
    "command-r": ([r"\p{N}", GPT2], True, False),
    "llama-bpe": ([LLAMA3], False, True),
    "dbrx": ([LLAMA3], False, False),
    "glm4": ([LLAMA3], False, False),
    "qwen2": ([QWEN2], True, False),
    "deepseek-r1-qwen": ([QWEN2], True, False),
    "stablelm2": ([QWEN2], False, False),
    "seed-coder": ([CONTRACTIONS + r"|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1}| ?[^\s\p{L}\p{N}\r\n]+|\s*[\r\n]+|\s+(?!\S)|\s+"], False, False),
    "gpt-4o": ([GPT4O], False, False),
    "tekken": ([cased("", r"\p{N}")], False, True),
    "tiny_aya": ([r"\d{1,3}(?=(?:\d{3})*\b)", GPT4O], False, False),
    "minicpm5": ([r"\p{N}{1,3}", LLAMA3.replace("{1,3}", "+")], False, True),
    "falcon": ([PUNCTUATION, GPT2], False, False),
    "deepseek-llm": (["[\r\n]", DEEPSEEK_LETTERS, r"\s?[!-/:-~！-／：-～‘-‟　-。]+", r"\s+$", HAN, r"\p{N}"], False, False),
    "deepseek-coder": (["[\r\n]", r"\s?\p{L}+", r"\s?\p{P}+", HAN, r"\p{N}"], False, False),
    "deepseek-v3": ([r"\p{N}{1,3}", "[一-龥぀-ゟ゠-ヿ]+", DEEPSEEK_V3], False, False),
    "bloom": ([" ?[^(\\s|.,!?…。，、।۔،)]+"], False, False),
    "viking": ([" ?[^(\\s|.,!?…。，、।۔،)]+", r"\p{N}"], False, False),
}
# What Unigram's normalizer writes for what, in hexadecimal code points: SentencePiece's own rules take 240 kB.
RULES = "FB01\t66 69\n212B\tC5\nFF21\t41\n9\t20\nA\t20\nD\t20\n3000\t20\nA0\t20\n200B\t20\n65 301\tE9\n1\t\n"
ANY = ()
# Falcon cuts again once bytes are letters, some of which count as digits: ² and ³ are.
OF_LETTERS = {"falcon": [r"\p{N}+", "[0-9][0-9][0-9]"]}
SPECIAL = ["<|endoftext|>", "<|im_start|>"]
USERS = ["<think>", "   "]


def letters_of_bytes():
    """GPT-2's: each byte is a letter that can be seen."""
    seen = list(range(33, 127)) + list(range(161, 173)) + list(range(174, 256))
    letters = {byte: chr(byte) for byte in seen}
    for byte in range(256):
        if byte not in letters:
            letters[byte] = chr(256 + len(letters) - len(seen))
    return letters


LETTERS = letters_of_bytes()


def cut(text, expressions):
    words = [text]
    for expression in expressions:
        pattern, cut_more = regex.compile(expression, regex.V1 if "[.," in expression else regex.V0), []
        for word in words:
            at = 0
            for match in pattern.finditer(word):
                if match.start() == match.end():
                    continue
                cut_more += [word[at : match.start()], match.group()]
                at = match.end()
            cut_more.append(word[at:])
        words = [word for word in cut_more if word]
    return words


class ByteLevel:
    """Byte-level BPE by the book."""

    def __init__(self, tokens, merges, added):
        self.ids = {token: id for id, token in enumerate(tokens)}
        self.ranks = {pair: rank for rank, pair in enumerate(merges)}
        self.added = regex.compile("|".join(regex.escape(text) for text in sorted(added, key=len, reverse=True)))

    def word(self, word, whole):
        symbols = list(word)
        if whole and "".join(symbols) in self.ids:
            return [self.ids["".join(symbols)]]
        while True:
            pairs = [(self.ranks.get(pair, 1 << 40), at) for at, pair in enumerate(zip(symbols, symbols[1:]))]
            if not pairs or min(pairs)[0] == 1 << 40:
                return [self.ids[symbol] for symbol in symbols]
            _, at = min(pairs)
            symbols[at : at + 2] = [symbols[at] + symbols[at + 1]]

    def encode(self, text, family):
        expressions, composed, whole = FAMILIES[family]
        ids, at = [], 0
        for match in list(self.added.finditer(text)) + [None]:
            part = text[at : match.start() if match else len(text)]
            part = unicodedata.normalize("NFC", part) if composed else part
            for word in cut(part, expressions):
                letters = "".join(LETTERS[byte] for byte in word.encode())
                for piece in cut(letters, OF_LETTERS.get(family, [])):
                    ids += self.word(piece, whole)
            if match:
                ids.append(self.ids[match.group()])
                at = match.end()
        return ids


def digest(ids):
    return hashlib.sha256(" ".join(map(str, ids)).encode()).hexdigest()[:4]


def metadata(kind, **values):
    """The bytes of a GGUF file that has only a tokenizer."""
    path = tempfile.mktemp()
    writer = gguf.GGUFWriter(path, values.pop("architecture", "llama"))
    writer.add_tokenizer_model(kind)
    for key, value in values.items():
        getattr(writer, "add_" + key)(value)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.close()
    with open(path, "rb") as file:
        return file.read()


def byte_level(out, texts):
    trained = Tokenizer(models.BPE())
    trained.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)
    trainer = trainers.BpeTrainer(
        vocab_size=256 + 500, initial_alphabet=pre_tokenizers.ByteLevel.alphabet(), max_token_length=12, show_progress=False
    )
    trained.train_from_iterator(texts, trainer)
    model = json.loads(trained.to_str())["model"]
    tokens = sorted(model["vocab"], key=model["vocab"].get)
    merges = [tuple(pair) for pair in model["merges"]]
    # A whole word that merges do not reach: only families that look words up find it.
    tokens.append("Ġjump")
    types = [gguf.TokenType.NORMAL] * len(tokens)
    tokens += SPECIAL + USERS + ["[PAD761]"]
    types += [gguf.TokenType.CONTROL] * 2 + [gguf.TokenType.USER_DEFINED] * 2 + [gguf.TokenType.UNUSED]
    out["byte-level.gguf"] = metadata(
        "gpt2",
        tokenizer_pre="gpt-2",
        token_list=tokens,
        token_types=types,
        token_merges=[" ".join(pair) for pair in merges],
        bos_token_id=tokens.index("<|endoftext|>"),
        add_bos_token=False,
    )
    ours = ByteLevel(tokens, merges, SPECIAL + USERS)
    for family in FAMILIES:
        out[family + ".ids"] = [[ours.encode(text, family)] for text in texts]


def pieces(out, name, texts, **settings):
    folder = tempfile.mkdtemp()
    with open(folder + "/text", "w", encoding="utf-8") as file:
        file.write("\n".join(text.replace("\n", " ") for text in texts))
    sentencepiece.SentencePieceTrainer.train(
        input=folder + "/text", model_prefix=folder + "/model", vocab_size=settings.pop("vocab_size", 900), byte_fallback=True,
        character_coverage=0.98, minloglevel=2, pad_id=-1, **settings,
    )
    model = sentencepiece.SentencePieceProcessor(model_file=folder + "/model.model")
    proto = sentencepiece_proto(folder + "/model.model")
    tokens, scores, types = [], [], []
    for id in range(model.vocab_size()):
        tokens.append(model.id_to_piece(id))
        scores.append(model.get_score(id))
        types.append(
            gguf.TokenType.UNKNOWN if model.is_unknown(id) else gguf.TokenType.CONTROL if model.is_control(id)
            else gguf.TokenType.BYTE if model.is_byte(id) else gguf.TokenType.USER_DEFINED
            if proto.pieces[id].type == 4 else gguf.TokenType.NORMAL
        )
        if types[-1] == gguf.TokenType.USER_DEFINED:  # as llama.cpp's converter does
            tokens[-1], scores[-1] = tokens[-1].replace("▁", " "), -1000.0
    bpe = settings["model_type"] == "bpe"
    more = {}
    if not bpe:
        more["remove_extra_whitespaces"] = proto.normalizer_spec.remove_extra_whitespaces
        more["precompiled_charsmap"] = proto.normalizer_spec.precompiled_charsmap
    out[name + ".gguf"] = metadata(
        "llama" if bpe else "t5", token_list=tokens, token_scores=scores, token_types=types,
        bos_token_id=1, eos_token_id=2, unk_token_id=0, add_bos_token=True,
        add_space_prefix=proto.normalizer_spec.add_dummy_prefix, **({"tokenizer_pre": "default"} if bpe else {}), **more,
    )
    special = regex.compile("(<unk>|<s>|</s>)")
    out[name + ".ids"] = [
        ways([[[model.piece_to_id(part)]] if special.fullmatch(part) else best(model, part, bpe) for part in special.split(text) if part])
        if bpe or "▁" not in text else [ANY]  # which of its spaces are dropped then is the programs' own affair
        for text in texts
    ]


def best(model, text, bpe):
    """The best way to cut a text; of Unigram's, all that are as good but for rounding."""
    if bpe:
        return [model.encode(text)]
    found = [[id for id in ids] for ids in model.nbest_encode(text, nbest_size=64)] or [[]]
    scores = [sum(map(model.get_score, ids)) for ids in found]
    first = model.encode(text)
    return [first] + [ids for ids, score in zip(found, scores) if score > scores[0] - 1e-3 and ids != first and scores[0] == max(scores)]


def ways(parts):
    """All ways to cut a string whose parts can be cut in these ways; one line of hashes."""
    made = [[]]
    for part in parts:
        made = [ids + more for ids in made for more in part][:64]
    return made


def sentencepiece_proto(path):
    from sentencepiece import sentencepiece_model_pb2

    proto = sentencepiece_model_pb2.ModelProto()
    with open(path, "rb") as file:
        proto.ParseFromString(file.read())
    return proto


def main(path):
    texts = strings(SPECIAL + USERS + ["<s>", "</s>"])
    out = {}
    byte_level(out, texts)
    plain = dict(normalization_rule_name="identity", remove_extra_whitespaces=False, allow_whitespace_only_pieces=True)
    pieces(out, "pieces", texts, model_type="bpe", **plain)
    runs = ["▁" * count for count in range(2, 9)] + ["\n\n", "\n\n\n", "<table>"]
    pieces(out, "pieces-of-users", texts, model_type="bpe", add_dummy_prefix=False, user_defined_symbols=runs, **plain)
    with tempfile.NamedTemporaryFile("w", suffix=".tsv", delete=False) as rules:
        rules.write(RULES)
    pieces(out, "unigram", texts, model_type="unigram", normalization_rule_tsv=rules.name)
    pieces(out, "unigram-plain", texts, model_type="unigram", **plain)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:

        def put(name, content):
            file.writestr(zipfile.ZipInfo(name, (2026, 1, 1, 0, 0, 0)), content, zipfile.ZIP_DEFLATED)
        put("strings.json", json.dumps(texts, ensure_ascii=True))
        for name, content in out.items():
            put(name, content if isinstance(content, bytes) else "\n".join("*" if ways == [ANY] else " ".join(map(digest, ways)) for ways in content))
    print(path, os.path.getsize(path))


if __name__ == "__main__":
    main(sys.argv[1])
