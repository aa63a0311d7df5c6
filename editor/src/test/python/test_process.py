"""The server as a process: how it starts, ends, and takes what is no message. Plain bytes, since a client of the protocol sends none of this."""

import json
import os
import subprocess
import sys
import threading
import time

import pytest
from conftest import COMMAND


class Server:
    def __init__(self, *options):
        self.process = subprocess.Popen(
            [*COMMAND, *options], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )
        self.errors = b""
        self.reader = threading.Thread(target=self._read_errors, daemon=True)
        self.reader.start()
        self.last = 0

    def _read_errors(self):
        self.errors = self.process.stderr.read()

    def write(self, data):
        self.process.stdin.write(data)
        self.process.stdin.flush()

    def send(self, message):
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        self.write(b"Content-Length: %d\r\n\r\n" % len(body) + body)

    def read(self):
        length = None
        while (line := self.process.stdout.readline()) != b"\r\n":
            assert line, "the server has ended"
            assert line.startswith(b"Content-"), f"not a message: {line}"
            if line.startswith(b"Content-Length"):
                length = int(line.split(b":")[1])
        return json.loads(self.process.stdout.read(length))

    def ask(self, method, params):
        self.last += 1
        self.send({"id": self.last, "method": method, "params": params})
        while (message := self.read()).get("id") != self.last:
            pass
        return message

    def until(self, method):
        while (message := self.read()).get("method") != method:
            pass
        return message["params"]

    def initialize(self, **more):
        answer = self.ask("initialize", {"processId": None, "rootUri": None, "capabilities": {}, **more})
        self.send({"method": "initialized", "params": {}})
        return answer["result"]

    def end(self, timeout=20):
        code = self.process.wait(timeout)
        self.reader.join(timeout)
        assert b"\tat " not in self.errors, self.errors.decode()
        return code


def test_shutdown_then_exit():
    server = Server("--stdio")
    result = server.initialize(
        capabilities={"general": {"positionEncodings": ["utf-8", "utf-16"]}}, processId=os.getpid()
    )
    assert result["capabilities"]["positionEncoding"] == "utf-8"
    assert result["serverInfo"]["name"] == "circuitscript"
    text = 'print "€😀", missing\n'
    server.send(
        {
            "method": "textDocument/didOpen",
            "params": {"textDocument": {"uri": "untitled:x", "languageId": "circuitscript", "version": 1, "text": text}},
        }
    )
    (found,) = server.until("textDocument/publishDiagnostics")["diagnostics"]
    start = len('print "€😀", '.encode())
    assert found["range"]["start"] == {"line": 0, "character": start}
    assert server.ask("shutdown", None)["result"] is None
    after = server.ask("textDocument/hover", {"textDocument": {"uri": "untitled:x"}, "position": {"line": 0, "character": 0}})
    assert after["error"]["code"] == -32600
    server.send({"method": "exit"})
    assert server.end() == 0


def test_what_is_no_message():
    server = Server()
    server.write(b"Content-Length: 5\r\n\r\n{]{]{")
    server.write(b"Content-Length: 2\r\n\r\n[]")
    server.write(b"Content-Length: 4\r\n\r\nnull")
    server.initialize()
    assert "error" in server.ask("no/such/request", {})
    assert "error" in server.ask("textDocument/hover", {"textDocument": 5})
    assert server.ask("textDocument/hover", {"textDocument": {"uri": "a b:\\"}, "position": {"line": 0, "character": 0}})["result"] is None
    server.send({"method": "textDocument/didChange", "params": {"textDocument": {"uri": "untitled:no", "version": 1}, "contentChanges": []}})
    server.send({"method": "textDocument/didClose", "params": {"textDocument": {"uri": "untitled:no"}}})
    server.send({"id": "7" * 1000, "method": "shutdown"})
    server.send({"method": "no/such/notification", "params": [1, 2]})
    text = "let x = 1\nprint y\n"
    server.send({"method": "textDocument/didOpen", "params": {"textDocument": {"uri": "file:///no/such/folder/x.circuit", "languageId": "c", "version": 1, "text": text}}})
    server.send({"method": "exit"})
    assert server.end() == 0


@pytest.mark.parametrize(
    "data",
    [b"", b"hello\n\n\n" * 100, b"Content-Length: 99999999999\r\n\r\n{}", b"Content-Length: 2147483647\r\n\r\n{}", b"Content-Length: -5\r\n\r\n{}"],
)
def test_the_connection_ends(data):
    server = Server()
    server.write(data)
    server.process.stdin.close()
    assert server.end() == 1


def test_the_editor_is_killed():
    editor = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
    server = Server()
    server.initialize(processId=editor.pid)
    editor.kill()
    editor.wait()
    start = time.monotonic()
    assert server.end() == 1
    assert time.monotonic() - start < 5


def test_exit_without_shutdown():
    server = Server()
    server.initialize()
    server.send({"method": "exit"})
    assert server.end() == 1


def test_the_order_of_the_conversation():
    server = Server()
    early = server.ask("textDocument/hover", {"textDocument": {"uri": "untitled:x"}, "position": {"line": 0, "character": 0}})
    assert early["error"]["code"] == -32002
    server.initialize()
    assert server.ask("initialize", {"capabilities": {}})["error"]["code"] == -32600
    assert server.ask("shutdown", None)["result"] is None
    assert server.ask("workspace/symbol", {"query": ""})["error"]["code"] == -32600
    server.send({"method": "exit"})
    assert server.end() == 0
