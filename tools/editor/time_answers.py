"""Measures how long the language server takes to answer, on a script of 1,000 lines made of the examples.

    python3 tools/editor/time_answers.py [--lines 1000] [--rounds 40] [-- COMMAND …]

COMMAND starts the server; by default it is `./circuit lsp`. Each round types a character, so that nothing is answered from before, and asks for everything
an editor asks for. The table has milliseconds from the request to its answer. `diagnostics` is from the change to what is wrong with it, the 150 ms for which
the server waits included. The first rounds, in which Java is still compiling, are counted apart.
"""

import argparse
import json
import pathlib
import random
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
SKIPPED = ("gpt2", "real-models", "leaderboard", "one.circuit")


class Server:
    def __init__(self, command):
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.last = 0
        self.checked = 0  # the version of the last diagnostics
        self.when = 0

    def send(self, message):
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        self.process.stdin.write(b"Content-Length: %d\r\n\r\n" % len(body) + body)
        self.process.stdin.flush()

    def read(self):
        length = 0
        while (line := self.process.stdout.readline()) != b"\r\n":
            if not line:
                raise EOFError("the server has ended")
            name, value = line.split(b":")
            if name.lower() == b"content-length":
                length = int(value)
        message = json.loads(self.process.stdout.read(length))
        if message.get("method") == "textDocument/publishDiagnostics":
            self.checked = message["params"].get("version", 0)
            self.when = time.perf_counter()
        return message

    def ask(self, method, params):
        self.last += 1
        self.send({"id": self.last, "method": method, "params": params})
        while True:
            message = self.read()
            if message.get("id") == self.last and "method" not in message:
                if "error" in message and method != "textDocument/rename":
                    raise RuntimeError(f"{method}: {message['error']}")
                return message.get("result")

    def note(self, method, params):
        self.send({"method": method, "params": params})


def script(lines):
    text = ""
    scripts = [f for f in sorted((ROOT / "examples").glob("*.circuit")) if not f.name.startswith(SKIPPED)]
    while text.count("\n") < lines:
        for file in scripts:
            text += file.read_text() + "\n"
    return "".join(text.splitlines(True)[:lines])


def quantile(numbers, share):
    return sorted(numbers)[min(len(numbers) - 1, int(share * len(numbers)))]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--lines", type=int, default=1000)
    parser.add_argument("--rounds", type=int, default=40)
    parser.add_argument("--warm", type=int, default=10, help="how many rounds are counted apart")
    parser.add_argument("command", nargs="*", default=[str(ROOT / "circuit"), "lsp"])
    options = parser.parse_args()
    server = Server(options.command)
    server.ask("initialize", {"processId": None, "capabilities": {}, "rootUri": None})
    server.note("initialized", {})
    uri = (ROOT / "examples" / "long.circuit").as_uri()
    text = script(options.lines)
    server.note("textDocument/didOpen", {"textDocument": {"uri": uri, "languageId": "circuitscript", "version": 1, "text": text}})
    lines = text.split("\n")
    chance = random.Random(1)
    times = {}

    def timed(name, method, params, number):
        start = time.perf_counter()
        result = server.ask(method, params)
        kind = "first" if number < options.warm else "later"
        times.setdefault(name, {"first": [], "later": []})[kind].append(1000 * (time.perf_counter() - start))
        return result

    version = 1
    for number in range(options.rounds):
        # At the end of the text and in its middle, in turn.
        line = len(lines) - 1 if number % 2 else chance.randrange(len(lines) // 2, len(lines) - 1)
        while number % 2 == 0 and lines[line].strip():
            line = (line + 1) % len(lines)
        place = {"line": line, "character": 0}
        typed = chance.choice(["ablate m0->", "print ", "evaluate on=", "sw"])
        version += 1
        server.note(
            "textDocument/didChange",
            {
                "textDocument": {"uri": uri, "version": version},
                "contentChanges": [{"range": {"start": place, "end": place}, "text": typed}],
            },
        )
        end = {"textDocument": {"uri": uri}, "position": {"line": line, "character": len(typed)}}
        whole = {"textDocument": {"uri": uri}}
        filled = [i for i, text in enumerate(lines) if len(text) > 4 and not text.startswith("#")]
        other = chance.choice(filled)
        word = {"textDocument": {"uri": uri}, "position": {"line": other, "character": 2}}
        range_ = {"start": place, "end": {"line": line, "character": len(typed)}}
        timed("completion", "textDocument/completion", end, number)
        timed("signature help", "textDocument/signatureHelp", end, number)
        timed("semantic tokens", "textDocument/semanticTokens/full", whole, number)
        timed("outline", "textDocument/documentSymbol", whole, number)
        timed("folding", "textDocument/foldingRange", whole, number)
        timed("code lenses", "textDocument/codeLens", whole, number)
        timed("quick fixes", "textDocument/codeAction", {**whole, "range": range_, "context": {"diagnostics": []}}, number)
        timed("hover", "textDocument/hover", word, number)
        timed("definition", "textDocument/definition", word, number)
        timed("references", "textDocument/references", {**word, "context": {"includeDeclaration": True}}, number)
        timed("highlights", "textDocument/documentHighlight", word, number)
        version += 1
        start = time.perf_counter()
        server.note(
            "textDocument/didChange",
            {"textDocument": {"uri": uri, "version": version}, "contentChanges": [{"range": range_, "text": ""}]},
        )
        timed("formatting", "textDocument/formatting", {**whole, "options": {"tabSize": 2, "insertSpaces": True}}, number)
        timed("rename", "textDocument/rename", {**word, "newName": "another-name"}, number)
        while server.checked != version:
            server.read()
        kind = "first" if number < options.warm else "later"
        times.setdefault("diagnostics", {"first": [], "later": []})[kind].append(1000 * (server.when - start))
    server.ask("shutdown", None)
    server.note("exit", None)
    server.process.wait(10)
    print(f"{options.lines} lines; milliseconds after the first {options.warm} of {options.rounds} rounds")
    print(f"{'request':18}{'p50':>8}{'p95':>8}{'largest':>9}{'largest of the first':>22}")
    for name, both in times.items():
        later, first = both["later"], both["first"]
        print(f"{name:18}{quantile(later, 0.5):8.0f}{quantile(later, 0.95):8.0f}{max(later):9.0f}{max(first):22.0f}")


if __name__ == "__main__":
    sys.exit(main())
