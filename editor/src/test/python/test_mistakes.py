"""Diagnostics and quick fixes."""

import pytest
from editing import Script, edited
from lsprotocol import types as t


async def test_mistake_has_place_code_help_and_page(client):
    script = Script(client, "load demo\nlet large = 40\nprint larg\n")
    (found,) = await script.diagnostics()
    assert script.of(found.range) == "larg"
    assert found.severity == t.DiagnosticSeverity.Error
    assert (found.code, found.source) == ("E0201", "circuit")
    assert found.message.startswith("there is no variable `larg`")
    assert "help: did you mean large?" in found.message
    assert found.data["page"].startswith("E0201 unknown-name")
    page = await client.protocol.send_request_async("circuitscript/text", {"uri": found.code_description.href})
    assert page.startswith("# E0201 unknown-name")


async def test_mistakes_follow_the_text(client):
    script = Script(client, "let x = 1\nprint y\n")
    assert len(await script.diagnostics()) == 1
    script.change("y", "x")
    assert await script.diagnostics() == []
    script.change("print x", "print x +")
    (found,) = await script.diagnostics()
    assert found.code == "E0103"


async def test_closing_takes_the_mistakes_away(client):
    script = Script(client, "print y\n")
    assert await script.diagnostics()
    script.close()
    again = Script(client, "print 1\n", uri=script.uri)
    assert await again.diagnostics() == []


async def test_secondary_places_are_related_information(client):
    script = Script(client, "let x = (1, 2\nprint 3\nlet y = ]\n")
    found = await script.diagnostics()
    assert all(r.location.uri == script.uri for d in found for r in d.related_information or [])
    script = Script(client, "load demo\nprint (1]\n")
    (found,) = await script.diagnostics()
    (related,) = found.related_information
    assert script.of(related.location.range) == "("


async def test_nodes_and_edges_are_checked_against_the_configuration(client):
    script = Script(client, "load demo\ntask ioi\nablate m3->a1.h0\nablate a9.h9\n")
    edge, node = await script.diagnostics()
    assert (edge.code, script.of(edge.range)) == ("E0209", "m3->a1.h0")
    assert (node.code, script.of(node.range)) == ("E0208", "a9.h9")


async def test_wide_characters_and_windows_line_ends(client):
    script = Script(client, 'let 𝒳 = 1\r\nprint "😀", 𝒳, yy\r\n\tprint zz\r\n', cursor=False)
    first, second = await script.diagnostics()
    assert script.of(first.range) == "yy"
    assert first.range.start == t.Position(line=1, character=16)
    assert script.of(second.range) == "zz"
    script.change("yy", "𝒳")
    (only,) = await script.diagnostics()
    assert script.of(only.range) == "zz"


async def test_endless_scripts_are_checked_in_time(client):
    script = Script(
        client,
        "let n = 0\nwhile true { let n = n + 1 }\n"
        "for i in 1..1000000 { let y = [x * 2 for x in 1..1000000] }\n"
        "def f(n) { f(n) + f(n) }\nprint f(3), yy\n",
    )
    found = await script.diagnostics()
    assert any("yy" in d.message or "too long" in d.message for d in found)


# what is written, what is underlined, the text after the first fix
FIXES = {
    "variable": ("let large = 40\nprint larg", "larg", "let large = 40\nprint large"),
    "field": ("load demo\ntask ioi\nlet r = evaluate\nprint r.fathfulness", "fathfulness", "load demo\ntask ioi\nlet r = evaluate\nprint r.faithfulness"),
    "owner": ("let rest = (a=1)\nprint rst.a", "rst", "let rest = (a=1)\nprint rest.a"),
    "statement": ("load demo\ntask ioi\nbaselin", "baselin", "load demo\ntask ioi\nbaseline"),
    "option": ('load demo\npredict "x" tpo=3', "tpo", 'load demo\npredict "x" top=3'),
    "value": ("load demo\ntask ioi\nevaluate with=zeroo", "zeroo", "load demo\ntask ioi\nevaluate with=zero"),
    "function": ("print lne([1])", "lne", "print len([1])"),
    "parameter": ("def f(abc) { abc }\nprint f(abd=1)", "abd", "def f(abc) { abc }\nprint f(abc=1)"),
    "task": ("load demo\ntask iio", "iio", "load demo\ntask ioi"),
    "metric": ("load demo\ntask ioi\nmetric logit_dif", "logit_dif", "load demo\ntask ioi\nmetric logit_diff"),
    "model": ("load demmo", "demmo", "load demo"),
    "model in quotes": ('load "demmo"', "demmo", 'load "demo"'),
    "node": ("load demo\nprint a3.h9", "a3.h9", "load demo\nprint a3.h3"),
    "file": ("render g.png", "g.png", 'render "g.png"'),
    "quotes": ("print 'abc'", "'abc'", 'print "abc"'),
    "let": ("x = 3", "x", "let x = 3"),
    "compare": ("let y = 3\nif y = 3 { print y }", "= 3 {", "let y = 3\nif y == 3 { print y }"),
    "operator": ("print 1 < 2 && true", "&&", "print 1 < 2 and true"),
    "constant": ("print None", "None", "print none"),
    "difference": ("let a = 1\nlet b = 2\nprint a-b", "a-b", "let a = 1\nlet b = 2\nprint a - b"),
    "comment": ("// hello", "// hello", "# hello"),
}


@pytest.mark.parametrize("case", FIXES)
async def test_quick_fix(client, case):
    text, underlined, mended = FIXES[case]
    script = Script(client, text)
    assert await script.fixed(underlined) == mended


async def test_fix_names_its_mistake(client):
    script = Script(client, "let large = 40\nprint larg")
    (found,) = await script.diagnostics()
    actions = await script.fixes("larg")
    assert [a.title for a in actions] == ["Change to large"]
    assert actions[0].is_preferred
    assert actions[0].diagnostics[0].range == found.range
    assert actions[0].diagnostics[0].code == "E0201"
    assert list(await script.fixes("let")) == []


async def test_file_beside_the_script(client, tmp_path):
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "pairs.csv").write_text("clean,corrupted\na,b\n")
    uri = (tmp_path / "s.circuit").as_uri()
    script = Script(client, 'load demo\ndata "data/pairs.cvs"\n', uri=uri)
    assert await script.fixed('"data/pairs.cvs"') == 'load demo\ndata "data/pairs.csv"\n'


async def test_files_that_change_on_the_disk(client, tmp_path):
    uri = (tmp_path / "s.circuit").as_uri()
    script = Script(client, 'load demo\ndata "late.csv"\n', uri=uri)
    (missing,) = await script.diagnostics()
    assert script.of(missing.range) == '"late.csv"'
    (tmp_path / "late.csv").write_text("clean,corrupted\na,b\n")
    assert [r.method for r in client.registered] == ["workspace/didChangeWatchedFiles"]
    client.published.pop(uri)
    client.workspace_did_change_watched_files(
        t.DidChangeWatchedFilesParams(
            changes=[t.FileEvent(uri=(tmp_path / "late.csv").as_uri(), type=t.FileChangeType.Created)]
        )
    )
    assert await script.diagnostics() == []


async def test_a_task_that_takes_itself(client):
    script = Script(client, "load demo\ntask t { task t }\ntask t\n")
    (found,) = await script.diagnostics()
    assert found.message.startswith("the task t takes itself")
    assert found.range.start == t.Position(line=1, character=14)


async def test_mistakes_of_an_imported_file_follow_its_open_text(client, tmp_path):
    (tmp_path / "lib.circuit").write_text("let shared = 1\n")
    main = Script(client, 'import "lib"\nprint shared, other\n', uri=(tmp_path / "main.circuit").as_uri())
    (found,) = await main.diagnostics()
    assert main.of(found.range) == "other"
    # Open and not saved: what the editor shows counts, and what imports it is checked again.
    lib = Script(client, "let shared = 1\nlet other = 2\nlet wrong = nothing\n", uri=(tmp_path / "lib.circuit").as_uri())
    (own,) = await lib.diagnostics()
    assert lib.of(own.range) == "nothing"
    for _ in range(200):
        found = client.published[main.uri].diagnostics
        if found and main.of(found[0].range) == '"lib"':
            break
        await __import__("asyncio").sleep(0.02)
    (found,) = found
    assert "lib.circuit, line 3" in found.message
    assert found.related_information[0].location.uri == lib.uri
    assert edited(lib.text, []) == lib.text
