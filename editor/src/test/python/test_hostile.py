"""Every prefix of every example, and mutations of the examples: no crash, no hang, nothing in the log. In CI a sample; CIRCUIT_LSP_WHOLE=1 tries all."""

import asyncio
import os
import random
import time

import pytest
from conftest import ROOT
from editing import Script, position
from lsprotocol import types as t

WHOLE = bool(os.environ.get("CIRCUIT_LSP_WHOLE"))
EXAMPLES = sorted((ROOT / "examples").glob(os.environ.get("CIRCUIT_LSP_ONLY", "*") + ".circuit"))
MUTATIONS = 1000 if WHOLE else 30
LONGEST = 2.0

PIECES = [
    "{", "}", "(", ")", "[", "]", '"', "'", "\\", "\n", "\r", "\r\n", "\t", ";", ",", "->", "<q>", "@", "..", "=", "==", "*", "#",
    "let ", "for x in ", "while true ", "def f(", "if ", "import \"", "circuit c {", "task t {", "data generate {", "metric m(x) = ",
    "1..1000000", "m0", "a99.h99", "evaluate ", "with=", "print ", "{x:.3}", "\ud83d\ude00".encode("utf-16", "surrogatepass").decode("utf-16"),
    "\u0000", "\u2028", "\ufeff", "x" * 3000, "(" * 300, "-" * 300, "[x for x in ", "_", "9" * 400,
]  # fmt: skip


async def ask_everything(script, at):
    """What an editor asks for while somebody types. The answers come in any time, but each within two seconds."""
    client, whole = script.client, script.id
    place = {"text_document": whole, "position": position(script.text, at)}
    every = t.Range(start=t.Position(line=0, character=0), end=position(script.text, len(script.text)))
    start = time.monotonic()
    answers = await asyncio.wait_for(
        asyncio.gather(
            client.text_document_completion_async(t.CompletionParams(**place)),
            client.text_document_hover_async(t.HoverParams(**place)),
            client.text_document_signature_help_async(t.SignatureHelpParams(**place)),
            client.text_document_definition_async(t.DefinitionParams(**place)),
            client.text_document_document_highlight_async(t.DocumentHighlightParams(**place)),
            client.text_document_document_symbol_async(t.DocumentSymbolParams(text_document=whole)),
            client.text_document_folding_range_async(t.FoldingRangeParams(text_document=whole)),
            client.text_document_code_lens_async(t.CodeLensParams(text_document=whole)),
            client.text_document_semantic_tokens_full_async(t.SemanticTokensParams(text_document=whole)),
            client.text_document_code_action_async(
                t.CodeActionParams(text_document=whole, range=every, context=t.CodeActionContext(diagnostics=[]))
            ),
            client.text_document_formatting_async(
                t.DocumentFormattingParams(
                    text_document=whole, options=t.FormattingOptions(tab_size=2, insert_spaces=True)
                )
            ),
            client.text_document_references_async(
                t.ReferenceParams(**place, context=t.ReferenceContext(include_declaration=True))
            ),
            client.text_document_rename_async(t.RenameParams(**place, new_name="another")),
            return_exceptions=True,
        ),
        30,
    )
    *others, rename = answers
    wrong = [repr(a) for a in others if isinstance(a, BaseException)]
    assert wrong == [], script.text
    if isinstance(rename, BaseException):
        assert "defect" not in str(rename), script.text
    return time.monotonic() - start


def defects(client):
    return [m.message for m in client.log_messages if m.type == t.MessageType.Error]


async def test_prefixes(client):
    chance = random.Random(3)
    longest = 0
    for example in EXAMPLES:
        whole = example.read_text()
        ends = range(len(whole) + 1) if WHOLE else sorted(chance.sample(range(len(whole)), 2))
        script = Script(client, "", uri=(example.parent / ("prefix-" + example.name)).as_uri(), cursor=False)
        for end in ends:
            script.replace(whole[:end])
            longest = max(longest, await ask_everything(script, end))
        assert isinstance(await script.diagnostics(30), list)
        script.close()
    assert defects(client) == []
    print(f"longest wait for all answers to a prefix: {longest:.2f} s")


def mutated(text, chance):
    for _ in range(chance.randint(1, 4)):
        at = chance.randrange(len(text) + 1)
        end = min(len(text), at + chance.choice([0, 0, 1, 1, 3, 10, 80]))
        other = chance.choice(PIECES)
        if chance.random() < 0.3:
            start = chance.randrange(len(text) + 1)
            other = text[start : start + chance.randint(1, 60)]
        text = text[:at] + other + text[end:]
    return text


async def test_mutations(client):
    texts = [e.read_text() for e in EXAMPLES]
    chance = random.Random(4)
    script = Script(client, "", uri=(ROOT / "examples" / "mutation.circuit").as_uri(), cursor=False)
    longest = 0
    for _ in range(MUTATIONS):
        script.replace(mutated(chance.choice(texts), chance))
        longest = max(longest, await ask_everything(script, chance.randrange(len(script.text) + 1)))
    assert isinstance(await script.diagnostics(30), list)
    script.close()
    assert defects(client) == []
    print(f"longest wait for all answers to a mutation: {longest:.2f} s")


@pytest.mark.parametrize(
    "text",
    [
        "while true { }\n",
        "let x = [y * 2 for y in 1..1000000]\nlet z = sort(x)\n",
        "for a in 1..1000 { for b in 1..1000 { for c in 1..1000 { let d = a } } }\n",
        "def f(n) { f(n + 1) + f(n + 2) }\nprint f(1)\n",
        "(" * 5000,
        "let x = " + "1 + " * 20000 + "1\n",
        "x" * 3_000_000,
        "{" * 1000 + "\n" * 1000,
        'let x = "' + "{" * 500 + "\n",
    ],
)
async def test_a_script_that_takes_long(client, text):
    script = Script(client, text, cursor=False)
    assert isinstance(await script.diagnostics(30), list)
    await ask_everything(script, min(len(text), 10))
    script.close()
    assert defects(client) == []


async def test_many_changes_at_once(client):
    script = Script(client, "let x = 1\n" * 50)
    for number in range(300):
        script.change("let x = 1\n", f"let x{number} = {number}\n")
        if "let x = 1\n" not in script.text:
            script.replace("let x = 1\n" * 50)
    script.change("let x = 1\n", "print missing\n")
    found = await script.diagnostics()
    assert [script.of(d.range) for d in found] == ["missing"]
