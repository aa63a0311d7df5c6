"""Completion, signature help and hover."""

import pytest
from editing import Script, edited
from lsprotocol import types as t

DEMO = 'load demo\ndata "std/ioi.csv" limit=4\nattribute\ngreedy 40\nkeep found\nlet r = evaluate\n'


async def test_statements_with_documentation(client):
    script = Script(client, "load demo\nattri|")
    found = await script.completion()
    item = found.items[0]
    assert (item.label, item.kind) == ("attribute", t.CompletionItemKind.Keyword)
    assert item.detail
    resolved = await client.completion_item_resolve_async(item)
    assert "`method=`" in resolved.documentation.value
    assert edited(script.text, [item.text_edit]) == "load demo\nattribute"


@pytest.mark.parametrize(
    "typed, expected",
    {
        "ablate m0->|": ["a1.h0", "m3", "logits"],
        "ablate m0->a2.h1<|": ["a2.h1<q>", "a2.h1<k>", "a2.h1<v>"],
        "ablate a|": ["a0.h0", "a3.h3"],
        "print r|": ["r"],
        "print r.|": ["r.faithfulness", "r.edges"],
        "print (evaluate).|": [".faithfulness"],
        "evaluate |": ["with=", "on="],
        "evaluate with=|": ["zero", "mean"],
        "use |": ["found"],
        "attribute method=|": ["eap-ig", "exact"],
        "metric |": ["logit_diff"],
        "task |": ["ioi", "greater-than"],
        "load |": ["demo", "planted", "gpt2-small"],
        "print le|": ["len("],
        "rows by=|": ["correct", "clean"],
        "for x in [1] { print x|": ["x"],
        "def f(left, right=2) { let s = left\nprint l|": ["left"],
        "let q = quiet { let inner = 3\nprint inn|": ["inner"],
    }.items(),
)
async def test_offers(client, typed, expected):
    script = Script(client, DEMO + typed)
    offers = await script.offers()
    assert [e for e in expected if e not in offers] == []


async def test_loop_variable_in_a_block_that_is_closed(client):
    script = Script(client, "for seed-of in [1, 2] {\n  |\n}\nlet later = 3\n")
    script.change("  \n", "  print se\n")
    script.cursor = script.text.index("print se") + len("print se")
    offers = await script.offers()
    assert "seed-of" in offers and "later" not in offers


async def test_a_later_line_does_not_count(client):
    script = Script(client, "let early = 1\nprint |\nlet later = 2\n")
    offers = await script.offers()
    assert "early" in offers and "later" not in offers


async def test_nothing_in_comments(client):
    assert await Script(client, "load demo # att|").offers() == []


async def test_files(client, tmp_path):
    (tmp_path / "pairs.csv").write_text("clean,corrupted,answer\na,b,c\n")
    (tmp_path / "lib.circuit").write_text("let x = 1\n")
    uri = (tmp_path / "s.circuit").as_uri()
    script = Script(client, 'load demo\ndata "|', uri=uri)
    assert "pairs.csv" in await script.offers()
    script.close()
    script = Script(client, 'import "|', uri=uri)
    assert "lib.circuit" in await script.offers()
    script.close()
    script = Script(client, 'load demo\ndata "pairs.csv"\nmetric logit_diff\nrows by=|', uri=uri)
    assert "answer" in await script.offers()


async def test_wide_characters_before_the_cursor(client):
    script = Script(client, 'let long-name = 1\nprint "😀𝒳", long|')
    item = next(i for i in (await script.completion()).items if i.label == "long-name")
    assert edited(script.text, [item.text_edit]).endswith('print "😀𝒳", long-name')


async def test_signature_of_a_statement(client):
    script = Script(client, DEMO + "sweep |")
    found = await script.signature()
    label = found.signatures[0].label
    assert label.startswith("sweep ")
    script = Script(client, DEMO + "evaluate on=test with=|")
    found = await script.signature()
    signature = found.signatures[0]
    start, end = signature.parameters[found.active_parameter].label
    assert signature.label[start:end].startswith("with=")


@pytest.mark.parametrize(
    "typed, active",
    {
        "print sort(|": "LIST",
        "print sort([2, 1], |": "by=FIELD",
        "print sort([2, 1], reverse=|": "reverse=true",
        "def f(left, right=2) { left }\nprint f(1, |": "right=2",
        "def f(left, right=2) { left }\nprint f(right=|": "right=2",
        'predict "|': '"text"',
    }.items(),
)
async def test_active_part(client, typed, active):
    script = Script(client, "load demo\n" + typed)
    found = await script.signature()
    signature = found.signatures[0]
    start, end = signature.parameters[found.active_parameter].label
    assert signature.label[start:end] == active


@pytest.mark.parametrize(
    "text, said",
    {
        "eval|uate with=zero": "Runs the circuit",
        "evaluate wi|th=zero": "hat an ablated edge carries",
        "evaluate with=ze|ro": "hat an ablated edge carries",
        "print so|rt([1])": "sort(LIST",
        "print sort([1], rev|erse=true)": "reverse=",
        "print r|": "the result of evaluate",
        "print r.faith|fulness": "a number",
        "let s|ize = 40": "size = 40",
        "let size = 40\nprint s|ize": "size = 40",
        "for s|ize in [10, 20] { greedy size }": "The variable of a loop",
        "pa|ram steps = 5": "command line",
        "param steps = 5\nprint st|eps": "-D steps=",
        "# adds one\ndef inc(x) { x + 1 }\nprint in|c(1)": "adds one",
        "ablate a1.h|2": "attention head 2 of layer 1 of 4",
        "ablate m|3": "the MLP of layer 3",
        "ablate a1.h*|": "4 nodes",
        "ablate m0-|>a2.h1<k>": "1 edge of",
        "ablate m3-|>a2.h1": "not a valid edge",
        "use fo|und": "circuit `found`",
        'data "std/i|oi.csv"': "`incorrect`",
        "task io|i": "task ioi",
        "metric logit_d|iff": "logit",
        "prin|t 1": "print",
    }.items(),
)
async def test_hover(client, text, said):
    assert said in (await Script(client, DEMO + text).hover() or "")


async def test_hover_explains_a_mistake(client):
    script = Script(client, "print mis|sing")
    assert await script.diagnostics()
    assert "E0201" in await script.hover()


async def test_nothing_to_say(client):
    assert await Script(client, "# com|ment").hover() is None
    assert await Script(client, "print 1 |").hover() is None
