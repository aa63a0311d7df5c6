"""Runs a notebook of CircuitScript in JupyterLab, in a browser without a window, and takes pictures to be looked at.

    python jupyterlab.py --browser /usr/bin/chromium [--circuit ../../circuit] [--theme light|dark|both] FOLDER

Needs jupyterlab 4 and playwright (the Python package; the browser is one that is there). In FOLDER, for each theme: the whole notebook,
a table, a picture, a chart, progress while it runs, a mistake, the report, the completer, the inspector, and a Python notebook with the
magic. Fails where one of them does not come.
"""

import argparse
import contextlib
import json
import os
import re
import secrets
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
from playwright.sync_api import expect, sync_playwright

ROOT = Path(__file__).resolve().parents[2]
DONE = re.compile(r"\[\d+\]:")  # the prompt of a cell that has run
SLOW = 'data "std/ioi.csv"\nattribute method=exact'

CELLS = {
    "table": 'load demo\npredict "The war lasted from the year 1741 to the year 17" top=5',
    "data": 'data "std/greater-than.csv" limit=60\nbaseline\nablate m3->logits',
    "circuit": "attribute ig=5\ngreedy 40\nprune\nevaluate",
    "picture": 'render "circuit.svg"',
    "sweep": "sweep",
    "chart": 'plot "curve.svg"',
    "print": 'let rows = [(size=10, faithfulness=0.757, kind="greedy"), (size=40, faithfulness=0.98395, kind="top")]\nrows\nprint "text {1 + 1}", [1, 2, 3]',
    "help": "help greedy",
    "state": "%state",
    "mistake": "# a field that does not exist\nlet r = evaluate\nprint r.faithfullness",
    "report": 'report "run.html"',
}

PYTHON = {
    "magic": '%%circuit -o found\nload demo\ndata "std/greater-than.csv" limit=60\nattribute ig=5\ngreedy 40\nevaluate',
    "python": 'found["faithfulness"], found["edges"]',
    "frame": '%circuit -o next predict "The war lasted from the year 1741 to the year 17" top=3',
    "pandas": 'next["top"]',
    "mistake": "%circuit evaluat",
}


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextlib.contextmanager
def jupyterlab(folder, circuit, theme):
    """A server of a folder, with settings of its own. Gives its address and token."""
    settings = folder / "settings" / "@jupyterlab"
    (settings / "apputils-extension").mkdir(parents=True)
    (settings / "apputils-extension" / "themes.jupyterlab-settings").write_text(json.dumps({"theme": "JupyterLab " + theme.capitalize()}))
    (settings / "apputils-extension" / "notification.jupyterlab-settings").write_text(json.dumps({"fetchNews": "false", "checkForUpdates": False}))
    subprocess.run([circuit, "jupyter", "install", "--prefix", folder / "prefix"], check=True)
    work = folder / "work"
    work.mkdir()
    environment = {
        **os.environ,
        "JUPYTER_PATH": str(folder / "prefix" / "share" / "jupyter"),
        "JUPYTERLAB_SETTINGS_DIR": str(folder / "settings"),
        "JUPYTERLAB_WORKSPACES_DIR": str(folder / "workspaces"),
        "JUPYTER_CONFIG_DIR": str(folder / "config"),
        "JUPYTER_RUNTIME_DIR": str(folder / "runtime"),
        "PYTHONPATH": str(ROOT / "notebook" / "python"),
        "CIRCUIT": str(circuit),
    }
    token, port = secrets.token_hex(), free_port()
    command = [sys.executable, "-m", "jupyter", "lab", "--no-browser", "--allow-root", "--expose-app-in-browser", f"--port={port}", f"--IdentityProvider.token={token}", f"--notebook-dir={work}"]
    with open(folder / "server.log", "wb") as log:
        server = subprocess.Popen(command, env=environment, stdout=log, stderr=log, cwd=work)
    try:
        address = f"http://127.0.0.1:{port}"
        for _ in range(300):
            try:
                urllib.request.urlopen(f"{address}/api?token={token}", timeout=2).close()
                break
            except OSError:
                time.sleep(0.2)
        yield address, token, work
    finally:
        server.terminate()
        server.wait()


def write(file, sources, kernel, language):
    notebook = new_notebook(metadata={"kernelspec": {"name": kernel, "display_name": language, "language": language.lower()}})
    notebook.cells = [new_markdown_cell(f"# {language} in JupyterLab"), *map(new_code_cell, sources)]
    nbformat.write(notebook, file)


# What the documentation shows.
SHOWN = [
    'load demo\ndata "std/greater-than.csv" limit=60',
    "attribute ig=5\nedges m* -> logits top=3",
    'greedy 40\nevaluate\nrender "circuit.svg"',
]


class Lab:
    def __init__(self, page, pictures, theme):
        self.page = page
        self.pictures = pictures
        self.theme = theme

    def command(self, name, **arguments):
        self.page.evaluate("([name, args]) => { window.jupyterapp.commands.execute(name, args) }", [name, arguments])

    def open(self, address, token, file):
        self.page.goto(f"{address}/lab/tree/{file}?token={token}&reset")
        self.page.wait_for_selector(".jp-NotebookPanel:not(.lm-mod-hidden) .jp-CodeCell", timeout=60_000)
        self.page.wait_for_function("() => window.jupyterapp.shell.currentWidget?.sessionContext?.session?.kernel?.status === 'idle'", timeout=60_000)

    def cell(self, number):
        return self.page.locator(".jp-NotebookPanel:not(.lm-mod-hidden) .jp-Notebook .jp-Cell").nth(number)

    def run(self, number, waits=True):
        cell = self.cell(number)
        cell.locator(".jp-InputArea-editor").click()
        self.command("notebook:run-cell")
        if waits:
            expect(cell.locator(".jp-InputArea-prompt")).to_have_text(DONE, timeout=90_000)

    def picture(self, name, element=None):
        file = self.pictures / f"{name}-{self.theme}.png"
        (element or self.page).screenshot(path=file)
        print(file)


def circuit_notebook(lab):
    names = list(CELLS)
    for number, name in enumerate(names, 1):
        lab.run(number)
        lab.page.wait_for_timeout(700 if name == "report" else 150)
        lab.picture(name, lab.cell(number))
    expect(lab.cell(1).locator("table")).to_be_visible()
    expect(lab.cell(1 + names.index("picture")).locator(".jp-OutputArea-output img, .jp-OutputArea-output svg").first).to_be_visible()
    expect(lab.cell(1 + names.index("mistake"))).to_contain_text("faithfulness")
    frame = lab.cell(1 + names.index("report")).frame_locator("iframe")
    expect(frame.locator("svg").first).to_be_visible()

    # Progress, while it runs; then the stop button.
    lab.command("notebook:insert-cell-below")
    last = len(names) + 1
    lab.cell(last).locator(".cm-content").click()
    lab.page.keyboard.insert_text(SLOW)
    lab.run(last, waits=False)
    progress = lab.cell(last).locator(".circuitscript-progress")
    expect(progress).to_be_visible(timeout=30_000)
    lab.page.wait_for_timeout(2_500)
    lab.picture("progress", lab.cell(last))
    stopped = time.monotonic()
    lab.command("kernelmenu:interrupt")
    expect(lab.cell(last).locator(".jp-InputArea-prompt")).to_have_text(DONE, timeout=10_000)
    print(f"the stop button took {time.monotonic() - stopped:.1f} s")
    lab.page.wait_for_timeout(300)
    lab.picture("stopped", lab.cell(last))

    # Completion and inspection.
    for name, text, key, popup in [
        ("completion", "ablate m2->", "Tab", ".jp-Completer:visible"),
        ("completion-option", "attribute meth", "Tab", None),
        ("inspection", "greedy", "Shift+Tab", ".jp-Tooltip"),
    ]:
        lab.command("notebook:insert-cell-below")
        last += 1
        lab.cell(last).locator(".cm-content").click()
        lab.page.keyboard.insert_text(text)
        lab.page.keyboard.press(key)
        if popup:
            expect(lab.page.locator(popup).first).to_be_visible(timeout=15_000)
        lab.page.wait_for_timeout(1_000)
        lab.picture(name)
        lab.page.keyboard.press("Escape")

    lab.command("notebook:move-cursor-up")
    lab.page.locator(".jp-WindowedPanel-outer").first.evaluate("it => it.scrollTo(0, 0)")
    lab.page.wait_for_timeout(500)
    lab.picture("notebook")


def python_notebook(lab):
    for number, name in enumerate(["load", *PYTHON], 1):
        lab.run(number)
    lab.page.wait_for_timeout(500)
    lab.page.locator(".jp-WindowedPanel-outer").first.evaluate("it => it.scrollTo(0, 0)")
    lab.page.wait_for_timeout(500)
    lab.picture("magic")
    expect(lab.cell(2).locator(".circuitscript-result").first).to_be_visible()
    expect(lab.cell(5).locator("table.dataframe")).to_be_visible()
    expect(lab.cell(6)).not_to_contain_text("Traceback")


def documentation_notebook(lab):
    for number in range(1, len(SHOWN) + 1):
        lab.run(number)
    lab.command("application:toggle-left-area")
    lab.page.wait_for_timeout(500)
    lab.page.locator(".jp-WindowedPanel-outer").first.evaluate("it => it.scrollTo(0, 0)")
    lab.page.locator(".jp-Notebook").first.click(position={"x": 5, "y": 5})
    lab.page.wait_for_timeout(500)
    lab.picture("documentation")


def main():
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("folder", type=Path)
    arguments.add_argument("--browser", required=True, help="the executable of a Chromium")
    arguments.add_argument("--circuit", type=Path, default=ROOT / "circuit")
    arguments.add_argument("--theme", choices=["light", "dark", "both"], default="both")
    arguments.add_argument("--only", choices=["circuit", "python", "documentation"], help="one of the three notebooks")
    given = arguments.parse_args()
    given.folder.mkdir(parents=True, exist_ok=True)
    for theme in ["light", "dark"] if given.theme == "both" else [given.theme]:
        with tempfile.TemporaryDirectory() as name, sync_playwright() as playwright:
            with jupyterlab(Path(name), given.circuit.absolute(), theme) as (address, token, work):
                write(work / "circuit.ipynb", CELLS.values(), "circuitscript", "CircuitScript")
                write(work / "greater-than.ipynb", SHOWN, "circuitscript", "CircuitScript")
                write(work / "python.ipynb", ["%load_ext circuitscript", *PYTHON.values()], "python3", "Python")
                browser = playwright.chromium.launch(executable_path=given.browser, args=["--no-sandbox"])
                page = browser.new_page(viewport={"width": 1280, "height": 960}, color_scheme=theme)
                page.on("pageerror", lambda error: print("page error:", error, file=sys.stderr))
                lab = Lab(page, given.folder, theme)
                if given.only in (None, "circuit"):
                    lab.open(address, token, "circuit.ipynb")
                    circuit_notebook(lab)
                if given.only in (None, "python"):
                    lab.open(address, token, "python.ipynb")
                    python_notebook(lab)
                if given.only in (None, "documentation"):
                    page.set_viewport_size({"width": 960, "height": 1640})
                    lab.open(address, token, "greater-than.ipynb")
                    documentation_notebook(lab)
                browser.close()


if __name__ == "__main__":
    main()
