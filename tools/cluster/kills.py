"""Kills executors, and the driver, of a run on a cluster at random moments, and compares what comes of it with a run alone, byte for byte.

    python3 tools/cluster/kills.py [--cluster local-cluster[2,1,2048]] [--executors 10] [--drivers 5] [--seed 1] [--circuit ./circuit]

The script is one of this program's own, with every kind of analysis. An executor that is killed costs its tasks another run. After the driver
was killed, `--resume` goes on. Needs Linux (/proc) and nothing besides Python.
"""

import argparse
import filecmp
import os
import random
import re
import shlex
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

SCRIPT = """
set threads=1 memory=64MB
load demo
data "pairs.csv"
baseline
attribute ig=20
greedy 40
prune
evaluate
sweep sizes=[5, 10, 20, 40, 80, 160]
attribute method=exact
top 40
evaluate with=mean
render "exact.dot"
save "exact.json"
random-circuits count=30
attribute method=acdc threshold=0.01
evaluate
save "acdc.json"
attribute method=edge-pruning steps=20
top 30
evaluate with=zero
save "pruned.json"
"""


def children(parent):
    """All processes below one, by number."""
    below = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            text = stat.read_text()
        except OSError:
            continue
        below.setdefault(int(text[text.rindex(")") + 2 :].split()[1]), []).append(int(stat.parent.name))
    found, waiting = [], [parent]
    while waiting:
        for child in below.get(waiting.pop(), []):
            found.append(child)
            waiting.append(child)
    return found


def command_line(process):
    try:
        return Path(f"/proc/{process}/cmdline").read_bytes().decode(errors="replace").split("\0")
    except OSError:
        return []


def executors(run, everywhere):
    """The executors of a run: its own children, or on a standalone cluster all that are there."""
    candidates = [int(p.name) for p in Path("/proc").glob("[0-9]*")] if everywhere else children(run.pid)
    return [p for p in candidates if any("CoarseGrainedExecutorBackend" in word for word in command_line(p))]


def driver(run):
    """The Java process behind the launcher."""
    for process in [run.pid, *children(run.pid)]:
        words = command_line(process)
        if words and words[0].endswith("java") and "io.circuitscript.cli.Main" in words:
            return process
    return None


def same(alone, there, folder):
    if (folder / "alone.json").read_bytes() != there.read_bytes():
        return f"{there.name} differs"
    out = there.with_suffix("")
    names = sorted(p.name for p in alone.iterdir() if p.is_file())
    for name in names:
        if not filecmp.cmp(alone / name, out / name, shallow=False):
            return f"{name} differs"
    return None


class Runs:
    def __init__(self, arguments, folder):
        self.arguments = arguments
        self.folder = folder
        self.everywhere = arguments.cluster.startswith("spark://")

    def start(self, name, *more):
        command = [*shlex.split(self.arguments.circuit), "run", "kills.circuit", "--json", "--out", name, *more]
        out = open(self.folder / f"{name}.json", "wb")
        err = open(self.folder / f"{name}.err", "ab")
        return subprocess.Popen(command, cwd=self.folder, stdout=out, stderr=err, stdin=subprocess.DEVNULL, start_new_session=True)

    def there(self, name, *more):
        return self.start(name, "--cluster", self.arguments.cluster, *more)

    def check(self, name, run):
        code = run.wait(timeout=900)
        if code != 0:
            return f"exit code {code}: {(self.folder / f'{name}.err').read_text()[-600:]}"
        return same(self.folder / "alone", self.folder / f"{name}.json", self.folder)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--cluster", default="local-cluster[2,1,2048]")
    parser.add_argument("--executors", type=int, default=10, help="how many runs lose an executor")
    parser.add_argument("--drivers", type=int, default=5, help="how many runs lose the driver")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--circuit", default=str(Path(__file__).resolve().parents[2] / "circuit"), help="the command")
    parser.add_argument("--keep", action="store_true", help="leave the folder of the runs")
    arguments = parser.parse_args()
    chance = random.Random(arguments.seed)
    folder = Path(tempfile.mkdtemp(prefix="kills-"))
    examples = Path(__file__).resolve().parents[2] / "examples"
    rows = (examples / "greater-than.csv").read_text().splitlines(keepends=True)[:61]
    (folder / "pairs.csv").write_text("".join(rows))
    (folder / "kills.circuit").write_text(SCRIPT)
    runs = Runs(arguments, folder)
    wrong = 0

    def tell(what, fault):
        nonlocal wrong
        wrong += fault is not None
        print(f"{what}: {'the same bytes' if fault is None else fault}", flush=True)

    begin = time.monotonic()
    alone = runs.start("alone")
    if alone.wait() != 0:
        sys.exit((folder / "alone.err").read_text())
    print(f"alone: {time.monotonic() - begin:.1f} s", flush=True)
    begin = time.monotonic()
    tell("undisturbed", runs.check("whole", runs.there("whole")))
    whole = time.monotonic() - begin
    print(f"on {arguments.cluster}: {whole:.1f} s", flush=True)

    for i in range(arguments.executors):
        name = f"executor{i}"
        run = runs.there(name)
        moment = chance.uniform(0.2, 0.9) * whole
        time.sleep(moment)
        there = executors(run, runs.everywhere)
        victim = chance.choice(sorted(there)) if there else None
        if victim:
            os.kill(victim, signal.SIGKILL)
        what = f"executor killed after {moment:.1f} s" if victim else f"no executor was there after {moment:.1f} s"
        tell(f"{i + 1}. {what}", runs.check(name, run))

    for i in range(arguments.drivers):
        name = f"driver{i}"
        run = runs.there(name)
        moment = chance.uniform(0.25, 0.9) * whole
        time.sleep(moment)
        process = driver(run)
        if process:
            os.kill(process, signal.SIGKILL)
        run.wait()
        again = runs.there(name, "--resume")
        fault = runs.check(name, again)
        said = re.findall(r"^.*(?:resum|continu|goes on|earlier run).*$", (folder / f"{name}.err").read_text(), re.MULTILINE | re.IGNORECASE)
        tell(f"{i + 1}. driver killed after {moment:.1f} s, then --resume ({said[-1].strip() if said else 'no note'})", fault)

    if arguments.keep:
        print(folder)
    else:
        shutil.rmtree(folder)
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
