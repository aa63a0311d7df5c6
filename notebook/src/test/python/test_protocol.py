"""The kernel against jupyter_kernel_test: what Jupyter's clients expect of any kernel. CIRCUIT names the program, as a command."""

import os
import subprocess
import tempfile

import jupyter_kernel_test


class CircuitKernelTests(jupyter_kernel_test.KernelTests):
    kernel_name = "circuitscript"
    language_name = "circuitscript"
    file_extension = ".circuit"

    code_hello_world = 'print "hello, world"'
    code_stderr = '!echo careful >&2'

    completion_samples = [
        {"text": "edg", "matches": {"edges"}},
        {"text": "attribute method=ea", "matches": {"eap-ig", "eap", "eap-ig-activations"}},
        {"text": "%sta", "matches": {"%state"}},
        {"text": "let x = 1\ngreedy 4 ab", "matches": {"abs="}},
        {"text": 'print "\N{BRAIN}"; edg', "matches": {"edges"}},
    ]

    complete_code_samples = ["load demo", "let x = 3", "for i in 1..3 { print i }", "%state", "!ls", "greedy?", ""]
    incomplete_code_samples = ["for i in 1..3 {", "1 +", "%time\nif true {"]
    invalid_code_samples = ["let = 3", "print )"]

    code_page_something = "greedy?"
    code_generate_error = "let x = missing"

    code_execute_result = [
        {"code": "1 + 2", "result": "3"},
        {"code": "let four = 4\nfour", "result": "4"},
        {"code": '"a" + "b"', "result": "ab"},
        {"code": "[1, 2]", "mime": "text/html"},
    ]
    code_display_data = [
        {"code": "load demo\nprint 1", "mime": "text/html"},
        {"code": 'let rows = for i in 1..3 { (x=i, y=i * i) }\nplot rows "squares.svg" x=x y=y\nprint 1', "mime": "image/svg+xml"},
    ]

    code_history_pattern = "1 +*"
    supported_history_operations = ("tail", "range", "search")

    code_inspect_sample = "greedy"

    # Nothing of the language clears a cell: code_clear_output stays empty.

    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.before = os.getcwd()
        os.chdir(cls.folder.name)
        subprocess.run([os.environ["CIRCUIT"], "jupyter", "install", "--prefix", "."], check=True)
        os.environ["JUPYTER_PATH"] = os.path.join(cls.folder.name, "share", "jupyter")
        super().setUpClass()

    @classmethod
    def tearDownClass(cls):
        super().tearDownClass()
        os.chdir(cls.before)
        cls.folder.cleanup()
