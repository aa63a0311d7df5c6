"""Definition, references, highlights and renaming."""

import pytest
from editing import Script, edited
from lsprotocol import types as t
from pygls.exceptions import JsonRpcException


@pytest.mark.parametrize(
    "text, piece, nth",
    [
        ("let x = 1\nlet x = 2\nprint |x\n", "x", 1),
        ("def f(a, b=2) { a + b }\nprint |f(1)\n", "f", 1),
        ("def f(a, b=2) { a + |b }\nprint f(1)\n", "b", 0),
        ("def f(a, b=2) { a }\nprint f(1, |b=3)\n", "b", 0),
        ("let x = 1\ndef f(x) { |x }\n", "x", 1),
        ("let rows = [(n=1)]\nprint |rows.n\n", "rows", 0),
        ("let x = 5\nlet l = [|x for x in [1] if x > 0]\n", "x", 2),
        ("load demo\ncircuit known { m0->logits }\nuse |known\n", "known", 0),
        ("load demo\nkeep all\nablate |all\n", "all", 0),
        ("metric m(c) = logit(c)\nload demo\nmetric |m\n", "m", 1),
        ("task mine { let x = 1 }\ntask |mine\n", "mine", 0),
        ("for s in [1] { greedy |s }\n", "s", 0),
        ('let y = 1\nprint "{|y}"\n', "y", 0),
    ],
)
async def test_definition(client, text, piece, nth):
    script = Script(client, text)
    (place,) = await script.definition()
    assert place.uri == script.uri
    assert place.range == script.range(piece, nth)


async def test_definition_in_the_standard_library(client):
    script = Script(client, "load demo\ntask io|i\n")
    (place,) = await script.definition()
    assert place.uri == "circuitscript:/std/tasks.circuit"
    text = await client.protocol.send_request_async("circuitscript/text", {"uri": place.uri})
    line = text.split("\n")[place.range.start.line]
    assert line[place.range.start.character : place.range.end.character] == "ioi"
    assert await client.protocol.send_request_async("circuitscript/text", {"uri": "circuitscript:/std/../x"}) is None


@pytest.fixture
def library(tmp_path):
    (tmp_path / "lib.circuit").write_text("let shared = 1\ndef twice(x) { x * 2 }\n")
    (tmp_path / "other.circuit").write_text('import "lib"\nprint twice(x=3), shared\n')
    (tmp_path / "unrelated.circuit").write_text("let shared = 5\nprint shared\n")
    return tmp_path


async def test_definition_in_an_imported_file(client, library):
    script = Script(client, 'import "lib"\nprint |twice(1)\n', uri=(library / "main.circuit").as_uri())
    (place,) = await script.definition()
    assert place.uri == (library / "lib.circuit").as_uri()
    assert place.range.start == t.Position(line=1, character=4)
    script.close()
    script = Script(client, 'import "l|ib"\n', uri=(library / "main.circuit").as_uri())
    (place,) = await script.definition()
    assert place.uri == (library / "lib.circuit").as_uri()


async def test_references(client, library):
    script = Script(client, "let x = 1\nprint x, [|x for x in [x]]\ndef f() { x }\ndef g(x) { x }\n")
    script.cursor = script.text.index("print x") + 6
    found = await script.references()
    assert [script.of(p.range) for p in found] == ["x"] * 4
    assert [p.range.start.line for p in found] == [0, 1, 1, 2]
    assert len(await script.references(declaration=False)) == 3
    lib = (library / "lib.circuit").read_text()
    script = Script(client, lib.replace("let shared", "let |shared"), uri=(library / "lib.circuit").as_uri())
    uris = [p.uri for p in await script.references()]
    assert uris == [script.uri, (library / "other.circuit").as_uri()]


async def test_highlights(client):
    script = Script(client, "let x = 1\nlet x = |x + 1\nprint x\n")
    found = await script.highlights()
    kinds = [h.kind for h in found]
    write, read = t.DocumentHighlightKind.Write, t.DocumentHighlightKind.Read
    assert kinds == [write, write, read, read]


@pytest.mark.parametrize(
    "text, name, expected",
    [
        ("let x = (y=1)\nprint |x, x.y\n", "r", "let r = (y=1)\nprint r, r.y\n"),
        ("let |x = 1\nprint x + 1\ndef f(x) { x }\n", "size", "let size = 1\nprint size + 1\ndef f(x) { x }\n"),
        ("def f(|a, b=2) { a + b }\nprint f(a=1)\n", "left", "def f(left, b=2) { left + b }\nprint f(left=1)\n"),
        ("def |f(a) { a }\nprint f(1), f(a=2)\n", "g", "def g(a) { a }\nprint g(1), g(a=2)\n"),
        ('let 𝒳 = 1\r\nprint "😀 {|𝒳}", 𝒳\r\n', "wide", 'let wide = 1\r\nprint "😀 {wide}", wide\r\n'),
        ("load demo\nkeep |a\nuse a\nablate a\n", "b", "load demo\nkeep b\nuse b\nablate b\n"),
        ("load demo\ntask mine { task ioi }\ntask |mine\n", "yours", "load demo\ntask yours { task ioi }\ntask yours\n"),
        ("let l = [|x for x in [1]]\nlet x = 2\n", "z", "let l = [z for z in [1]]\nlet x = 2\n"),
    ],
)
async def test_rename(client, text, name, expected):
    script = Script(client, text)
    assert await script.renamed(name) == expected


@pytest.mark.parametrize(
    "text, name, why",
    [
        ("let |x = 1\n", "m3", "reads as a node"),
        ("let |x = 1\n", "load", "begins a statement"),
        ("let |x = 1\n", "two words", "cannot name"),
        ("let |x = 1\n", "x; print 1", "cannot name"),
        ("let |x = 1\n", "", "at least one letter"),
        ("let |x = 1\nlet y = 2\n", "y", "already a variable"),
        ("let |x = 1\nprint len([x])\n", "len", "mean something else"),
        ("load demo\ntask ioi\nlet |place = 3\nrows by=place\n", "there", "by hand"),
        ("load demo\ntask |ioi\n", "mine", "belongs to the language"),
        ("pri|nt 1\n", "show", "no name"),
    ],
)
async def test_rename_is_refused(client, text, name, why):
    script = Script(client, text)
    with pytest.raises(JsonRpcException, match=why):
        await script.rename(name)


async def test_prepare_rename(client):
    script = Script(client, "let size = 1\nprint |size.x\n")
    found = await script.prepare_rename()
    assert (script.of(found.range), found.placeholder) == ("size", "size")
    with pytest.raises(JsonRpcException, match="no name"):
        await Script(client, "print |1\n").prepare_rename()


async def test_rename_across_files(client, library):
    lib = Script(client, "let shared = 1\ndef |twice(x) { x * 2 }\n", uri=(library / "lib.circuit").as_uri())
    edit = await lib.rename("double")
    texts = {uri: (library / uri.rsplit("/", 1)[1]).read_text() for uri in edit.changes}
    assert {uri.rsplit("/", 1)[1]: edited(texts[uri], edits) for uri, edits in edit.changes.items()} == {
        "lib.circuit": "let shared = 1\ndef double(x) { x * 2 }\n",
        "other.circuit": 'import "lib"\nprint double(x=3), shared\n',
    }
    lib.cursor = lib.text.index("x)")
    edit = await lib.rename("number")
    assert sorted(uri.rsplit("/", 1)[1] for uri in edit.changes) == ["lib.circuit", "other.circuit"]
    lib.cursor = lib.text.index("shared")
    edit = await lib.rename("common")
    assert sorted(uri.rsplit("/", 1)[1] for uri in edit.changes) == ["lib.circuit", "other.circuit"]
