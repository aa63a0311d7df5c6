"""How Pygments highlights CircuitScript: nbconvert, Sphinx and Jupyter's console use it."""

from pygments.lexer import RegexLexer, bygroups, default, include, words
from pygments.token import Comment, Keyword, Name, Number, Operator, Punctuation, String, Text

# Words that keep their meaning everywhere.
RESERVED = ("print", "expect", "let", "for", "in", "if", "else", "def", "import", "help", "and", "or", "not")
CONSTANTS = ("true", "false", "none")

# Words that begin a statement, and are names anywhere else.
STATEMENTS = (
    "param set seed loss where load predict tokens data task metric baseline nodes edges ablate attribute threshold top greedy prune full "
    "empty add remove circuit use keep evaluate sweep compare generate patch check-scores render plot report save open write rows "
    "random-circuits minimize complete filter test-circuit read quiet while break continue return"
).split()

# A word goes on with these.
_BEGIN = r"(?<![\w./-])"
_END = r"(?![\w./-])"


class CircuitLexer(RegexLexer):
    """CircuitScript."""

    name = "CircuitScript"
    aliases = ["circuitscript", "circuit"]
    filenames = ["*.circuit"]
    mimetypes = ["text/x-circuitscript"]
    url = ""
    version_added = ""

    tokens = {
        # Where a statement may begin.
        "root": [
            (r"[ \t\f\r\n]+", Text.Whitespace),
            (r"#[^\r\n]*", Comment.Single),
            # At the prompt and in notebooks: commands to the prompt, and to the shell.
            (r"^([%:])([a-z]+!?)(.*)", bygroups(Operator, Name.Function.Magic, Text)),
            (r"^(!)(.*)", bygroups(Operator, Text)),
            (r"(%s)(?=[ \t]*=[^=])" % "|".join(STATEMENTS), Name, "rest"),
            (words(STATEMENTS, suffix=_END), Keyword, "rest"),
            default("rest"),
        ],
        "rest": [
            (r"[\r\n]+", Text.Whitespace, "#pop"),
            (r"[;{]", Punctuation, "#pop"),
            (r"[ \t\f]+", Text.Whitespace),
            (r"#[^\r\n]*", Comment.Single),
            (words(RESERVED, prefix=_BEGIN, suffix=_END), Keyword),
            (words(CONSTANTS, prefix=_BEGIN, suffix=_END), Keyword.Constant),
            # A statement with a value, as in `let r = evaluate` and `(evaluate).metric`.
            (words(STATEMENTS, prefix=r"(?:(?<=[=(] )|(?<=\())", suffix=_END), Keyword),
            include("options"),
            include("values"),
        ],
        "options": [
            (r"([\w-]+)(=)(?=[^=\s])", bygroups(Name.Attribute, Operator)),
        ],
        "values": [
            (r'"', String.Double, "text"),
            (_BEGIN + r"(?:input|logits|m(?:\d+|\*)|a(?:\d+|\*)(?:\.h(?:\d+|\*))?)(?:<[a-z]+>)?(?:(?=->)|(?![\w./-]))", Name.Constant),
            (r"(?:\d+(?:\.\d+)?|\.\d+)(?:[eE][+-]?\d+)?%?(?![\w])", Number),
            (r"->|\.\.|==|!=|<=|>=|[-+*/^&<>=@]", Operator),
            (r"([^\W\d][\w-]*)(\()", bygroups(Name.Function, Punctuation)),
            (r"[^\W\d][\w]*(?:[./-][\w]+)*", Name),
            (r"\w+", Text),
            (r"[,;()\[\]{}.]", Punctuation),
            (r".", Text),
        ],
        "text": [
            (r'"', String.Double, "#pop"),
            (r"(?=[\r\n])", Text, "#pop"),
            (r"\\.", String.Escape),
            (r"\{\{|\}\}", String.Escape),
            (r"\{", String.Interpol, "hole"),
            (r'[^"\\{}\r\n]+', String.Double),
            (r"[}\\]", String.Double),
        ],
        "hole": [
            (r"\}", String.Interpol, "#pop"),
            (r"(?=[\r\n])", Text, "#pop"),
            (r'(:)([^}"\r\n]*)(?=\})', bygroups(Punctuation, String.Interpol)),
            (r"[ \t]+", Text.Whitespace),
            include("values"),
        ],
    }
