"""Outline, folding, colours, formatting, code lenses."""

from editing import Script, edited
from lsprotocol import types as t

TEXT = '''# One
# two
param steps = 3
let x = 1
def f(a, b=2) {
  let y = a
  y + b
}
load demo
circuit known {
  m0->logits
  m1 -> a2.h1<q>
}
metric good(correct) = logit(correct) where z = 2
task mine {
  let inner = 3
}
for s in [1, 2] {
  let x = s
  let new = [
    1,
    2
  ]
}
plot "curve.svg"
render "g.png" labels=true
'''


async def test_outline(client):
    script = Script(client, TEXT)
    found = await script.outline()
    assert [(s.name, s.kind.name) for s in found] == [
        ("steps", "Constant"),
        ("x", "Variable"),
        ("f", "Function"),
        ("known", "Class"),
        ("good", "Method"),
        ("mine", "Module"),
        ("new", "Variable"),
    ]
    f = found[2]
    assert f.detail == "(a, b)"
    assert script.of(f.selection_range) == "f"
    assert script.of(f.range).startswith("def f(") and script.of(f.range).endswith("}")
    assert [c.name for c in found[5].children] == ["inner"]


async def test_workspace_symbols(client):
    script = Script(client, "let quite-special-name = 1\n")
    found = await client.workspace_symbol_async(t.WorkspaceSymbolParams(query="Special"))
    assert [(s.name, s.location.uri) for s in found] == [("quite-special-name", script.uri)]


async def test_folding(client):
    script = Script(client, TEXT)
    assert await script.folds() == [(0, 1), (4, 6), (9, 11), (14, 15), (17, 22), (19, 21)]


async def test_folding_of_a_broken_text(client):
    script = Script(client, "let x = (\n1\n\n)\nif x {\nprint 1\n2\n}\n}\nlet y = [\n")
    assert await script.folds() == [(0, 2), (4, 6)]


async def test_colors(client):
    script = Script(
        client,
        'load demo\nparam n = 3 # why\ndef f(a) { a * len("x{n}") }\nlet r = evaluate on=test\nprint r.edges, f(a=n)\nablate m0->a1.h2<q>\nkeep k\nuse k\n',
    )
    colors = await script.colors()
    for expected in [
        ("load", "keyword", []),
        ("n", "variable", ["declaration", "readonly"]),
        ("# why", "comment", []),
        ("f", "function", ["declaration"]),
        ("a", "parameter", ["declaration"]),
        ("a", "parameter", []),
        ("len", "function", ["defaultLibrary"]),
        ("n", "variable", ["readonly"]),
        ("evaluate", "keyword", []),
        ("on", "property", []),
        ("r", "variable", []),
        ("edges", "property", []),
        ("3", "number", []),
        ("->", "operator", []),
        ("m0", "enumMember", []),
        ("a1.h2", "enumMember", []),
        ("<q>", "enumMember", []),
        ("k", "class", ["declaration"]),
        ("k", "class", []),
    ]:
        assert expected in colors
    other = Script(client, "let rows = quiet { while x > 1 { baseline } }\nprint rows, (sweep).points\n")
    colored = await other.colors()
    assert [w for w, kind, _ in colored if kind == "keyword"] == [
        "let", "quiet", "while", "baseline", "print", "sweep",
    ]  # fmt: skip
    assert ("points", "property", []) in colored and ("rows", "variable", []) in colored
    part = await script.colors(script.range("let r = evaluate on=test"))
    assert part and set(map(str, part)) < set(map(str, colors))
    assert [p[0] for p in part] == ["let", "r", "=", "evaluate", "on", "="]


async def test_colors_of_wide_characters(client):
    script = Script(client, 'print "😀", 𝒳\r\nlet y = 1\r\n', cursor=False)
    colors = await script.colors()
    assert ("y", "variable", ["declaration"]) in colors
    assert ("1", "number", []) in colors


async def test_formatting(client):
    script = Script(client, "let x=1\n\n\n\nif x>0{print x}\n# end\n")
    assert await script.formatted() == "let x = 1\n\nif x > 0 {\n  print x\n}\n# end\n"


async def test_formatting_keeps_windows_line_ends(client):
    script = Script(client, "let x=1\r\nprint x", cursor=False)
    assert await script.formatted() == "let x = 1\r\nprint x\r\n"


async def test_formatting_leaves_what_is_right(client):
    text = "let x = 1\nlet y   = 2\nlet z = 3\n"
    script = Script(client, text)
    edits = await client.text_document_formatting_async(
        t.DocumentFormattingParams(
            text_document=script.id, options=t.FormattingOptions(tab_size=2, insert_spaces=True)
        )
    )
    (edit,) = edits
    assert (edit.range.start.line, edit.range.end.line, edit.new_text) == (1, 2, "let y = 2\n")


async def test_a_text_with_mistakes_is_left_as_it_is(client):
    script = Script(client, "let x=(1\n")
    assert await script.formatted() == script.text


async def test_formatting_a_range(client):
    script = Script(client, "let x=1\nlet y=2\nlet z=3\n")
    edits = await client.text_document_range_formatting_async(
        t.DocumentRangeFormattingParams(
            text_document=script.id,
            range=script.range("let y=2"),
            options=t.FormattingOptions(tab_size=2, insert_spaces=True),
        )
    )
    changed = edited(script.text, edits)
    assert "let y = 2" in changed
    assert changed.count("\n") == 3


async def test_lenses(client):
    script = Script(client, TEXT)
    found = await script.lenses()
    assert [(l.command.title, l.command.command, list(l.command.arguments)) for l in found] == [
        ("Run", "circuitscript.run", [script.uri]),
        ("Show curve.svg", "circuitscript.showPicture", [script.uri, "curve.svg"]),
        ("Show g.png", "circuitscript.showPicture", [script.uri, "g.png"]),
    ]
    assert found[0].range.start == t.Position(line=0, character=0)
    assert script.of(found[2].range) == "render"
