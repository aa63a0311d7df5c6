"""The magics, in a real Python notebook, with the real program."""

import os
import signal
import subprocess
import sys
import time

import pytest
from conftest import ROOT

MODEL = "load demo\ndata 'std/ioi.csv' limit=4".replace("'", '"')


def magic(text, options=""):
    return f"%%circuit {options}\n{text}"


@pytest.fixture(scope="module", autouse=True)
def model(python_kernel):
    assert python_kernel.run(magic(MODEL)).error is None


def test_a_cell_shows_what_the_kernel_shows(notebook):
    shown = notebook.run(magic('predict "The war lasted from the year 1741 to the year 17" top=3'))
    assert shown.error is None
    assert "<table" in shown.html and "52" in shown.html
    assert "probability" in shown.text
    assert not shown.stdout


def test_gives_the_last_result_in_full(notebook):
    shown = notebook.run(magic("baseline\nevaluate", "-o found"))
    assert shown.error is None
    found = notebook.value("found")
    assert found["statement"] == "evaluate"
    assert abs(found["faithfulness"] - 1) < 1e-6
    assert len(found["values"]) == 4
    assert len(repr(found["metric"])) > 12, "rounded"


def test_gives_all_results(notebook):
    notebook.run(magic("baseline\nevaluate", "--all both -q"))
    assert notebook.value("[result['statement'] for result in both]") == ["baseline", "evaluate"]


def test_quiet_shows_nothing(notebook):
    shown = notebook.run(magic("baseline", "-q"))
    assert shown.error is None and not shown.displays and not shown.stdout


def test_tables_are_frames(notebook):
    notebook.run(magic("let rows = [(n=1, t=\"x\"), (n=2, t=none)]\nprint rows", "-o frame"))
    assert notebook.value("(type(frame).__name__, frame.columns.tolist(), frame.n.tolist())") == ("DataFrame", ["n", "t"], [1, 2])
    notebook.run("%circuit -q -o top predict \"The war\" top=2")
    assert notebook.value("(type(top['top']).__name__, top['top'].shape)") == ("DataFrame", (2, 3))


def test_a_value_alone_is_that_value(notebook):
    notebook.run("%circuit -o third 1 / 3")
    assert notebook.value("third") == 1 / 3


def test_values_go_there_and_back(notebook):
    given = [
        0.1 + 0.2,
        -7,
        "a \"quoted\" {brace} \\ back\n\tü 😀",
        True,
        None,
        [1, 2.5, "x", [None, False]],
        {"a": 1, "b": {"c": [1, 2]}},
    ]
    notebook.run(f"given = {given!r}\none = 30")
    assert notebook.run(magic("let back = given\nlet twice = one * 2", "-i given,one -g back -g twice")).error is None
    assert notebook.value("back") == given
    assert notebook.value("twice") == 60


def test_frames_go_there_and_back(notebook):
    notebook.run('import pandas as pd\ndf = pd.DataFrame({"odd name": [0.1, None, 1e-12], "text": ["007", "a\\r\\nb", "{x}"], "yes": [True, False, True]})')
    assert notebook.run(magic("let rows = df", "-i df -g rows")).error is None
    assert notebook.value("rows['odd name'].fillna(-1).tolist()") == [0.1, -1, 1e-12]
    assert notebook.value("(rows.text.tolist(), rows.yes.tolist())") == (["007", "a\r\nb", "{x}"], [True, False, True])


def test_a_small_frame_is_in_the_saved_script_and_a_large_one_goes_through_a_file(notebook):
    notebook.run('small = pd.DataFrame({"size": [10, 20], "kind": ["a", None]})\nlarge = pd.DataFrame({"n": range(30000)})')
    assert notebook.run(magic("%save! saved.circuit\nlet sum = large[29999].n", "-i small,large -g sum,small")).error is None
    assert notebook.value("sum") == 29999
    script = notebook.value("open('saved.circuit').read()")
    assert 'let small = [(size=10, kind="a"), (size=20, kind=none)]' in script


def test_what_cannot_be_passed_is_named(notebook):
    notebook.run('bad = pd.DataFrame({"x": [1.0, float("inf")]})')
    error = notebook.run("%circuit -i bad baseline").error
    assert "bad, column 'x', row 1: CircuitScript has no number inf" in error and "Traceback" not in error


def test_braces_of_a_line_are_the_scripts(notebook):
    shown = notebook.run('x = 1\n%circuit print "{1 + 1} {{x}} $x"')
    assert shown.error is None and shown.stdout.strip() == "2 {x} $x"


def test_a_mistake_is_underlined_and_is_no_traceback(notebook):
    shown = notebook.run(magic("baseline\nlet r = evaluate\nprint r.faithfullness"))
    assert "^^^" in shown.error and "faithfulness" in shown.error and ":3:" in shown.error
    assert "Traceback" not in shown.error and ".py" not in shown.error
    assert shown.displays == [], "the whole cell is checked before it runs"
    assert notebook.run("%circuit evaluate").error is None, "the session goes on"


def test_a_mistake_names_the_cell_by_its_number_in_the_notebook(notebook):
    notebook.run("1")
    number = notebook.value("get_ipython().execution_count") + 1
    assert f"<cell {number}>:1:" in notebook.run("%circuit print nowhere").error


def test_a_mistake_in_a_text_of_python_names_no_cell(notebook):
    notebook.run("import circuitscript")
    assert "<script>:2:" in notebook.run("circuitscript.run('let a = 1\\nprint nowhere')").error


def test_a_variable_that_is_not_there_gets_one_message(notebook):
    notebook.run("%circuit let faithful = 1")
    error = notebook.run("%circuit -g faithfull baseline").error
    assert "-g faithfull: the script has no variable faithfull" in error and "did you mean faithful?" in error
    assert "-->" not in error
    assert "%vars" in notebook.run("%circuit -g zzzzzz baseline").error


def test_python_can_catch_a_mistake(notebook):
    notebook.run("import circuitscript\ntry:\n    circuitscript.run('print nothing')\nexcept circuitscript.CircuitError as e:\n    caught = (e.code, str(e))")
    code, text = notebook.value("caught")
    assert code and "nothing" in text and "\x1b" not in text


def test_a_failed_cell_leaves_pythons_variables(notebook):
    notebook.run("kept = 'before'")
    assert notebook.run("%circuit -o kept print nothing").error
    assert notebook.value("kept") == "before"


def test_an_interrupt_stops_the_run_and_not_the_session(notebook):
    notebook.run("%circuit let before = 42")
    began = []

    def stop(kind, content):
        if not began and "display_id" in (content.get("transient") or {}):
            began.append(time.monotonic())
            notebook.manager.interrupt_kernel()

    shown = notebook.run(magic('data "std/ioi.csv"\nattribute method=exact'), during=stop)
    ended = time.monotonic()
    assert began, "no progress was shown"
    assert ended - began[0] < 2
    assert shown.error and "Traceback" not in shown.error
    assert notebook.run("%circuit -o after before").error is None
    assert notebook.value("after") == 42
    assert notebook.run(magic(MODEL)).error is None


def test_progress_is_one_display(notebook):
    shown = notebook.run(magic('data "std/ioi.csv" limit=30\nattribute method=exact', "-q"))
    assert shown.error is None and len(shown.progress) >= 2
    assert notebook.run(magic(MODEL)).error is None


@pytest.mark.parametrize(
    "line, message",
    [
        ("%circuit -z", "there is no option -z"),
        ("%circuit -o", "-o needs a value"),
        ("%circuit -o a,b evaluate", "-o takes one name"),
        ("%circuit -o 1 evaluate", "takes the name of a variable of Python"),
        ("%circuit -i nowhere evaluate", "Python has no variable nowhere"),
        ("nothing = object()\n%circuit -i nothing evaluate", "no value for a object"),
        ("%%circuit evaluate\nbaseline", "a script begins below it"),
        ("%circuit -o r let x = 1", "no result"),
    ],
)
def test_misuse_gets_one_message(notebook, line, message):
    error = notebook.run(line).error
    assert message in error and "Traceback" not in error


def test_a_process_that_is_killed_is_told_of(notebook):
    process = notebook.value("circuitscript.session.of_process()._manager.provisioner.pid")
    killed = []

    def kill(kind, content):
        if not killed and "display_id" in (content.get("transient") or {}):
            killed.append(process)
            os.kill(process, signal.SIGKILL)

    shown = notebook.run(magic('data "std/ioi.csv"\nattribute method=exact'), during=kill)
    assert killed and "process has ended" in shown.error and "Traceback" not in shown.error
    assert notebook.run("%circuit let gone = 1").error is None, "the next cell starts another"


def test_reset_forgets(notebook):
    notebook.run("%circuit let gone = 1")
    assert "gone" in notebook.run("%circuit --reset print gone").error


@pytest.mark.parametrize("path, message", [("/nowhere/circuit", "/nowhere/circuit, and there is no such program"), (sys.executable, "ended before it could run anything")])
def test_a_path_that_leads_to_no_program_is_forgotten(notebook, path, message):
    notebook.run("%circuit let stays = 5")
    error = notebook.run(f"%circuit --path {path} baseline").error
    assert message in error and "Traceback" not in error
    assert notebook.run("%circuit -o stayed stays").error is None
    assert notebook.value("stayed") == 5


def test_another_program_ends_the_session(notebook, circuit):
    process = notebook.value("circuitscript.session.of_process()._manager.provisioner.pid")
    assert notebook.run(f"%circuit --path {circuit}").error is None
    assert not alive(process)
    assert notebook.value("circuitscript.session.of_process().running")


SCRIPT = """
import circuitscript
results = circuitscript.run("load demo\\npredict text top=2", text="The war lasted from the year 1741 to the year 17")
print([r["statement"] for r in results], type(results[1]["top"]).__name__)
from IPython.core.interactiveshell import InteractiveShell
shell = InteractiveShell.instance()
shell.run_line_magic("load_ext", "circuitscript")
shell.run_cell('%circuit tokens "The war"')
shell.run_cell("%circuit evaluat")
"""


def test_a_script_and_a_terminal_run_circuits(circuit, tmp_path):
    done = subprocess.run([sys.executable, "-c", SCRIPT], cwd=tmp_path, env={**os.environ, "PYTHONPATH": str(ROOT / "notebook/python")}, capture_output=True, text=True, timeout=120)
    lines = done.stdout.splitlines()
    assert lines[0] == "['load', 'predict'] DataFrame", done.stderr
    assert "<|endoftext|>" in done.stdout and "evaluate" in done.stdout
    assert "Traceback" not in done.stdout + done.stderr


def test_a_fork_leaves_the_session_to_its_parent(circuit):
    """As multiprocessing does it on Linux."""
    script = """if True:
        import os, circuitscript
        session = circuitscript.Session()
        session.set(n=20)
        child = os.fork()
        if child == 0:
            session.close()
            os._exit(0)
        assert os.waitpid(child, 0)[1] == 0
        assert session.get("n") == 20
        import pandas
        session.set(table=pandas.DataFrame({"a": range(30_000)}))
        assert session.get("table[29999].a") == 29_999
    """
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "notebook" / "python")}
    done = subprocess.run([sys.executable, "-c", script], env=environment, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr


def test_no_process_is_left_behind(circuit, tmp_path):
    """Not even by a Python that is killed."""
    script = 'import circuitscript, time\ns = circuitscript.Session()\ns.set(n=20)\nassert s.run("n * 2") == [40] and s.get("n") == 20\nprint(s._manager.provisioner.pid, flush=True)\ntime.sleep(60)'
    python = subprocess.Popen([sys.executable, "-c", script], cwd=tmp_path, env={**os.environ, "PYTHONPATH": str(ROOT / "notebook/python")}, stdout=subprocess.PIPE, text=True)
    process = int(python.stdout.readline())
    os.kill(process, 0)
    python.kill()
    python.wait()
    end = time.monotonic() + 15
    while alive(process):
        assert time.monotonic() < end, "the program goes on without its Python"
        time.sleep(0.2)


def alive(process):
    try:
        with open(f"/proc/{process}/stat") as stat:
            return stat.read().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False
