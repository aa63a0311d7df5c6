"""Highlighting."""

import re

import pytest
from conftest import ROOT

pygments = pytest.importorskip("pygments")

from pygments.token import Comment, Keyword, Name, Number, Operator, String  # noqa: E402

from circuitscript import lexer  # noqa: E402


def tokens(text):
    return [(kind, value) for kind, value in lexer.CircuitLexer().get_tokens(text) if value.strip()]


def test_knows_every_word_of_the_grammar():
    grammar = (ROOT / "grammar/src/main/antlr4/io/circuitscript/grammar/CircuitLexer.g4").read_text()
    words = set(re.findall(r"^[A-Z_]+ : '([a-z][a-z-]*)'(?: ->| ;)", grammar, re.M))
    assert words == {*lexer.RESERVED, *lexer.CONSTANTS, *lexer.STATEMENTS}


def test_leaves_no_character_of_a_script_out():
    scripts = sorted(ROOT.glob("examples/*.circuit"))
    assert len(scripts) > 10
    for script in scripts:
        text = script.read_text()
        assert "".join(value for _, value in lexer.CircuitLexer(stripnl=False).get_tokens(text)) == text, script


def test_tells_statements_options_nodes_and_texts_apart():
    found = tokens('let r = evaluate with=zero  # why\nprint "{r.faithfulness:.3} of"\nablate m0->a2.h1<v>\ntop 5%\nlet top = 3\n')
    for expected in [
        (Keyword, "let"),
        (Name, "r"),
        (Keyword, "evaluate"),
        (Name.Attribute, "with"),
        (Comment.Single, "# why"),
        (String.Interpol, "{"),
        (Name, "r.faithfulness"),
        (Name.Constant, "m0"),
        (Operator, "->"),
        (Name.Constant, "a2.h1<v>"),
        (Number, "5%"),
        (Name, "top"),
    ]:
        assert expected in found
