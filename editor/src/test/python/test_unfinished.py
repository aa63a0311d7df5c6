"""A line that is being written: the rest of the script is known as before."""

import os

import pytest
from editing import Script

HALF = """load demo
task ioi limit=4 split=50%
ablate m0->
let r = evaluate on=train
{}
def f(x) {{
  return x
}}
print r.faithfulness, f(2)
"""


@pytest.mark.parametrize(
    "line", ["ablate m0->", "let q = (", 'print "abc', "let q =", "print 1 +", "for i in", "x @", "def g(", "let q = [1, 2"]
)
async def test_names_and_outline_go_on(client, line):
    script = Script(client, HALF.format(line).replace("print r", "print |r"))
    assert [it.name for it in await script.outline()] == ["r", "f"]
    assert script.of((await script.definition())[0].range) == "r"
    assert len(await script.references()) == 2
    assert "the result of evaluate" in await script.hover()
    assert await script.folds()
    assert "let rate = evaluate" in await script.renamed("rate")


async def test_other_mistakes_are_reported(client):
    script = Script(client, HALF.format('let t = read "missing.csv"\ndata "missing.csv"\nprint r.wrong'))
    found = [it.message for it in await script.diagnostics()]
    assert any(it.startswith("something is missing after `->`\n") and "m3" in it for it in found), found
    assert any("missing.csv" in it for it in found), found
    assert any("no field `wrong`" in it for it in found), found


async def test_no_renaming_past_what_cannot_be_read(client):
    script = Script(client, "let r = 1\nprint (r +\nprint |r\n")
    with pytest.raises(Exception, match="line 2 cannot be read and names `r`"):
        await script.rename("rate")
    assert "let s = 1" in await Script(client, "let r = 1\nprint (x +\nprint |r\n").renamed("s")


async def test_a_wrong_node_is_explained_once(client):
    text = await Script(client, "load demo\ntask ioi\nablate |m9->logits\n").hover()
    assert text.count("m9 is not in this model") == 1
    assert "\n---" not in text.replace("\n\n---", "")


@pytest.mark.parametrize("name", ["/dev/stdin", "/dev/fd/0", "/proc/self/fd/0"])
async def test_standard_input_is_not_read(client, name):
    """It is the editor's connection."""
    first = Script(client, f'let t = read "{name}"\nload demo\ndata "{name}"\nprint 1\nprint wrong')
    assert [it.message.split("\n")[0] for it in await first.diagnostics()] == ["there is no variable `wrong`"]
    second = Script(client, f'import "{name}"\n')
    assert "is not a file" in (await second.diagnostics())[0].message


async def test_nothing_waits_for_a_pipe(client, tmp_path):
    os.mkfifo(tmp_path / "ff")
    (tmp_path / "in").symlink_to("/dev/stdin")
    for statement in ('load "ff"', 'load "./ff"', 'import "in"', 'load demo\ndata "in"'):
        script = Script(client, statement, uri=(tmp_path / "s.circuit").as_uri())
        assert "is a named pipe" in (await script.diagnostics())[0].message, statement
        script.close()
